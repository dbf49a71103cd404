/** The audit log's events, although one row may stand for many receipts. */
import { describe, expect, test } from 'bun:test'
import type { ReceiptId } from '../domain/receipt.ts'
import { nextReceiptId } from '../domain/receipt_clock.ts'
import { setUp } from '../testing/transitions.ts'
import { createAudit, ROW_SPAN_MS } from './audit.ts'

type SetUp = ReturnType<typeof setUp>

const rowsOf = (db: SetUp['db']) => db.prepare<{ id: number }>('SELECT id FROM events ORDER BY id').all()
const list = (journal: SetUp['journal'], limit = 100) =>
  journal.events.list({ receiptId: null, kind: null }, null, limit)

/** Three pending receipts, each journaled by itself. */
async function threePending() {
  const kit = setUp()
  const ids: ReceiptId[] = [await kit.reach('pending'), await kit.reach('pending'), await kit.reach('pending')]
  return { ...kit, ids, before: rowsOf(kit.db).length }
}

test('receipts that make the same move in one commit share a row, and have an event each', async () => {
  const { db, journal, ids, before, eventsOf } = await threePending()
  await journal.write((tx) => ids.map((id) => tx.markSyncing(id)))
  expect(rowsOf(db)).toHaveLength(before + 1)
  const { items } = list(journal, 3)
  expect(items.map(({ receiptId, from, to }) => [receiptId, from, to])).toEqual(
    ids.toReversed().map((id) => [id, 'pending', 'syncing']),
  )
  for (const id of ids) expect(eventsOf(id)[0]).toMatchObject({ receiptId: id, from: 'pending', to: 'syncing' })
})

test('events are numbered one after another, whatever rows they are in', async () => {
  const { journal, ids } = await threePending()
  await journal.write((tx) => ids.map((id) => tx.markSyncing(id)))
  await journal.write((tx) => tx.recordEvent('odoo', null, 'online', null))
  const numbers = list(journal).items.map(({ id }) => id)
  expect(numbers).toEqual(numbers.map((_, i) => numbers.length - i))
})

test('a trial of the disk in one commit with others takes no number, and leaves what others did', async () => {
  const { db, journal, ids } = await threePending()
  const [first, second] = ids as [ReceiptId, ReceiptId]
  const seqs = () => db.prepare<{ seq: number }>('SELECT last_seq AS seq FROM totals').get()?.seq
  const before = { seqs: seqs(), events: list(journal).items.length }
  await Promise.all([journal.write((tx) => tx.markSyncing(first)), journal.write((tx) => tx.rehearse())])
  await journal.write((tx) => tx.markSyncing(second))
  const { items } = list(journal)
  expect(items.map(({ id }) => id)).toEqual(items.map((_, i) => items.length - i))
  expect([seqs(), items.length]).toEqual([before.seqs, before.events + 2])
})

test('a page may end within a row, and the next goes on there', async () => {
  const { journal, ids } = await threePending()
  await journal.write((tx) => ids.map((id) => tx.markSyncing(id)))
  const all = list(journal).items
  const seen = []
  for (let cursor: number | null = null; ; ) {
    const page: ReturnType<typeof list> = journal.events.list({ receiptId: null, kind: null }, cursor, 2)
    seen.push(...page.items)
    cursor = page.nextCursor
    if (cursor === null) break
  }
  expect(seen).toEqual(all)
})

test('a receipt’s own events come page by page, whatever shares their rows, each once', async () => {
  const { journal, ids, eventsOf } = await threePending()
  for (let tries = 0; tries < 3; tries++) {
    await journal.write((tx) => ids.map((id) => tx.markSyncing(id)))
    await journal.write((tx) => ids.map((id) => tx.recordUndelivered(id, 'a reset', true)))
  }
  for (const receiptId of ids) {
    for (const limit of [1, 2, 3, 4]) {
      const seen = []
      for (let cursor: number | null = null; ; ) {
        const page: ReturnType<typeof list> = journal.events.list({ receiptId, kind: null }, cursor, limit)
        seen.push(...page.items)
        cursor = page.nextCursor
        if (cursor === null) break
      }
      expect(seen).toEqual(eventsOf(receiptId))
    }
  }
})

test('no move passes an entry of another kind, or is told with another time', async () => {
  const { journal, clock, ids } = await threePending()
  const [first, second, third] = ids as [ReceiptId, ReceiptId, ReceiptId]
  const beganMs = clock.wallMs()
  await journal.write((tx) => {
    tx.markSyncing(first)
    tx.recordEvent('lease', 'held', 'elsewhere', null)
    tx.markSyncing(second)
    clock.setWallBy(60_000)
    tx.markSyncing(third)
  })
  const { items } = list(journal, 4)
  expect(items.map(({ receiptId, to, atMs }) => [receiptId, to, atMs])).toEqual([
    [third, 'syncing', beganMs + 60_000],
    [second, 'syncing', beganMs],
    [null, 'elsewhere', beganMs],
    [first, 'syncing', beganMs],
  ])
})

test('each receipt’s events keep their order, whoever else moved in between', async () => {
  const { journal, ids, eventsOf } = await threePending()
  const [first, second, third] = ids as [ReceiptId, ReceiptId, ReceiptId]
  await journal.write((tx) => {
    tx.markSyncing(first)
    tx.recordUndelivered(first, 'a reset', true)
    tx.markSyncing(second)
    tx.markSyncing(first)
    tx.markSyncing(third)
    tx.recordUndelivered(second, 'a reset', true)
    tx.recordSynced(first, 'OFD-1')
  })
  const wayOf = (id: ReceiptId) => eventsOf(id).map(({ to }) => to)
  expect(wayOf(first).slice(0, 4)).toEqual(['synced', 'syncing', 'pending', 'syncing'])
  expect(wayOf(second).slice(0, 2)).toEqual(['pending', 'syncing'])
  expect(wayOf(third)[0]).toBe('syncing')
})

test('the same move for another reason has a row of its own', async () => {
  const { journal, ids, eventsOf } = await threePending()
  const reasons = ['a reset', '503', 'a reset']
  await journal.write((tx) => ids.map((id) => tx.markSyncing(id)))
  await journal.write((tx) => ids.map((id, i) => tx.recordUndelivered(id, reasons[i] ?? '', true)))
  expect(ids.map((id) => eventsOf(id)[0]?.detail)).toEqual(reasons)
})

test('receipts that came long after one another share no row, and each finds its own', async () => {
  const { db, journal, clock, reach, eventsOf } = setUp()
  const old = await reach('pending')
  clock.setWallBy(ROW_SPAN_MS)
  const young = await reach('pending')
  const before = rowsOf(db).length
  await journal.write((tx) => {
    tx.markSyncing(young)
    tx.markSyncing(old)
  })
  expect(rowsOf(db)).toHaveLength(before + 2)
  for (const id of [old, young]) expect(eventsOf(id)[0]).toMatchObject({ receiptId: id, to: 'syncing' })
})

describe('a receipt whose neighbours share a row', () => {
  test('has no part in what they did without it', async () => {
    const { journal, ids, eventsOf } = await threePending()
    const [first, between, last] = ids as [ReceiptId, ReceiptId, ReceiptId]
    const before = eventsOf(between)
    await journal.write((tx) => [first, last].map((id) => tx.markSyncing(id)))
    expect(eventsOf(between)).toEqual(before)
  })

  test('is found from either end of the longest row', async () => {
    const { db, eventsOf } = setUp()
    const audit = createAudit(db)
    const idAt = (ms: number) => nextReceiptId('', { wallMs: () => ms, randomBytes: () => new Uint8Array(8) })
    const halfMs = ROW_SPAN_MS / 2
    const ids = [idAt(10_000), idAt(10_000 - halfMs), idAt(10_000 + halfMs - 1)]
    for (const receiptId of ids) {
      audit.add({ atMs: 1, kind: 'receipt', receiptId, from: 'pending', to: 'syncing', detail: null, who: null })
    }
    expect(audit.writeOut(0).lastId).toBe(3)
    expect(rowsOf(db)).toHaveLength(1)
    for (const id of ids) expect(eventsOf(id).map(({ receiptId }) => receiptId)).toEqual([id])
  })
})

test('the view of events has a row for each receipt and move', async () => {
  const { db, journal, ids } = await threePending()
  await journal.write((tx) => ids.map((id) => tx.markSyncing(id)))
  const rows = db
    .prepare<Record<string, unknown>>(
      'SELECT id, receipt_id, from_state, to_state FROM receipt_events ORDER BY id DESC',
    )
    .all()
  expect(rows).toEqual(
    list(journal).items.map(({ id, receiptId, from, to }) => ({
      id,
      receipt_id: receiptId,
      from_state: from,
      to_state: to,
    })),
  )
})
