import { expect, test } from 'bun:test'
import { STATUSES } from '@kkt/adapter/src/domain/state.ts'
import { createJournal } from '@kkt/adapter/src/journal/journal.ts'
import { openDatabase } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'
import { accepted, journalAndDb, pending, temporaryFile } from '@kkt/adapter/src/testing/kit.ts'
import { lastReceiptId } from '@kkt/adapter/src/testing/totals.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { makeBuffer } from './buffers.ts'

type Db = ReturnType<typeof openDatabase>
type Row = Record<string, string | number | null>

const counts = new Set<string>(STATUSES)

/** The part of a row that two journals must share: its set values, and those that say its state. */
const shape = (row: Row) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const says = /status|state|kind|maybe|needs|retry|delivered/.test(name) || counts.has(name)
      return [name, says || value === null ? value : typeof value]
    }),
  )

const rows = (db: Db, table: string, order: string) =>
  db.prepare<Row>(`SELECT * FROM ${table} ORDER BY ${order}`).all().map(shape)

const dump = (db: Db) => ({
  receipts: rows(db, 'receipts', 'receipt_id'),
  // Which receipt an entry is of, by their order.
  events: db
    .prepare<Row>(
      `SELECT (SELECT count(*) FROM sales WHERE sales.receipt_id <= receipt_events.receipt_id) AS n, from_state,
         to_state, detail FROM receipt_events ORDER BY id`,
    )
    .all(),
  totals: rows(db, 'totals', 'id'),
  rules: db.prepare<Row>('SELECT type, name, sql FROM sqlite_master ORDER BY name').all(),
})

async function byTransitions(synced: number, undelivered: number): Promise<Db> {
  const { db, journal } = journalAndDb()
  for (let n = 0; n < synced; n++) {
    const id = await pending(journal)
    await journal.write((tx) => {
      tx.markSyncing(id)
      tx.recordSynced(id, `OFD-${n}`)
    })
  }
  for (let n = 0; n < undelivered; n++) await pending(journal)
  return db
}

test('a filled journal is what the transitions would have left, rules included', async () => {
  const path = temporaryFile('buffer.db')
  makeBuffer(path, { synced: 3, pending: 2 })
  const db = openDatabase(path)
  expect(dump(db)).toEqual(dump(await byTransitions(3, 2)))
  expect(db.prepare<Row>('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
})

test('the journal goes on from there', async () => {
  const path = temporaryFile('buffer.db')
  makeBuffer(path, { synced: 50, pending: 50 })
  const db = openDatabase(path)
  const journal = createJournal(db, { clock: new TestClock(), maxUndelivered: 1000 })
  const { items } = journal.queries.list({ status: null, posId: null }, null, 100)
  const { id } = await accepted(journal)
  const ofTill = journal.queries.list({ status: null, posId: 'POS-11' }, null, 100).items
  expect(ofTill.map(({ fiscalDoc }) => fiscalDoc?.fdNumber)).toEqual([91, 51, 11])
  expect(items.every((item) => item.id < id)).toBeTrue()
  expect(journal.queries.counts()).toMatchObject({ synced: 50, pending: 50, accepted: 1 })
  expect(journal.queries.posIdsToDeliver()).toHaveLength(40)
  expect(journal.queries.nextToDeliver('POS-11')).toMatchObject({
    fiscalDoc: { fdNumber: 51 },
    content: { posId: 'POS-11' },
  })
})

test('an empty one is empty', () => {
  const path = temporaryFile('buffer.db')
  makeBuffer(path, { synced: 0, pending: 0 })
  const db = openDatabase(path)
  const journal = createJournal(db, { clock: new TestClock(), maxUndelivered: 1 })
  expect([lastReceiptId(db), journal.queries.counts().synced]).toEqual(['', 0])
})
