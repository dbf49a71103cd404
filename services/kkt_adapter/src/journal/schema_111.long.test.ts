/** A buffer of schema 110 goes on with a KKT that delivers by itself. */
import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { ReceiptId } from '../domain/receipt.ts'
import { migrate } from '../sqlite/migrate.ts'
import { content, fiscalDoc } from '../testing/kit.ts'
import { createJournal, JOURNAL, STEPS } from './journal.ts'
import { FDS } from './places.ts'
import schema111 from './schema_111.sql' with { type: 'text' }

const idOf = (n: number) => `01900000-0000-7000-8000-00000000000${n}` as ReceiptId
const [SYNCED, PENDING, UNTOLD] = [idOf(1), idOf(2), idOf(3)]
const FN = fiscalDoc(1).fnNumber

function olderBuffer() {
  const db = openDatabase(':memory:')
  migrate(db, STEPS.slice(0, STEPS.indexOf(schema111)), JOURNAL.schemas.oldest)
  db.prepare('INSERT INTO fiscal_memories (turn, fn_number, known_through_fd) VALUES (1, ?, 0)').run(FN)
  const sell = db.prepare(
    `INSERT INTO sales (seq, receipt_id, idempotency_key, content, created_at_ms, total_kopecks) VALUES (?, ?, ?, ?, 1, 10000)`,
  )
  const record = db.prepare(
    `INSERT INTO documents (place, fn_turn, fd_number, kind, recorded_at_ms, document, seq) VALUES (?, 1, ?, 'receipt', 5, ?, ?)`,
  )
  for (const n of [1, 2, 3]) sell.run(n, idOf(n), `old-${n}`, JSON.stringify(content()))
  for (const n of [1, 2]) record.run(FDS + n, n, JSON.stringify(fiscalDoc(n)), n)
  const [first, second] = [FDS + 1, FDS + 2]
  db.exec(`INSERT INTO states (seq, pos_id, status, changed_at_ms, place, ofd_id, synced_at_ms, handed_turn, untold, last_error) VALUES
    (1, 'POS-001', 'synced', 5, ${first}, 'OFD-1', 6, NULL, 0, NULL),
    (2, 'POS-001', 'pending', 5, ${second}, NULL, NULL, NULL, 0, 'a reset'),
    (3, 'POS-001', 'unknown', 5, NULL, NULL, NULL, 1, 1, 'its FN was replaced')`)
  db.exec(
    `UPDATE totals SET synced = 1, pending = 1, unknown = 1, fn_turn = 1, last_seq = 3, last_receipt_id = '${UNTOLD}'`,
  )
  return db
}

test('all that is known of a receipt is kept', () => {
  const { queries } = createJournal(olderBuffer(), { clock: new TestClock(), maxUndelivered: 10 })
  expect(queries.find(SYNCED)).toMatchObject({ status: 'synced', ofdId: 'OFD-1', syncedAtMs: 6 })
  expect(queries.find(PENDING)).toMatchObject({ status: 'pending', lastError: 'a reset', fiscalDoc: { fdNumber: 2 } })
  expect(queries.find(UNTOLD)).toMatchObject({ status: 'unknown', untoldFn: FN })
  expect([queries.countUntold(), queries.posIdsToDeliver()]).toEqual([1, ['POS-001']])
})

test('a pending one is synced by the word of the KKT, without a number at the OFD', async () => {
  const journal = createJournal(olderBuffer(), { clock: new TestClock(), maxUndelivered: 10 })
  expect([journal.handedOver.lastPendingFd(FN), journal.handedOver.pendingThrough(FN, 1, 10)]).toEqual([2, []])
  expect(journal.handedOver.pendingThrough(FN, 2, 10)).toEqual([{ id: PENDING, printedAtMs: 5 }])
  await journal.write((tx) => tx.recordHandedOver(PENDING))
  expect(journal.queries.find(PENDING)).toMatchObject({ status: 'synced', ofdId: null, lastError: null })
  expect(journal.handedOver.lastPendingFd(FN)).toBeNull()
})
