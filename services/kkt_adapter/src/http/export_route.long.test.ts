import { describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import type { FiscalDoc, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { problemOf, startApp } from '../testing/app_kit.ts'
import { codeOf, startGuarded } from '../testing/guarded_app.ts'
import { content, fiscalDoc, freshKey } from '../testing/kit.ts'

const FILE = '/v1/kkt/receipts.csv'

type App = Pick<ReturnType<typeof startApp>, 'journal'>

async function sold({ journal }: App, doc: FiscalDoc, more: Partial<ReceiptContent> = {}, who = 'office 10.0.0.7') {
  const said = Object.assign(content(), more)
  const intake = await journal.write((tx) => tx.accept({ key: freshKey(), content: said }, { owner: null, who }))
  if (intake.kind !== 'accepted') throw new Error(intake.kind)
  const { id } = intake.receipt
  await journal.write((tx) => {
    tx.markPrinting(id)
    tx.recordPrinted(id, doc, 'printed')
  })
  return id
}

const at = (fdNumber: number, fiscalDatetime: string): FiscalDoc => ({ ...fiscalDoc(fdNumber), fiscalDatetime })
const inRussian = { headers: { 'accept-language': 'ru' } }
const rowsOf = (text: string) => text.split('\r\n').slice(1, -1)
const documentsIn = (text: string) => rowsOf(text).map((line) => Number(line.split(';')[0]))

/** The ids of receipts differ from run to run. */
const named = (text: string, ids: Record<string, ReceiptId>) =>
  Object.entries(ids).reduce((done, [name, id]) => done.replaceAll(id, name), text)

test('a day is byte for byte the file that was written by hand', async () => {
  const app = startApp()
  const sale = await sold(
    app,
    { ...at(41, '2026-01-31T10:05:00+03:00'), totalKopecks: 12_250 },
    {
      items: [
        { name: 'Frame', priceKopecks: 12_200, quantityMicro: 1_000_000, totalKopecks: 12_200, vat: 'vat22' },
        { name: 'Gift', priceKopecks: 50, quantityMicro: 1_000_000, totalKopecks: 50, vat: 'none' },
      ],
      payments: [
        { type: 'card', amountKopecks: 2000 },
        { type: 'cash', amountKopecks: 20_000 },
      ],
      totalKopecks: 12_250,
      cashier: { name: '=HYPERLINK("http://evil.example";"x")' },
      customer: { email: 'anna@example.com', name: 'Anna' },
      taxationSystem: 'osn',
    },
  )
  const numbers = { fnNumber: '9999000000000001', fdNumber: 41, fiscalSign: '0123456789' }
  const refund = await sold(app, at(42, '2026-01-31T10:06:00+03:00'), { type: 'refund', refundOf: numbers })
  const right = await sold(app, at(43, '2026-01-31T10:07:00+03:00'), {
    posId: '-POS',
    correction: { type: 'instruction', date: '2026-01-30', number: '+17' },
    corrects: { receiptId: sale },
  })
  const { text, headers } = await app.read(`${FILE}?date=2026-01-31`, inRussian)
  const file = readFileSync(new URL('./by_hand/day.csv', import.meta.url))
  expect(named(`\ufeff${text}`, { SALE: sale, REFUND: refund, RIGHT: right })).toBe(file.toString('utf8'))
  expect([...file.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="receipts-2026-01-31.csv"',
    'content-language': 'ru',
    'cache-control': 'no-store',
  })
})

test('the file begins with the mark by which Excel knows UTF-8, and names no customer', async () => {
  const app = startApp()
  await sold(app, fiscalDoc(1), { customer: { phone: '+79123456789', name: 'Anna', inn: '770123456789' } })
  const response = await app.app.handle(new Request(`http://localhost${FILE}?date=2026-01-31`))
  const bytes = new Uint8Array(await response.arrayBuffer())
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
  const text = new TextDecoder().decode(bytes)
  expect(text).toStartWith('FD;FN;FPD;')
  for (const secret of ['9123456789', 'Anna', '770123456789']) expect(text).not.toContain(secret)
})

test('each line has as many columns as the header', async () => {
  const app = startApp()
  await sold(app, fiscalDoc(1))
  const { text } = await app.read(`${FILE}?date=2026-01-31`)
  expect(
    new Set(
      text
        .trim()
        .split('\r\n')
        .map((line) => line.split(';').length),
    ).size,
  ).toBe(1)
})

test("a day ends at midnight in the KKT's zone, wherever UTC is then", async () => {
  const app = startApp()
  const times = ['30T23:59:00+10:00', '31T00:00:00+10:00', '31T23:59:00+10:00']
  for (const [i, time] of times.entries()) await sold(app, at(i + 1, `2026-01-${time}`))
  await sold(app, at(4, '2026-02-01T00:00:00+10:00'))
  const of = async (date: string) => documentsIn((await app.read(`${FILE}?date=${date}`)).text)
  expect([await of('2026-01-30'), await of('2026-01-31'), await of('2026-02-01')]).toEqual([[1], [2, 3], [4]])
})

test('an empty day is a header alone, and receipts without a document are in no day', async () => {
  const app = startApp()
  await app.journal.write((tx) => tx.accept({ key: freshKey(), content: content() }))
  for (const date of ['2026-01-31', '1999-12-31']) {
    const { status, text } = await app.read(`${FILE}?date=${date}`)
    expect([status, text.split('\r\n').length]).toEqual([200, 2])
  }
})

describe('page by page', () => {
  test('a long day has each document once, in order, and other work gets in between', async () => {
    const app = startApp({ maxSize: 1000 })
    const all = Array.from({ length: 333 }, (_, i) => i + 1)
    for (const fdNumber of all) await sold(app, fiscalDoc(fdNumber))
    const response = await app.app.handle(new Request(`http://localhost${FILE}?date=2026-01-31`))
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let [text, turns, isOver] = ['', 0, false]
    const others = () => {
      turns += 1
      if (!isOver) setImmediate(others)
    }
    setImmediate(others)
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) text += part.value
    isOver = true
    expect(documentsIn(text)).toEqual(all)
    expect(turns).toBeGreaterThan(333 / 50)
  })

  test('nothing is read before somebody takes it', async () => {
    const app = startApp({ maxSize: 1000 })
    for (let n = 1; n <= 333; n += 1) await sold(app, fiscalDoc(n))
    const { ofDay } = app.journal.queries
    let pages = 0
    Object.assign(app.journal.queries, {
      ofDay: (...asked: Parameters<typeof ofDay>) => {
        pages += 1
        return ofDay(...asked)
      },
    })
    const response = await app.app.handle(new Request(`http://localhost${FILE}?date=2026-01-31`))
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(pages).toBeLessThanOrEqual(2)
    await response.body?.cancel()
  })

  test('a disk that fails under way cuts the file off, and the log says so', async () => {
    const app = startApp({ maxSize: 1000 })
    for (let n = 1; n <= 120; n += 1) await sold(app, fiscalDoc(n))
    const { ofDay } = app.journal.queries
    Object.assign(app.journal.queries, {
      ofDay(date: string, after: number, limit: number) {
        if (after > 50) throw new StorageFailure('SQLITE_IOERR', {})
        return ofDay(date, after, limit)
      },
    })
    const response = await app.app.handle(new Request(`http://localhost${FILE}?date=2026-01-31`))
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
    expect(app.logLines.join()).toContain('export_cut_off')
  })
})

test('a wrong day is a 422 that names it, and a till gets no file', async () => {
  const { ask } = startApp()
  for (const query of ['', '?date=31.01.2026', '?date=2026-02-30', '?date=2026-01-31&pos_id=POS-001']) {
    const { status, json } = await ask('GET', `${FILE}${query}`)
    expect([status, problemOf(json).code]).toEqual([422, 'invalid_query'])
  }
  const { as, till1 } = startGuarded()
  const refused = await as(till1)('GET', `${FILE}?date=2026-01-31`)
  expect([refused.status, codeOf(refused.json)]).toEqual([403, 'not_allowed'])
})
