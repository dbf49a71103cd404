/** A buffer of the schema before is looked through as a new one is. */
import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { migrate } from '../sqlite/migrate.ts'
import { content, fiscalDoc } from '../testing/kit.ts'
import { createJournal, JOURNAL, STEPS } from './journal.ts'
import type { LookUp } from './look_ups.ts'

const idOf = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}` as ReceiptId
/** So many that those with a customer are changed in two batches. */
const RECEIPTS = 1100
const BEFORE_106 = STEPS.slice(0, 4)

/** A delivered receipt each, two of three with a customer. The last one is not printed, with a customer's word in its goods. */
function older(): Database {
  const db = openDatabase(':memory:')
  migrate(db, BEFORE_106, JOURNAL.schemas.oldest)
  const sale = db.prepare(
    'INSERT INTO sales (seq, receipt_id, idempotency_key, content, total_kopecks, created_at_ms) VALUES (?, ?, ?, ?, ?, 5)',
  )
  const document = db.prepare(
    `INSERT INTO documents (place, fn_turn, fd_number, kind, recorded_at_ms, document, seq)
     VALUES (4294967296 + ?1, 1, ?1, 'receipt', 5, ?2, ?1)`,
  )
  const state = db.prepare(
    `INSERT INTO states (seq, pos_id, status, changed_at_ms, place, ofd_id, synced_at_ms)
     VALUES (?1, 'POS-001', 'synced', 5, 4294967296 + ?1, 'OFD-' || ?1, 5)`,
  )
  const thousand = db.prepare("INSERT OR IGNORE INTO till_thousands (pos_id, thousand) VALUES ('POS-001', ?)")
  db.exec("INSERT INTO fiscal_memories (turn, fn_number, known_through_fd) VALUES (1, '9999000000000001', 0)")
  for (let n = 1; n <= RECEIPTS; n += 1) {
    const customer = n % 3 !== 1 ? { customer: { email: `C${n}@example.com` } } : {}
    sale.run(n, idOf(n), `old-${n}`, JSON.stringify({ ...content(), ...customer }), 10_000 + n)
    const doc = { ...fiscalDoc(n), fiscalSign: String(n).padStart(10, '0') }
    document.run(n, JSON.stringify({ ...doc, fiscalDatetime: `2026-01-${n < 1000 ? 30 : 31}T00:00:00+10:00` }))
    state.run(n)
    thousand.run(Math.floor(n / 1000))
  }
  const [item] = content().items
  const text = JSON.stringify({ ...content(), items: [{ ...item, name: 'a book: "customer":' }] })
  sale.run(RECEIPTS + 1, idOf(RECEIPTS + 1), 'last', text, 5)
  db.exec(`INSERT INTO states (seq, pos_id, status, changed_at_ms) VALUES (${RECEIPTS + 1}, 'POS-001', 'accepted', 5);
    UPDATE totals SET accepted = 1, synced = ${RECEIPTS}, last_seq = ${RECEIPTS + 1}, last_receipt_id = '${idOf(RECEIPTS + 1)}'`)
  return db
}

test('receipts of a buffer of the schema before are found by all that is known of them', () => {
  const db = older()
  const { queries } = createJournal(db, { clock: new TestClock(), maxUndelivered: 10 })
  const found = (lookUp: LookUp) =>
    queries.list({ status: null, posId: null, ...lookUp }, null, 10).items.map(({ id }) => id)
  for (const n of [3, 501, 999, 1098]) {
    const facts: LookUp[] = [
      { fdNumber: n },
      { fiscalSign: n },
      { totalKopecks: 10_000 + n },
      { contact: `c${n}@EXAMPLE.com` },
    ]
    for (const fact of facts) expect({ fact, found: found(fact) }).toEqual({ fact, found: [idOf(n)] })
  }
  expect(found({ contact: 'c4@example.com' })).toEqual([])
  expect(found({ date: '2026-01-30' })[0]).toBe(idOf(999))
  expect(queries.ofDay('2026-01-31', 0, 1000).receipts.map(({ id }) => id)).toEqual(
    Array.from({ length: 101 }, (_, i) => idOf(1000 + i)),
  )
  const contacts = db.prepare<{ n: number }>('SELECT count(contact) AS n FROM sales').get()
  expect(contacts?.n).toBe(Math.floor((RECEIPTS * 2) / 3))
  expect(db.prepare<object>('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
})
