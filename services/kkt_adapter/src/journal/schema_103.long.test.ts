/** A buffer of the schema before is taken over as it is. */
import { describe, expect, test } from 'bun:test'
import { createLogger } from '@kkt/platform/logger.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { migrate, schemaOf } from '../sqlite/migrate.ts'
import { content, freshKey } from '../testing/kit.ts'
import { plansOf } from '../testing/watched_statements.ts'
import { createJournal, JOURNAL, STEPS } from './journal.ts'

const OLDEST = JOURNAL.schemas.oldest
const idOf = (n: number) => `01900000-0000-7000-8000-00000000000${n}` as ReceiptId
const FN = '9999000000000001'
const SOLD = {
  posId: 'POS-1',
  type: 'sale',
  items: [{ name: 'Frame', priceKopecks: 10_000, quantityMilli: 1000, totalKopecks: 10_000, vatRate: 20 }],
  payments: [{ type: 'cash', amountKopecks: 10_000 }],
  totalKopecks: 10_000,
}
const SIGNED = { fdNumber: 7, fiscalSign: '0123456789', fnNumber: FN, totalKopecks: 10_000 }

/** A buffer with three receipts: one delivered under an earlier id, one without a document, one to be delivered. */
function older(): Database {
  const db = openDatabase(':memory:')
  migrate(db, STEPS.slice(0, 1), OLDEST)
  const sale = db.prepare(
    'INSERT INTO sales (seq, receipt_id, idempotency_key, content, total_kopecks, created_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
  )
  for (const n of [1, 2, 3]) sale.run(n, idOf(n), `old-${n}`, JSON.stringify(SOLD), 10_000 + n, n)
  db.exec(`INSERT INTO fiscal_memories (turn, fn_number, known_through_fd) VALUES (1, '${FN}', 0);
    INSERT INTO receipt_aliases (receipt_id, is_now) VALUES ('${idOf(9)}', '${idOf(1)}')`)
  const document = db.prepare(
    `INSERT INTO documents (place, fn_turn, fd_number, kind, recorded_at_ms, document)
     VALUES (4294967296 + ?1, 1, ?1, 'receipt', 5, ?2)`,
  )
  for (const fdNumber of [7, 8]) document.run(fdNumber, JSON.stringify({ ...SIGNED, fdNumber }))
  db.exec(`
    INSERT INTO states (seq, pos_id, status, changed_at_ms, place, ofd_id, synced_at_ms)
      VALUES (1, 'POS-1', 'synced', 5, 4294967296 + 7, 'OFD-1', 5);
    INSERT INTO states (seq, pos_id, status, changed_at_ms) VALUES (2, 'POS-1', 'accepted', 5);
    INSERT INTO states (seq, pos_id, status, changed_at_ms, place) VALUES (3, 'POS-1', 'pending', 5, 4294967296 + 8);
    UPDATE totals SET accepted = 1, pending = 1, synced = 1, last_seq = 3, last_receipt_id = '${idOf(3)}'`)
  return db
}

const journalOn = (db: Database) => createJournal(db, { clock: new TestClock(), maxUndelivered: 100 })

describe('a buffer of schema 101', () => {
  test('is told of before it is changed, and is not told of again', () => {
    const db = older()
    const told: object[] = []
    const logger = createLogger('test', 'info', (line) => {
      told.push(JSON.parse(line), { schemaThen: schemaOf(db) })
    })
    for (let times = 0; times < 2; times += 1)
      createJournal(db, { clock: new TestClock(), maxUndelivered: 100, logger })
    const to = JOURNAL.schemas.newest
    expect(told).toMatchObject([{ level: 'info', event: 'buffer_upgrade', from: OLDEST, to }, { schemaThen: OLDEST }])
    expect(schemaOf(db)).toBe(to)
  })

  test('keeps each receipt with its state, its document and its earlier ids', () => {
    const db = older()
    const columns = 'receipt_id, idempotency_key, content, total_kopecks, status, fd_number, fiscal_doc, ofd_id, seq'
    const rows = () => db.prepare(`SELECT ${columns} FROM receipts ORDER BY seq`).all()
    const before = rows()
    const journal = journalOn(db)
    expect(rows()).toEqual(before)
    expect(before).toHaveLength(3)
    expect(db.prepare('SELECT filled_in FROM receipts WHERE filled_in IS NOT NULL').all()).toEqual([])
    expect(journal.queries.find(idOf(9))).toMatchObject({ id: idOf(1), status: 'synced', fiscalDoc: SIGNED })
    expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([])
    expect(db.prepare<object>('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  })

  test('knows each receipt by its document, and each key', () => {
    const { queries, intake } = journalOn(older())
    expect([queries.findByDocument(FN, 7)?.id, queries.findByDocument(FN, 8)?.id]).toEqual([idOf(1), idOf(3)])
    expect([queries.findByDocument(FN, 9), queries.findByDocument('9999000000000002', 7)]).toEqual([null, null])
    expect(intake.isKnown({ key: 'old-1' as ReturnType<typeof freshKey>, content: content() })).toBe(true)
  })

  test('goes on: what is accepted is printed, and a receipt that is removed takes its state along', async () => {
    const db = older()
    const journal = journalOn(db)
    await journal.write((tx) => tx.markPrinting(idOf(2)))
    const intake = await journal.write((tx) => tx.accept({ key: freshKey(), content: content() }))
    expect(intake.kind).toBe('accepted')
    db.exec('DELETE FROM sales WHERE seq = 1')
    expect(db.prepare<object>('SELECT seq FROM states ORDER BY seq').all()).toEqual([
      { seq: 2 },
      { seq: 3 },
      { seq: 4 },
    ])
  })

  test('takes a receipt of gifts, and still no total below 0', async () => {
    const db = older()
    const journal = journalOn(db)
    const gifts = { ...content(), totalKopecks: 0 }
    expect((await journal.write((tx) => tx.accept({ key: freshKey(), content: gifts }))).kind).toBe('accepted')
    expect(() => db.exec('UPDATE sales SET total_kopecks = -1')).toThrow('CHECK')
    expect(() => db.exec('UPDATE sales SET total_kopecks = NULL')).toThrow('NOT NULL')
  })
})

test('the numbers of a document find its receipt by the primary keys of the tables', () => {
  const plans = plansOf(older(), journalOn)
  const byDocument = plans.filter(({ sql }) =>
    sql.includes('WHERE place = (SELECT turn FROM fiscal_memories WHERE fn_number = ?1) *'),
  )
  expect(byDocument).toHaveLength(1)
  const searched = byDocument.flatMap(({ steps }) => steps).filter((step) => /^(SCAN|SEARCH)/.test(step))
  expect(searched.filter((step) => step.startsWith('SCAN'))).toEqual([])
  expect(searched).toContain('SEARCH documents USING INTEGER PRIMARY KEY (rowid=?)')
})
