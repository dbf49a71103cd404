import { expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import type { ReceiptId } from './domain/receipt.ts'
import { BATCH, PAUSE_MS } from './pruner.ts'
import { accepted } from './testing/kit.ts'
import { DAY_MS, DAYS, HOUR_MS, KEPT_DAYS, pruning } from './testing/pruning.ts'

/** So many receipts are delivered, in as few commits as may be. */
const sell = (reach: ReturnType<typeof pruning>['reach'], length: number) =>
  Promise.all(Array.from({ length }, () => reach('synced')))

test('what was delivered longer ago than the retention goes, the rest stays', async () => {
  const { pruner, clock, reach, kept, logged } = pruning()
  await reach('synced')
  await clock.advance(DAYS * DAY_MS)
  await pruner.runOnce()
  expect(kept()).toBe(1)
  expect(logged()).toEqual([])
  await clock.advance(1)
  await reach('synced')
  await pruner.runOnce()
  expect(kept()).toBe(1)
  expect(logged()).toMatchObject([{ event: 'pruned', receipts: 1, events: 5 }])
})

test('all that is due goes in batches, with a pause between in which others have the disk', async () => {
  const { pruner, journal, clock, reach, kept, logged } = pruning()
  const RECEIPTS = 450
  for (let i = 0; i < RECEIPTS; i++) await reach('synced')
  await clock.advance(DAYS * DAY_MS + 1)
  const run = pruner.runOnce()
  const seen: number[] = []
  const taken: ReceiptId[] = []
  while (logged().length === 0) {
    await settle()
    if (kept() !== seen.at(-1)) seen.push(kept())
    // No time passes until this receipt is journaled, and no other work runs meanwhile.
    taken.push((await accepted(journal)).id)
    expect(kept()).toBe(seen.at(-1) ?? 0)
    await clock.advance(PAUSE_MS)
  }
  await run
  expect(seen).toEqual([RECEIPTS - BATCH, RECEIPTS - 2 * BATCH, 0])
  expect(logged()).toMatchObject([{ receipts: RECEIPTS, events: RECEIPTS * 5 }])
  // One batch for each BATCH events, and a pause between each two.
  expect(taken).toHaveLength(Math.floor((RECEIPTS * 5) / BATCH))
  for (const id of taken) expect(journal.queries.find(id)?.status).toBe('accepted')
})

test('receipts whose events are gone go in as many batches as it takes', async () => {
  const { pruner, db, clock, reach, kept } = pruning()
  await sell(reach, 450)
  db.exec('DELETE FROM events')
  await clock.advance(DAYS * DAY_MS + 1)
  const run = pruner.runOnce()
  await clock.advance(2 * PAUSE_MS)
  await run
  expect(kept()).toBe(0)
})

test('events that a clock far ahead has dated keep no others, however many they are', async () => {
  const { pruner, journal, clock, reach, logged } = pruning()
  const AHEAD_MS = 400 * DAY_MS
  clock.setWallBy(AHEAD_MS)
  for (let i = 0; i < 450; i++) await journal.write((tx) => tx.recordEvent('odoo', null, 'online', null))
  clock.setWallBy(-AHEAD_MS)
  await reach('synced')
  await clock.advance(DAYS * DAY_MS + 1)
  const run = pruner.runOnce()
  for (let batch = 0; batch < 2; batch++) {
    await settle()
    expect(logged()).toEqual([])
    await clock.advance(PAUSE_MS)
  }
  await run
  expect(logged()).toMatchObject([{ event: 'pruned', receipts: 1, events: 5 }])
  const { items } = journal.events.list({ receiptId: null, kind: null }, null, 1000)
  expect(items).toHaveLength(450)
})

test('started, it looks at once and then every hour, until it is stopped', async () => {
  const { pruner, clock, reach, kept } = pruning()
  await reach('synced')
  await clock.advance(DAYS * DAY_MS + 1)
  pruner.start()
  await settle()
  expect(kept()).toBe(0)
  await reach('synced')
  await clock.advance(DAYS * DAY_MS)
  expect(kept()).toBe(1)
  await clock.advance(HOUR_MS - 1)
  expect(kept()).toBe(1)
  await clock.advance(1)
  expect(kept()).toBe(0)
  await pruner.stop()
  await reach('synced')
  await clock.advance(DAYS * DAY_MS + 2 * HOUR_MS)
  expect(kept()).toBe(1)
})

test.each([
  ['in the middle, it ends after the batch', async () => undefined],
  ['in a pause, it ends at once', settle],
])('stopped %s', async (_when, first) => {
  const { pruner, clock, reach, kept } = pruning()
  await sell(reach, 250)
  await clock.advance(DAYS * DAY_MS + 1)
  pruner.start()
  await first()
  await pruner.stop()
  expect(kept()).toBe(250 - BATCH)
})

test('a failing disk is told and ends nothing', async () => {
  const { pruner, db, clock, reach, kept, logged } = pruning()
  await reach('synced')
  await clock.advance(DAYS * DAY_MS + 1)
  db.exec('PRAGMA query_only = ON')
  pruner.start()
  await settle()
  expect(logged()).toMatchObject([{ event: 'prune_failed', error: 'StorageFailure', error_code: 'SQLITE_READONLY' }])
  db.exec('PRAGMA query_only = OFF')
  await clock.advance(HOUR_MS)
  expect(kept()).toBe(0)
  await pruner.stop()
})

test('the part of a receipt that refunds need goes after RECEIPTS_KEPT_DAYS, in batches', async () => {
  const { pruner, db, clock, reach } = pruning()
  const left = () => db.prepare('SELECT receipt_id FROM originals').all().length
  const prune = async () => {
    const run = pruner.runOnce()
    await clock.advance(20 * PAUSE_MS)
    await run
  }
  await sell(reach, 250)
  await clock.advance((DAYS + 1) * DAY_MS)
  await prune()
  expect(left()).toBe(250)
  await clock.advance((KEPT_DAYS - DAYS - 2) * DAY_MS)
  await prune()
  expect(left()).toBe(250)
  await clock.advance(2 * DAY_MS)
  await prune()
  expect(left()).toBe(0)
})
