/** A buffer of schema 101, with receipts and an audit log in it, as the release before wrote it. */
import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { IdempotencyKey, ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { migrate } from '../sqlite/migrate.ts'
import { content, temporaryFile } from '../testing/kit.ts'
import { createJournal } from './journal.ts'
import schema101 from './schema.sql' with { type: 'text' }

const ID = (n: number) => `01900000-0000-7000-8000-00000000000${n}` as ReceiptId
const rows = (db: Database, sql: string) => db.prepare<Record<string, unknown>>(sql).all()

function olderBuffer(): string {
  const path = temporaryFile('buffer.db')
  const db = openDatabase(path)
  migrate(db, [schema101], 101)
  const text = JSON.stringify(content())
  for (const [n, key] of ['sold-1', 'sold-2', ` ${ID(3)}`].entries()) {
    db.prepare('INSERT INTO sales VALUES (?, ?, ?, ?, 10000, 5)').run(n + 1, ID(n + 1), key, text)
    db.prepare("INSERT INTO states (seq, pos_id, status, changed_at_ms) VALUES (?, 'POS-001', 'accepted', 5)").run(
      n + 1,
    )
  }
  const both = JSON.stringify([ID(1), ID(2)])
  const addEvent = db.prepare('INSERT INTO events VALUES (?, 5, ?, ?, ?, ?, ?, ?, ?)')
  addEvent.run(1, 'receipt', null, 'accepted', null, ID(1), ID(2), both)
  addEvent.run(3, 'receipt', null, 'accepted', null, ID(3), ID(3), null)
  addEvent.run(7, 'breaker', 'CLOSED', 'OPEN', 'five in a row', null, null, null)
  db.prepare('UPDATE totals SET accepted = 3, last_seq = 3, last_event_id = 7, last_receipt_id = ?').run(ID(3))
  db.close()
  return path
}

const open = (path: string) => {
  const db = openDatabase(path)
  return { db, journal: createJournal(db, { clock: new TestClock(), maxUndelivered: 10 }) }
}

test('keeps all of it: receipts, keys, and the audit log under the same numbers', () => {
  const { db, journal } = open(olderBuffer())
  expect(journal.isNew).toBe(false)
  expect(rows(db, 'SELECT receipt_id, key_owner, idempotency_key, status FROM receipts ORDER BY seq')).toEqual([
    { receipt_id: ID(1), key_owner: null, idempotency_key: 'sold-1', status: 'accepted' },
    { receipt_id: ID(2), key_owner: null, idempotency_key: 'sold-2', status: 'accepted' },
    { receipt_id: ID(3), key_owner: null, idempotency_key: ` ${ID(3)}`, status: 'accepted' },
  ])
  const { items } = journal.events.list({ receiptId: null, kind: null }, null, 10)
  expect(items.map(({ id, kind, receiptId, to, who }) => [id, kind, receiptId, to, who])).toEqual([
    [7, 'breaker', null, 'OPEN', null],
    [3, 'receipt', ID(3), 'accepted', null],
    [2, 'receipt', ID(2), 'accepted', null],
    [1, 'receipt', ID(1), 'accepted', null],
  ])
  expect(journal.events.list({ receiptId: ID(2), kind: null }, null, 10).items).toHaveLength(1)
  expect(rows(db, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(rows(db, "SELECT name FROM sqlite_schema WHERE name LIKE '%101%'")).toEqual([])
  journal.close()
})

test('invariant 2: its keys count for every owner, so that tokens print nothing twice', async () => {
  const { journal } = open(olderBuffer())
  const key = 'sold-1' as IdempotencyKey
  const again = (owner: string | null) =>
    journal.write((tx) => tx.accept({ key, content: content() }, { owner, who: owner }))
  for (const owner of ['till-1', 'till-2', null])
    expect(await again(owner)).toMatchObject({ kind: 'known', receipt: { id: ID(1) } })
  const added = await journal.write((tx) =>
    tx.accept({ key: 'sold-3' as IdempotencyKey, content: content() }, { owner: 'till-1', who: 'till-1 ::1' }),
  )
  expect(added.kind).toBe('accepted')
  expect(journal.events.list({ receiptId: null, kind: null }, null, 1).items).toMatchObject([
    { id: 8, to: 'accepted', who: 'till-1 ::1' },
  ])
  journal.close()
})
