/** A buffer of the schema before 109 goes on with the FN that it met last. */
import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { ReceiptId } from '../domain/receipt.ts'
import { migrate } from '../sqlite/migrate.ts'
import { content } from '../testing/kit.ts'
import { createJournal, JOURNAL, STEPS } from './journal.ts'
import schema109 from './schema_109.sql' with { type: 'text' }

const idOf = (n: number) => `01900000-0000-7000-8000-00000000000${n}` as ReceiptId
const [FIRST, SECOND] = ['9999000000000001', '9999000000000002'] as const

test('receipts without an outcome count as handed to the FN that was met last, and no FN as replaced', () => {
  const db = openDatabase(':memory:')
  migrate(db, STEPS.slice(0, STEPS.indexOf(schema109)), JOURNAL.schemas.oldest)
  for (const fn of [FIRST, SECOND])
    db.prepare('INSERT INTO fiscal_memories (fn_number, known_through_fd) VALUES (?, 0)').run(fn)
  const statuses = ['accepted', 'printing', 'unknown']
  for (const [n, status] of statuses.entries()) {
    db.prepare(
      `INSERT INTO sales (seq, receipt_id, idempotency_key, content, created_at_ms, total_kopecks) VALUES (?, ?, ?, ?, 1, 10000)`,
    ).run(n + 1, idOf(n + 1), `old-${n}`, JSON.stringify(content()))
    db.prepare("INSERT INTO states (seq, pos_id, status, changed_at_ms) VALUES (?, 'POS-001', ?, 5)").run(n + 1, status)
  }
  db.exec('UPDATE totals SET accepted = 1, printing = 1, unknown = 1, last_seq = 3')
  const { queries, fiscalMemories } = createJournal(db, { clock: new TestClock(), maxUndelivered: 10 })
  expect([1, 2, 3].map((n) => queries.handedTo(idOf(n)))).toEqual([null, SECOND, SECOND])
  expect([queries.countUntold(), queries.nextUncertain()?.id]).toEqual([0, idOf(2)])
  expect(fiscalMemories.inKkt()).toEqual({ fnNumber: SECOND, replaced: null })
})

test('a buffer that has met no FN has none in its KKT', () => {
  const db = openDatabase(':memory:')
  migrate(db, STEPS.slice(0, STEPS.indexOf(schema109)), JOURNAL.schemas.oldest)
  expect(createJournal(db, { clock: new TestClock(), maxUndelivered: 10 }).fiscalMemories.inKkt()).toBeNull()
})
