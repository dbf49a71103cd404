/** A buffer of schema 111 goes on with a document that is not on paper. */
import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { ReceiptId } from '../domain/receipt.ts'
import { migrate } from '../sqlite/migrate.ts'
import { content, fiscalDoc } from '../testing/kit.ts'
import { createJournal, JOURNAL, STEPS } from './journal.ts'
import { FDS } from './places.ts'
import schema112 from './schema_112.sql' with { type: 'text' }

const ID = '01900000-0000-7000-8000-000000000001' as ReceiptId

test('it still has to be printed, until the KKT says that it never will be', async () => {
  const db = openDatabase(':memory:')
  migrate(db, STEPS.slice(0, STEPS.indexOf(schema112)), JOURNAL.schemas.oldest)
  const doc = fiscalDoc(7)
  db.prepare('INSERT INTO fiscal_memories (turn, fn_number, known_through_fd) VALUES (1, ?, 0)').run(doc.fnNumber)
  db.prepare(
    `INSERT INTO sales (seq, receipt_id, idempotency_key, content, created_at_ms, total_kopecks) VALUES (1, ?, 'old', ?, 1, 10000)`,
  ).run(ID, JSON.stringify(content()))
  db.prepare(
    `INSERT INTO documents (place, fn_turn, fd_number, kind, recorded_at_ms, document, seq) VALUES (?, 1, 7, 'receipt', 5, ?, 1)`,
  ).run(FDS + 7, JSON.stringify(doc))
  db.exec(`INSERT INTO states (seq, pos_id, status, changed_at_ms, place, needs_paper) VALUES (1, 'POS-001', 'pending', 5, ${FDS + 7}, 1);
    UPDATE totals SET pending = 1, fn_turn = 1, last_seq = 1, last_receipt_id = '${ID}'`)
  const journal = createJournal(db, { clock: new TestClock(), maxUndelivered: 10 })
  expect(journal.queries.nextWithoutPaper()).toMatchObject({ id: ID, fiscalDoc: doc, isPaperLost: false })
  await journal.write((tx) => tx.recordPaperLost(ID, 'another FN is in it'))
  expect(journal.queries.find(ID)).toMatchObject({ status: 'pending', needsPaper: false, isPaperLost: true })
  expect([journal.queries.nextWithoutPaper(), journal.queries.countWithoutPaper()]).toEqual([null, 0])
})
