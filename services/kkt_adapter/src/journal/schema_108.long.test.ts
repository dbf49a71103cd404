/** A buffer of schema 107, with receipts, documents and an audit log in it, as the version before wrote it. */
import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { FiscalDoc, ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { migrate } from '../sqlite/migrate.ts'
import { content, temporaryFile } from '../testing/kit.ts'
import { shiftDoc } from '../testing/shift_documents.ts'
import { fiscalised } from '../testing/slips.ts'
import { createJournal, JOURNAL, STEPS } from './journal.ts'
import schema108 from './schema_108.sql' with { type: 'text' }

const ID = '01900000-0000-7000-8000-000000000001' as ReceiptId
const rows = (db: Database, sql: string) => db.prepare<Record<string, unknown>>(sql).all()
const DOC: FiscalDoc = { ...structuredClone(fiscalised({}).doc), fdNumber: 7, fnNumber: '9999000000000001' }

function olderBuffer(): string {
  const path = temporaryFile('buffer.db')
  const db = openDatabase(path)
  migrate(db, STEPS.slice(0, STEPS.indexOf(schema108)), JOURNAL.schemas.oldest)
  db.prepare(
    `INSERT INTO sales (seq, receipt_id, idempotency_key, content, created_at_ms, total_kopecks) VALUES (1, ?, 'old', ?, 1, 10000)`,
  ).run(ID, JSON.stringify(content()))
  db.prepare('INSERT INTO fiscal_memories (turn, fn_number, known_through_fd) VALUES (1, ?, 0)').run(DOC.fnNumber)
  db.prepare(
    `INSERT INTO documents (place, fn_turn, fd_number, kind, recorded_at_ms, document, seq, fiscal_sign, local_date)
     VALUES (4294967296 + 7, 1, 7, 'receipt', 5, ?, 1, 77, '2026-01-31')`,
  ).run(JSON.stringify(DOC))
  db.exec(`INSERT INTO states (seq, pos_id, status, changed_at_ms, place) VALUES (1, 'POS-001', 'pending', 5, 4294967296 + 7);
    INSERT INTO events (id, at_ms, kind, to_state, who, first_receipt, last_receipt) VALUES (1, 5, 'receipt', 'accepted', 'till-1', '${ID}', '${ID}');
    INSERT INTO events (id, at_ms, kind, to_state, detail) VALUES (3, 6, 'command', 'sync', 'by hand');
    UPDATE totals SET pending = 1, last_seq = 1, last_event_id = 3, last_receipt_id = '${ID}'`)
  db.close()
  return path
}

const open = (path: string) => {
  const db = openDatabase(path)
  return { db, journal: createJournal(db, { clock: new TestClock(), maxUndelivered: 10 }) }
}

test('keeps all of it: the receipt with its document, and the audit log under the same numbers', () => {
  const { db, journal } = open(olderBuffer())
  expect(journal.queries.nextToDeliver('POS-001')).toMatchObject({ id: ID, fiscalDoc: DOC })
  expect(rows(db, 'SELECT seq, fiscal_sign, local_date, opened_for FROM documents')).toEqual([
    { seq: 1, fiscal_sign: 77, local_date: '2026-01-31', opened_for: null },
  ])
  const { items } = journal.events.list({ receiptId: null, kind: null }, null, 10)
  expect(items.map(({ id, kind, receiptId, to, detail, who }) => [id, kind, receiptId, to, detail, who])).toEqual([
    [3, 'command', null, 'sync', 'by hand', null],
    [1, 'receipt', ID, 'accepted', null, 'till-1'],
  ])
  expect(rows(db, 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  expect(rows(db, "SELECT name FROM sqlite_schema WHERE name LIKE '%107%'")).toEqual([])
  journal.close()
})

test('takes documents of shifts, and begins to count the drawer with nothing', async () => {
  const { journal } = open(olderBuffer())
  expect(journal.ownDrawerKopecks()).toBe(0)
  await journal.write((tx) => tx.recordShiftDocument(shiftDoc('shift_closing', 8, 1, DOC.fnNumber)))
  expect(journal.fiscalMemories.knownThrough(DOC.fnNumber)).toBe(8)
  expect(journal.queries.findByDocument(DOC.fnNumber, 8)).toBeNull()
  journal.close()
})
