/** A buffer of schema 109 with a receipt in it: nobody asked a register for it by an attempt. */
import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { migrate } from '../sqlite/migrate.ts'
import { content, temporaryFile } from '../testing/kit.ts'
import { createJournal, JOURNAL, STEPS } from './journal.ts'
import schema110 from './schema_110.sql' with { type: 'text' }

const ID = '01900000-0000-7000-8000-000000000001' as ReceiptId

function olderBuffer(): Database {
  const db = openDatabase(temporaryFile('buffer.db'))
  migrate(db, STEPS.slice(0, STEPS.indexOf(schema110)), JOURNAL.schemas.oldest)
  db.prepare(
    `INSERT INTO sales (seq, receipt_id, idempotency_key, content, created_at_ms, total_kopecks) VALUES (1, ?, 'old', ?, 1, 10000)`,
  ).run(ID, JSON.stringify(content()))
  db.exec(`INSERT INTO states (seq, pos_id, status, changed_at_ms) VALUES (1, 'POS-001', 'printing', 5);
    UPDATE totals SET printing = 1, last_seq = 1, last_receipt_id = '${ID}'`)
  return db
}

const opened = (db: Database) => createJournal(db, { clock: new TestClock(), maxUndelivered: 10 })

test('a receipt of an older buffer has no attempt, and its first one is number 1', async () => {
  const journal = opened(olderBuffer())
  expect(journal.latestAttempt(ID)).toBeNull()
  await journal.write((tx) => tx.beginAttempt(ID, { fnNumber: '9999078900000961', lastFdNumber: 70 }))
  expect(journal.latestAttempt(ID)).toMatchObject({ number: 1, lastFdNumber: 70 })
  journal.close()
})
