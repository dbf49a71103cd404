import { describe, expect, test } from 'bun:test'
import { LONG, SEED, seededRandom, TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import type { Customer } from '../domain/customer.ts'
import { localDate, type ReceiptId } from '../domain/receipt.ts'
import type { Status } from '../domain/state.ts'
import { content, fiscalDoc, freshKey, journalAndDb } from '../testing/kit.ts'
import { plansOf } from '../testing/watched_statements.ts'
import { createJournal, type Journal } from './journal.ts'
import type { LookUp, ReceiptFilter } from './look_ups.ts'

const [FIRST_FN, SECOND_FN] = ['9999000000000001', '9999000000000002']
const [ANNA, BORIS] = ['anna@example.com', '+7 912 345-67-89']
const DAYS = ['2026-01-30', '2026-01-31'] as const
const OF_ALL: ReceiptFilter = { status: null, posId: null }

type Sold = { id: ReceiptId; posId: string; status: Status; totalKopecks: number; customer: string | null } & (
  | { fdNumber: number; sign: number; date: string }
  | { fdNumber: null }
)

/** Receipts of two tills, FNs, days, sums and customers in each combination, a few of them in each of many thousands. */
async function shop() {
  const { db, journal } = journalAndDb()
  const all: Sold[] = []
  for (let n = 0; n < 48; n += 1) {
    // So that the receipts are not all in one thousand.
    db.exec('UPDATE totals SET last_seq = last_seq + 130')
    all.unshift(await sell(journal, n))
  }
  return { db, journal, all }
}

let opened: ReturnType<typeof shop> | undefined
/** One for all tests that only read, because filling it takes longer than they do. */
const openShop = () => {
  opened ??= shop()
  return opened
}

async function sell(journal: Journal, n: number): Promise<Sold> {
  const [posId, totalKopecks] = [n % 2 === 0 ? 'POS-A' : 'POS-B', n % 3 === 0 ? 10_000 : 15_050]
  const customer = [null, ANNA, BORIS][Math.floor(n / 2) % 3] ?? null
  const intake = await journal.write((tx) =>
    tx.accept({ key: freshKey(), content: { ...content(posId, totalKopecks), ...withCustomer(customer) } }),
  )
  if (intake.kind !== 'accepted') throw new Error(intake.kind)
  const { id } = intake.receipt
  const sold = { id, posId, totalKopecks, customer }
  if (n % 8 === 7) return { ...sold, status: 'accepted', fdNumber: null }
  const isSynced = n % 4 !== 0
  const doc = {
    ...fiscalDoc(1 + (n % 24)),
    fnNumber: n < 24 ? FIRST_FN : SECOND_FN,
    fiscalSign: String(n % 16).padStart(10, '0'),
    fiscalDatetime: `${DAYS[n < 20 ? 0 : 1]}T23:59:00+03:00`,
  }
  await journal.write((tx) => {
    tx.markPrinting(id)
    tx.recordPrinted(id, doc, 'printed')
    tx.markSyncing(id)
    if (isSynced) tx.recordSynced(id, `OFD-${n}`)
  })
  const numbers = { fdNumber: doc.fdNumber, sign: Number(doc.fiscalSign), date: localDate(doc) }
  return { ...sold, ...numbers, status: isSynced ? 'synced' : 'syncing' }
}

function withCustomer(contact: string | null): { customer?: Customer } {
  if (contact === null) return {}
  return { customer: contact.includes('@') ? { email: contact } : { phone: contact } }
}

function fits(
  sold: Sold,
  { status, posId, fdNumber, fiscalSign, totalKopecks, date, contact }: ReceiptFilter,
): boolean {
  const isOfDocument =
    sold.fdNumber === null
      ? fdNumber === undefined && fiscalSign === undefined && date === undefined
      : (fdNumber ?? sold.fdNumber) === sold.fdNumber &&
        (fiscalSign ?? sold.sign) === sold.sign &&
        (date ?? sold.date) === sold.date
  return (
    isOfDocument &&
    (status ?? sold.status) === sold.status &&
    (posId ?? sold.posId) === sold.posId &&
    (totalKopecks ?? sold.totalKopecks) === sold.totalKopecks &&
    (contact ?? sold.customer) === sold.customer
  )
}

type ToPage = (cursor: string | null) => ReturnType<Journal['queries']['list']>

function walk(read: ToPage): ReceiptId[] {
  const seen: ReceiptId[] = []
  let cursor: string | null = null
  do {
    const page: ReturnType<ToPage> = read(cursor)
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== null)
  return seen
}

/** Each filter with or without each field. */
function filters(): ReceiptFilter[] {
  const fields: Partial<ReceiptFilter>[][] = [
    [{}, { status: 'synced' }, { status: 'syncing' }],
    [{}, { posId: 'POS-A' }, { posId: 'POS-C' }],
    [{}, { fdNumber: 3 }],
    [{}, { fiscalSign: 2 }],
    [{}, { totalKopecks: 10_000 }, { totalKopecks: 15_050 }],
    [{}, { date: DAYS[0] }, { date: DAYS[1] }],
    [{}, { contact: ANNA }, { contact: BORIS }],
  ]
  return fields.reduce<ReceiptFilter[]>(
    (made, ways) => made.flatMap((one) => ways.map((way) => ({ ...one, ...way }))),
    [OF_ALL],
  )
}

/** Each filter, by small pages and by large ones. The short form has a third of them, others in other runs. */
function looks(): (readonly [ReceiptFilter, number[]])[] {
  if (LONG) return filters().map((filter) => [filter, [2, 100]])
  const draw = seededRandom()
  return filters().flatMap((filter) => (draw(3) === 0 ? [[filter, [draw(2) === 0 ? 2 : 100]] as const] : []))
}

test(`each field, and all of them together, find exactly the receipts that fit, page by page, none twice (SEED=${SEED})`, async () => {
  const { journal, all } = await openShop()
  const ids = (filter: ReceiptFilter) => all.filter((sold) => fits(sold, filter)).map(({ id }) => id)
  expect(filters().filter((filter) => ids(filter).length > 1).length).toBeGreaterThan(100)
  for (const [filter, limits] of looks()) {
    for (const limit of limits) {
      const found = walk((cursor) => journal.queries.list(filter, cursor, limit))
      expect({ filter, found }).toEqual({ filter, found: ids(filter) })
    }
  }
})

test.each<[string, LookUp, LookUp]>([
  ['an e-mail address in other letters', { contact: 'ANNA@Example.com' }, { contact: ANNA }],
  ['a phone in another form', { contact: '8(912)3456789' }, { contact: BORIS }],
])('%s is the same', async (_what, given, kept) => {
  const { journal, all } = await openShop()
  const found = walk((cursor) => journal.queries.list({ ...OF_ALL, ...given }, cursor, 10))
  expect(found).toEqual(all.filter((sold) => fits(sold, { ...OF_ALL, ...kept })).map(({ id }) => id))
  expect(found.length).toBeGreaterThan(5)
})

test('several tills together are looked through, and no other', async () => {
  const { journal, all } = await openShop()
  const filter = { status: null, totalKopecks: 10_000 }
  const of = (tills: string[]) => walk((cursor) => journal.queries.listOf(tills, filter, cursor, 2))
  const ids = (posIds: string[]) =>
    all.filter((sold) => sold.totalKopecks === 10_000 && posIds.includes(sold.posId)).map(({ id }) => id)
  expect(of(['POS-B', 'POS-A'])).toEqual(ids(['POS-A', 'POS-B']))
  expect(of(['POS-B'])).toEqual(ids(['POS-B']))
})

test('what came back from the KKT, and what a till has sent again since, is found by its customer', async () => {
  const { journal } = journalAndDb()
  const id = '01900000-0000-7000-8000-000000000001' as ReceiptId
  const held = { ...content(), customer: { email: ANNA } }
  const doc = fiscalDoc(1)
  await journal.write((tx) => tx.bringBack({ id, doc, paper: 'printed', content: held }))
  const found = () => journal.queries.list({ ...OF_ALL, contact: ANNA }, null, 10).items.map((one) => one.id)
  expect(found()).toEqual([id])
  const again = await journal.write((tx) => tx.accept({ key: freshKey(), content: held }))
  if (again.kind !== 'accepted') throw new Error(again.kind)
  const lost = { id: '01900000-0000-7000-8000-000000000002' as ReceiptId, doc: fiscalDoc(2), paper: 'printed' as const }
  const key = freshKey()
  const { id: other } = again.receipt
  const words = { said: held, filledIn: null }
  await journal.write((tx) => tx.recognise({ id: other, key }, { ...lost, content: content() }, words))
  expect(found()).toEqual([lost.id, id])
})

test('no column but the content has a customer in clear', async () => {
  const { db } = await openShop()
  const rows = db.prepare<Record<string, unknown>>('SELECT * FROM receipts').all()
  const clear = rows.map(({ content: _, ...others }) => JSON.stringify(others)).join()
  expect(rows.filter(({ contact }) => contact !== null).length).toBeGreaterThan(20)
  for (const text of ['anna', 'example.com', '9123456789', '345-67-89']) expect(clear).not.toContain(text)
})

describe('by indexes alone', () => {
  let known: ReturnType<typeof plansOf> | undefined
  const plans = () => {
    known ??= plansOf(openDatabase(':memory:'), (db) =>
      createJournal(db, { clock: new TestClock(), maxUndelivered: 1 }),
    )
    return known
  }

  test.each([
    ['fd', 'documents.place = turn', 'SEARCH documents USING INTEGER PRIMARY KEY (rowid=?)'],
    ['fpd', 'AND fiscal_sign = ?5) AND seq', 'documents_by_sign (<expr>=? AND fiscal_sign=?)'],
    ['total', 'AND total_kopecks = ?6) AND seq', 'sales_by_total (<expr>=? AND total_kopecks=?)'],
    ['contact', 'AND contact = ?8) AND seq', 'sales_by_contact (<expr>=? AND contact=?)'],
    ['date', 'local_date = ?7 AND seq BETWEEN', 'documents_by_date (local_date=? AND seq>? AND seq<?)'],
    ["a day's file", 'local_date = ?1 AND seq > ?2', 'documents_by_date (local_date=? AND seq>?)'],
    ["a day's thousands", 'max(seq) FROM documents WHERE local_date', 'documents_by_date (local_date=?)'],
  ])('%s reads no table from end to end, and sorts nothing', (_what, part, index) => {
    const [plan, ...others] = plans().filter(({ sql }) => sql.includes(part))
    expect(others).toEqual([])
    expect(plan?.steps.filter((step) => /^SCAN (?!fiscal_memories|CONSTANT)|TEMP B-TREE/.test(step))).toEqual([])
    expect(plan?.steps.filter((step) => step.endsWith(index))).not.toEqual([])
    // The receipts themselves are read by their numbers.
    if (plan?.sql.includes('FROM receipts'))
      expect(plan.steps).toContain('SEARCH states USING INTEGER PRIMARY KEY (rowid=?)')
  })
})
