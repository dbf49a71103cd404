import { describe, expect, test } from 'bun:test'
import type { ReceiptId } from '../domain/receipt.ts'
import { STATUSES } from '../domain/state.ts'
import { content, freshKey } from '../testing/kit.ts'
import { countRefused } from '../testing/totals.ts'
import { nextDoc, setUp } from '../testing/transitions.ts'
import { MAX_REFUSED } from './retention.ts'
import type { Tx } from './tx.ts'

test('of the receipts only those that have ended go, and only when they ended before the time given', async () => {
  const { journal, clock, reach } = setUp()
  for (const status of STATUSES) await reach(status)
  const beforeMs = clock.wallMs() + 1
  clock.setWallBy(1)
  const young = [await reach('synced'), await reach('refused'), await reach('closed')]
  expect(await journal.write((tx) => tx.prune(beforeMs, 100))).toMatchObject({ receipts: 3 })
  expect(young.map((id) => journal.queries.find(id)?.status)).toEqual(['synced', 'refused', 'closed'])
  expect(Object.values(journal.queries.counts())).toEqual(STATUSES.map(() => 1))
})

test.each<[string, (tx: Tx, id: ReceiptId) => void]>([
  ['it has been on paper', (tx, id) => tx.recordOnPaper(id)],
  ['the KKT could not print it any more', (tx, id) => tx.recordPaperLost(id, 'another FN is in it')],
])('what is delivered and not on paper stays, until %s for as long', async (_what, record) => {
  const { journal, clock, reach } = setUp()
  const id = await reach('printing')
  await journal.write((tx) => {
    tx.recordPrinted(id, nextDoc(), 'missing')
    tx.markSyncing(id)
    tx.recordSynced(id, 'OFD-000001')
  })
  const prune = () => journal.write((tx) => tx.prune(clock.wallMs(), 100))
  clock.setWallBy(1)
  expect(await prune()).toMatchObject({ receipts: 0 })
  await journal.write((tx) => record(tx, id))
  expect(await prune()).toMatchObject({ receipts: 0 })
  clock.setWallBy(1)
  expect(await prune()).toMatchObject({ receipts: 1 })
})

test.each(['synced', 'refused', 'closed'] as const)(
  'invariant 2: a key is known exactly as long as its receipt is kept (%s)',
  async (status) => {
    const { journal, clock, reach, bring } = setUp()
    const key = freshKey()
    const accept = () => journal.write((tx) => tx.accept({ key, content: content() }))
    const first = await accept()
    if (first.kind !== 'accepted') throw new Error(first.kind)
    const { id } = first.receipt
    const prune = () => journal.write((tx) => tx.prune(clock.wallMs(), 100))
    await reach('synced')
    clock.setWallBy(1)
    expect(await prune()).toMatchObject({ receipts: 1 })
    expect(await accept()).toMatchObject({ kind: 'known', receipt: { id, status: 'accepted' } })
    await bring(id, status)
    expect(await prune()).toMatchObject({ receipts: 0 })
    expect(await accept()).toMatchObject({ kind: 'known', receipt: { id, status } })
    clock.setWallBy(1)
    expect(await prune()).toMatchObject({ receipts: 1 })
    const next = await accept()
    expect(next).toMatchObject({ kind: 'accepted' })
    expect(next).not.toMatchObject({ receipt: { id } })
  },
)

test('events go by their age, those of a receipt too', async () => {
  const { journal, clock, reach } = setUp()
  const id = await reach('pending')
  await journal.write((tx) => tx.recordEvent('odoo', null, 'online', null))
  const beforeMs = clock.wallMs() + 1
  clock.setWallBy(1)
  await journal.write((tx) => tx.markSyncing(id))
  expect(await journal.write((tx) => tx.prune(beforeMs, 100))).toEqual({
    receipts: 0,
    events: 4,
    eventsAfter: null,
  })
  const { items } = journal.events.list({ receiptId: null, kind: null }, null, 10)
  expect(items.map(({ to }) => to)).toEqual(['syncing'])
})

test('no more than the limit of a kind goes at once, the oldest first', async () => {
  const { journal, clock, reach } = setUp()
  const all = []
  for (let i = 0; i < 5; i++) {
    all.push(await reach('synced'))
    clock.setWallBy(1)
  }
  const prune = () => journal.write((tx) => tx.prune(clock.wallMs(), 2))
  expect(await prune()).toEqual({ receipts: 2, events: 2, eventsAfter: 2 })
  expect(all.map((id) => journal.queries.find(id) !== null)).toEqual([false, false, true, true, true])
  expect(journal.events.list({ receiptId: null, kind: null }, null, 100).items.at(-1)?.id).toBe(3)
  expect(await prune()).toEqual({ receipts: 2, events: 2, eventsAfter: 4 })
  expect(await prune()).toEqual({ receipts: 1, events: 2, eventsAfter: 6 })
})

describe('where the clock was set', () => {
  const DAY_MS = 86_400_000

  /** Makes events this many days from now, in this order, and returns a function that prunes and lists the rest. */
  async function eventsOfDays(...days: number[]) {
    const { journal, clock } = setUp()
    for (const day of days) {
      clock.setWallBy(day * DAY_MS)
      await journal.write((tx) => tx.recordEvent('odoo', null, String(day), null))
      clock.setWallBy(-day * DAY_MS)
    }
    const prune = (limit: number, after?: number) =>
      journal.write((tx) => tx.prune(clock.wallMs() - 7 * DAY_MS, limit, after))
    const left = () => {
      const { items } = journal.events.list({ receiptId: null, kind: null }, null, 100)
      return items.map(({ to }) => Number(to)).reverse()
    }
    return { prune, left }
  }

  test('events that are dated in the future stay, and do not keep those behind them', async () => {
    const { prune, left } = await eventsOfDays(-9, 400, 400, 400, -8, -1)
    expect(await prune(2)).toEqual({ receipts: 0, events: 1, eventsAfter: 2 })
    expect(await prune(2, 2)).toEqual({ receipts: 0, events: 0, eventsAfter: 4 })
    expect(await prune(2, 4)).toEqual({ receipts: 0, events: 1, eventsAfter: null })
    expect(left()).toEqual([400, 400, 400, -1])
  })

  test('one that is to be kept ends the walk: what is older and behind it goes when it goes', async () => {
    const { prune, left } = await eventsOfDays(-9, -2, -8, -8)
    expect(await prune(2)).toEqual({ receipts: 0, events: 1, eventsAfter: null })
    expect(left()).toEqual([-2, -8, -8])
  })

  test('events of a clock that was behind go like any that are old', async () => {
    const { prune, left } = await eventsOfDays(-9, -4000, -8)
    expect(await prune(100)).toEqual({ receipts: 0, events: 3, eventsAfter: null })
    expect(left()).toEqual([])
  })
})

test('refused receipts are bounded by count: the oldest go, with their keys', async () => {
  const { db, journal, reach } = setUp()
  countRefused(db, MAX_REFUSED - 3)
  const ids = []
  for (let n = 0; n < 5; n++) {
    ids.push(await reach('refused'))
    await journal.write((tx) => tx.boundRefused())
  }
  expect(ids.map(journal.queries.statusOf)).toEqual([null, null, 'refused', 'refused', 'refused'])
  expect(journal.queries.counts().refused).toBe(MAX_REFUSED)
})

test('a till’s receipts are found after a pruning, and a thousand without receipts is forgotten', async () => {
  const { db, journal, clock, reach } = setUp()
  const numbersFrom = (seq: number) => db.exec(`UPDATE totals SET last_seq = ${seq - 1}`)
  const thousands = () =>
    db
      .prepare<{ pos_id: string; thousand: number }>(
        'SELECT pos_id, thousand FROM till_thousands ORDER BY thousand, pos_id',
      )
      .all()
      .map(({ pos_id: posId, thousand }) => `${posId} ${thousand}`)
  const ofTill = (posId: string) => journal.queries.list({ status: null, posId }, null, 100).items.map(({ id }) => id)

  numbersFrom(998)
  const stuck = await reach('failed', 'A')
  await reach('synced', 'B')
  numbersFrom(1999)
  await reach('synced', 'A')
  const beforeMs = clock.wallMs() + 1
  clock.setWallBy(1)
  const young = await reach('synced', 'B')
  expect(thousands()).toEqual(['A 0', 'B 0', 'A 1', 'B 2'])
  await journal.write((tx) => tx.prune(beforeMs, 100))
  // The receipt that stays keeps its own thousand, and no later one.
  expect(thousands()).toEqual(['A 0', 'B 0', 'B 2'])
  expect([ofTill('A'), ofTill('B')]).toEqual([[stuck], [young]])
})
