/** What a schema of before holds is there in the newest one. */
import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { ReceiptId } from '../domain/receipt.ts'
import { STATUSES } from '../domain/state.ts'
import { migrate } from '../sqlite/migrate.ts'
import { createJournal } from './journal.ts'
import journalSql from './migrations/0001_journal.sql' with { type: 'text' }
import fencingSql from './migrations/0002_fencing_and_paper.sql' with { type: 'text' }
import retentionSql from './migrations/0003_retention.sql' with { type: 'text' }
import markedAheadSql from './migrations/0004_marked_ahead.sql' with { type: 'text' }
import cheaperRowsSql from './migrations/0005_cheaper_rows.sql' with { type: 'text' }
import fewerPagesSql from './migrations/0006_fewer_pages.sql' with { type: 'text' }
import totalsSql from './migrations/0007_totals_in_one_row.sql' with { type: 'text' }
import keptFromSql from './migrations/0008_kept_from.sql' with { type: 'text' }
import eventsOfOthersSql from './migrations/0009_events_of_others.sql' with { type: 'text' }
import ofdsSql from './migrations/0010_ofds.sql' with { type: 'text' }
import knownOfTheFnSql from './migrations/0011_known_of_the_fn.sql' with { type: 'text' }

const SCHEMA_3 = [journalSql, fencingSql, retentionSql]
const SCHEMA_11 = [
  ...SCHEMA_3,
  ...[
    markedAheadSql,
    cheaperRowsSql,
    fewerPagesSql,
    totalsSql,
    keptFromSql,
    eventsOfOthersSql,
    ofdsSql,
    knownOfTheFnSql,
  ],
]
const DOC = `'9999000000000001', 7, '{"fdNumber":7}', 5`

/** A buffer as an adapter of schema 3 left it, with a delivered receipt and one that is being printed. */
function bufferOfSchema3() {
  const db = openDatabase(':memory:')
  migrate(db, SCHEMA_3)
  const insert = (id: string) =>
    db.exec(`INSERT INTO receipts (receipt_id, idempotency_key, body_hash, pos_id, content, total_kopecks, status,
      created_at_ms, changed_at_ms) VALUES ('${id}', 'key-${id}', 'hash', 'POS-001', '{}', 100, 'accepted', 1, 1)`)
  const become = (id: string, status: string, more = '') =>
    db.exec(`UPDATE receipts SET status = '${status}'${more} WHERE receipt_id = '${id}'`)
  insert('a')
  become('a', 'printing')
  become('a', 'pending', `, (fn_number, fd_number, fiscal_doc, printed_at_ms) = (${DOC})`)
  become('a', 'syncing', ', maybe_at_ofd = 1')
  become('a', 'synced', `, ofd_id = 'OFD-1', synced_at_ms = 9`)
  insert('b')
  become('b', 'printing')
  return db
}

const open = (db: ReturnType<typeof bufferOfSchema3>) =>
  createJournal(db, { clock: new TestClock(), maxUndelivered: 100 })

test('receipts, counts and the audit log of schema 3 are kept', () => {
  const db = bufferOfSchema3()
  const all = (table: string) => db.prepare<Record<string, unknown>>(`SELECT * FROM ${table} ORDER BY 1`).all()
  // An adapter of before may still be at work on it, and reads the counters.
  const tables = ['receipts', 'events', 'leases', 'counters']
  const [before, totals] = [tables.map(all), all('totals')]
  const { queries } = open(db)
  expect(tables.map(all)).toMatchObject(before)
  expect(all('totals')).toMatchObject(totals)
  const none = Object.fromEntries(STATUSES.map((status) => [status, 0]))
  const newest = queries.list({ status: null, posId: 'POS-001' }, null, 10).items
  expect<string[]>(newest.map(({ id }) => id)).toEqual(['b', 'a'])
  expect<Record<string, number>>(queries.counts()).toEqual({ ...none, synced: 1, printing: 1 })
})

test('invariant 2: a document stands for one receipt alone, in schema 3 and after', () => {
  const db = bufferOfSchema3()
  open(db)
  const again = `UPDATE receipts SET status = 'pending', (fn_number, fd_number, fiscal_doc, printed_at_ms) = (${DOC})
    WHERE receipt_id = 'b'`
  expect(() => db.exec(again)).toThrow('UNIQUE')
})

test('the number of an audit event is not given again, though all that had one are gone', async () => {
  const db = bufferOfSchema3()
  const { last = 0 } = db.prepare<{ last: number }>('SELECT max(id) AS last FROM events').get() ?? {}
  db.exec('DELETE FROM events')
  const journal = open(db)
  await journal.write(() => journal.events.record('odoo', null, 'online', null))
  expect(journal.events.list({ receiptId: null, kind: null }, null, 10).items.map(({ id }) => id)).toEqual([last + 1])
})

test('the other ids of a receipt, its place among the others and what it was before are kept by the schema of closed ones', () => {
  const db = bufferOfSchema3()
  migrate(db, SCHEMA_11)
  db.exec("INSERT INTO receipt_aliases (receipt_id, is_now) VALUES ('old', 'a')")
  const { queries } = open(db)
  expect(queries.statusOf('old' as ReceiptId)).toBe('synced')
  expect(queries.list({ status: null, posId: null }, null, 10).items.map(({ id }): string => id)).toEqual(['b', 'a'])
  db.exec("DELETE FROM receipts WHERE receipt_id = 'a'")
  expect(db.prepare('SELECT * FROM receipt_aliases').all()).toEqual([])
})

test('invariant 2: a key that came in quotes is known without them, and one that only looks like it stays as it is', () => {
  const db = bufferOfSchema3()
  migrate(db, SCHEMA_11)
  const kept = [
    ['"quoted"', 'quoted'],
    [String.raw`"a\"b\\c\\\"d"`, String.raw`a"b\c\"d`],
    // Of two keys that are the same now, each keeps its receipt.
    ['both', 'both'],
    ['"both"', '"both"'],
    ...['"', '""', '"a"b"', String.raw`"a\b"`, String.raw`"a\\"b"`, String.raw`"a\"`, 'a"'].map((key) => [key, key]),
  ]
  const insert = db.prepare(
    `INSERT INTO receipts (receipt_id, idempotency_key, body_hash, pos_id, content, total_kopecks, status, created_at_ms,
      changed_at_ms) VALUES (?1, ?2, 'hash', 'POS-001', '{}', 100, 'accepted', 1, 1)`,
  )
  for (const [key = ''] of kept) insert.run(`id of ${key}`, key)
  open(db)
  const keyOf = db.prepare<{ idempotency_key: string }>('SELECT idempotency_key FROM receipts WHERE receipt_id = ?')
  expect(kept.map(([key = '']) => keyOf.get(`id of ${key}`)?.idempotency_key)).toEqual(kept.map(([, now]) => now))
})
