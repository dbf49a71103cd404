/** A memory that an earlier version has written. */
import { expect, onTestFinished, test } from 'bun:test'
import type { FiscalDoc } from '@kkt/adapter/src/domain/receipt.ts'
import { content, temporaryFile } from '@kkt/adapter/src/testing/kit.ts'
import { HOUR_MS, handOne, keyOf, nextId, sale, TOKEN, token } from '@kkt/adapter/src/testing/mock_kkt_kit.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { openDatabase } from '#sqlite'
import { openMockKkt } from '../in_process/mock_kkt.ts'
import schema4 from './fiscal_memory.sql' with { type: 'text' }

const FN_NUMBER = '9999322233119332'
const OPENED_AT_MS = Date.UTC(2026, 0, 31, 11)

const docOf = (fdNumber: number): FiscalDoc => ({
  fdNumber,
  fiscalSign: '4599235197',
  fiscalDatetime: `2026-01-31T11:0${fdNumber}:06Z`,
  fnNumber: FN_NUMBER,
  kktNumber: 'KKT-007',
  shiftNumber: 4,
  receiptNumber: fdNumber,
  totalKopecks: 10_000,
  qrCodeData: `t=20260131T110${fdNumber}&s=100.00&fn=${FN_NUMBER}&i=${fdNumber}&fp=4599235197&n=1`,
})

/** The content of the first receipt as that version kept it. */
const KEPT = {
  posId: 'POS-001',
  type: 'sale',
  items: [{ name: 'Frame', priceKopecks: 10_000, quantityMilli: 1000, totalKopecks: 10_000, vatRate: 22 }],
  payments: [{ type: 'cash', amountKopecks: 10_000 }],
  totalKopecks: 10_000,
}

/** A memory of schema 4 with so many receipts, in its shift 4. */
function written(receipts: number) {
  const path = temporaryFile('kkt.db')
  const ids = Array.from({ length: receipts }, nextId)
  const db = openDatabase(path)
  db.exec(schema4)
  db.exec('PRAGMA user_version = 4')
  db.prepare('INSERT INTO fn VALUES (1, ?, ?, 4, ?)').run(FN_NUMBER, 'a key', OPENED_AT_MS)
  db.exec("UPDATE device SET kkt_number = 'KKT-007', newest_token = 3")
  const insert = db.prepare(
    'INSERT INTO documents (fd_number, receipt_id, shift_number, receipt_number, doc, printed, content) VALUES (?, ?, 4, ?, ?, ?, ?)',
  )
  for (const [n, id] of ids.entries()) {
    const doc = JSON.stringify(docOf(n + 1))
    insert.run(n + 1, id, n + 1, doc, n === 0 ? 1 : 0, n === 0 ? JSON.stringify(KEPT) : null)
  }
  db.close()
  return { path, ids }
}

function open(path: string, clock = new TestClock()) {
  const options = { kktNumber: 'KKT-007', printDelayMinMs: 0, printDelayMaxMs: 0 }
  const kkt = openMockKkt(openDatabase(path), options, { clock, random: () => 0 })
  onTestFinished(() => kkt.close())
  return kkt
}

test('keeps what it has signed, and every look-up finds it', async () => {
  const { path, ids } = written(2)
  const kkt = open(path)
  expect(kkt.documents(0, 10)).toEqual(
    ids.map((receiptId, n) => ({
      fdNumber: n + 1,
      kind: 'receipt',
      receiptId,
      shiftNumber: 4,
      receiptNumber: n + 1,
      isOnPaper: n === 0,
    })),
  )
  for (const [n, id] of ids.entries()) {
    const paper = n === 0 ? 'printed' : 'missing'
    expect(await kkt.lookup(id, token(3))).toEqual({ kind: 'found', doc: docOf(n + 1), paper })
  }
  expect(await kkt.lookupKey(keyOf(nextId()), token(3))).toEqual({ kind: 'absent' })
  expect(await kkt.documentsAfter(0, 10)).toMatchObject([
    { fdNumber: 1, receipt: { id: ids[0], content: content() } },
    { fdNumber: 2, receipt: { id: ids[1], content: null } },
  ])
  expect(await kkt.lookup(nextId(), TOKEN)).toMatchObject({ kind: 'outdated', newest: 3 })
})

test('goes on in its shift, behind its last document, and is not registered a second time', async () => {
  const { path } = written(2)
  const kkt = open(path)
  expect(await kkt.state()).toMatchObject({ fnNumber: FN_NUMBER, shiftNumber: 4, lastFdNumber: 2, trouble: null })
  const next = await handOne(kkt, sale(nextId()), token(3))
  expect(next).toMatchObject({ doc: { fdNumber: 3, fnNumber: FN_NUMBER, shiftNumber: 4, receiptNumber: 3 } })
  kkt.close()
  expect(open(path).documents(0, 10)).toHaveLength(3)
})

test('counts those of its receipts that it kept the sale of', async () => {
  const kkt = open(written(2).path)
  const sale = { count: 1, sumKopecks: 10_000, payments: { cash: 10_000 } }
  expect(await kkt.shiftReport()).toMatchObject({ totals: { receipts: { sale } }, drawerKopecks: 10_000 })
})

test('lets its shift expire when that is due', async () => {
  const { path } = written(1)
  const clock = new TestClock(OPENED_AT_MS + 24 * HOUR_MS)
  expect(await open(path, clock).state()).toMatchObject({ trouble: 'shift_expired' })
})

test('signs nothing before the time of its last document', async () => {
  const { path } = written(2)
  const kkt = open(path, new TestClock(OPENED_AT_MS))
  const outcome = await handOne(kkt, sale(nextId()), token(3))
  expect(outcome).toMatchObject({ kind: 'done', doc: { fiscalDatetime: '2026-01-31T14:02:00+03:00' } })
})

test('is registered if it has signed nothing yet, under its own number', async () => {
  const { path } = written(0)
  const kkt = open(path)
  expect(await kkt.state()).toMatchObject({ fnNumber: FN_NUMBER, shiftNumber: 0, lastFdNumber: 1 })
  expect(kkt.documents(0, 10)).toMatchObject([{ kind: 'registration' }])
  const first = await handOne(kkt, sale(nextId()), token(3))
  expect(first).toMatchObject({ doc: { fdNumber: 3, fnNumber: FN_NUMBER, shiftNumber: 1, receiptNumber: 1 } })
})
