/** A buffer whose documents repeat their registration is taken over as it is, and goes on without that. */
import { describe, expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { FiscalDoc, ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { migrate } from '../sqlite/migrate.ts'
import { accepted, content, journalAndDb } from '../testing/kit.ts'
import { fiscalised } from '../testing/slips.ts'
import { createJournal, JOURNAL, type Journal, STEPS } from './journal.ts'
import schema107 from './schema_107.sql' with { type: 'text' }

const SOLD = content()
const OLD_ID = '01900000-0000-7000-8000-000000000001' as ReceiptId
const NAMES = ['registrationNumber', 'serialNumber', 'seller', 'address', 'place', 'ffdVersion', 'fnsUrl']
const docOf = (fdNumber: number, fnNumber = '9999000000000001'): FiscalDoc => ({
  ...structuredClone(fiscalised({}).doc),
  fdNumber,
  fnNumber,
})

/** A buffer with one receipt that is to be delivered, as the version before wrote it. */
function older(): Database {
  const db = openDatabase(':memory:')
  migrate(db, STEPS.slice(0, STEPS.indexOf(schema107)), JOURNAL.schemas.oldest)
  const [sold, doc] = [JSON.stringify(SOLD), docOf(7)]
  db.prepare(
    `INSERT INTO sales (seq, receipt_id, idempotency_key, content, created_at_ms, total_kopecks) VALUES (1, ?, 'old', ?, 1, 10000)`,
  ).run(OLD_ID, sold)
  db.prepare('INSERT INTO fiscal_memories (turn, fn_number, known_through_fd) VALUES (1, ?, 0)').run(doc.fnNumber)
  db.prepare(
    `INSERT INTO documents (place, fn_turn, fd_number, kind, recorded_at_ms, document, seq)
     VALUES (4294967296 + 7, 1, 7, 'receipt', 5, ?, 1)`,
  ).run(JSON.stringify(doc))
  db.exec(`INSERT INTO states (seq, pos_id, status, changed_at_ms, place) VALUES (1, 'POS-001', 'pending', 5, 4294967296 + 7);
    UPDATE totals SET pending = 1, last_seq = 1, last_receipt_id = '${OLD_ID}'`)
  return db
}

const textsIn = (db: Database) =>
  db
    .prepare<{ document: string }>('SELECT document FROM documents ORDER BY place')
    .all()
    .map(({ document }) => document)
const namedIn = (text = '') => NAMES.filter((name) => text.includes(`"${name}"`))

async function print(journal: Journal, doc: FiscalDoc): Promise<ReceiptId> {
  const { id } = await accepted(journal)
  await journal.write((tx) => {
    tx.markPrinting(id)
    tx.recordPrinted(id, doc, 'printed')
  })
  return id
}

describe('a buffer of the schema before 107', () => {
  test('has its document as it was, and is delivered with it', () => {
    const db = older()
    const before = textsIn(db)
    const journal = createJournal(db, { clock: new TestClock(), maxUndelivered: 100 })
    expect(textsIn(db)).toEqual(before)
    expect(journal.queries.nextToDeliver('POS-001')).toMatchObject({ id: OLD_ID, fiscalDoc: docOf(7) })
  })

  test('goes on with documents that leave out their registration, and reads both alike', async () => {
    const db = older()
    const journal = createJournal(db, { clock: new TestClock(), maxUndelivered: 100 })
    const id = await print(journal, docOf(8))
    expect(textsIn(db).map(namedIn)).toEqual([NAMES, []])
    expect([OLD_ID, id].map((one) => journal.queries.find(one)?.fiscalDoc)).toEqual([docOf(7), docOf(8)])
  })
})

describe('the registration of an FN', () => {
  test('is that of its first document, and documents of another one keep their own', async () => {
    const { db, journal } = journalAndDb()
    const first = await print(journal, docOf(1))
    const { details } = docOf(2)
    if (!details) throw new Error('The document has no details')
    const moved = { ...docOf(2), details: { ...details, address: 'г. Тверь', place: null } }
    const [second, third] = [await print(journal, moved), await print(journal, docOf(3))]
    expect(textsIn(db).map(namedIn)).toEqual([[], ['address', 'place'], []])
    const found = [first, second, third].map((id) => journal.queries.find(id)?.fiscalDoc)
    expect(found).toEqual([docOf(1), moved, docOf(3)])
  })

  test('is its own: a second FN has another', async () => {
    const { db, journal } = journalAndDb()
    await print(journal, docOf(1))
    const second = docOf(1, '9999000000000002')
    if (second.details) second.details.serialNumber = 'TEST0000000002'
    const id = await print(journal, second)
    expect(textsIn(db).map(namedIn)).toEqual([[], []])
    expect(journal.queries.find(id)?.fiscalDoc).toEqual(second)
  })

  test('is not kept for later by a commit that was undone', async () => {
    const { db, journal } = journalAndDb()
    const { id } = await accepted(journal)
    const undone = journal.write((tx) => {
      tx.markPrinting(id)
      tx.recordPrinted(id, docOf(1), 'printed')
      throw new Error('undone')
    })
    await expect(undone).rejects.toThrow('undone')
    const other = docOf(1)
    if (other.details) other.details.place = 'Ларёк 2'
    const printed = await print(journal, other)
    expect(textsIn(db).map(namedIn)).toEqual([[]])
    expect(journal.queries.find(printed)?.fiscalDoc).toEqual(other)
  })

  test('is not needed by documents that say none', async () => {
    const { db, journal } = journalAndDb()
    const { details: _none, ...doc } = docOf(1)
    const id = await print(journal, doc)
    expect(journal.queries.find(id)?.fiscalDoc).toEqual(doc)
    expect(db.prepare<unknown>('SELECT registration FROM fiscal_memories').all()).toEqual([{ registration: null }])
  })
})
