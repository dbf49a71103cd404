/** A till's words, its settings beside them, and its answer. */
import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { z } from 'zod'
import type { TillDefaults } from '../domain/filled_in.ts'
import type { FnReceipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { body, problemOf, startApp } from '../testing/app_kit.ts'
import { content, fiscalDoc, nextFd } from '../testing/kit.ts'
import { readHealth } from './health_routes.ts'

const CASHIER = { name: 'Иванова А. А.' }
const SETTINGS: TillDefaults = {
  ofReceipt: { taxationSystem: 'osn', cashier: CASHIER, place: 'Магазин № 3' },
  ofItems: { paymentMethod: 'full_payment', paymentObject: 'commodity', measure: 'piece' },
}

const answered = z.object({
  status: z.enum(['printed', 'buffered']),
  receipt_id: z.guid(),
  paper: z.enum(['printed', 'missing', 'none']),
  fiscal_doc: z.object({ fiscal_doc_number: z.number() }).nullable(),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
})

function start(options: Parameters<typeof startApp>[0] = {}) {
  const app = startApp(options)
  const handed: ReceiptContent[] = []
  const { fiscalize } = app.kkt
  app.kkt.fiscalize = (receipts) => {
    for (const { content } of receipts) handed.push(content)
    return fiscalize.call(app.kkt, receipts)
  }
  const sell = async (...args: Parameters<typeof app.post>) => answered.parse((await app.post(...args)).json)
  const codes = async (...args: Parameters<typeof app.post>) => (await sell(...args)).warnings.map(({ code }) => code)
  return { ...app, handed, sell, codes }
}

describe("a till's settings", () => {
  test('are in what the KKT gets and in what the journal tells, and not in its words', async () => {
    const { sell, state, handed, journal, db } = start()
    state.tillDefaults = SETTINGS
    const { receipt_id } = await sell()
    const filledIn = { ...SETTINGS.ofReceipt, items: [SETTINGS.ofItems] }
    expect(handed).toMatchObject([filledIn])
    expect(journal.queries.list({ status: null, posId: null }, null, 1).items).toMatchObject([{ content: filledIn }])
    const row = db
      .prepare<{ content: string; filled_in: string }>('SELECT content, filled_in FROM sales WHERE receipt_id = ?')
      .get(receipt_id)
    expect(JSON.parse(row?.filled_in ?? '')).toEqual(SETTINGS)
    expect(row?.content).not.toContain('full_payment')
  })

  test('are asked for by the name of the till', async () => {
    const { post, deps } = startApp()
    const asked: string[] = []
    deps.rules.defaultsOf = (posId) => {
      asked.push(posId)
      return SETTINGS
    }
    await post(body({ pos_id: 'POS-7' }))
    expect(asked).toEqual(['POS-7'])
  })

  test('that change later change nothing of a receipt, and its key gets the same answer', async () => {
    const { post, state, journal, kkt } = start()
    state.tillDefaults = SETTINGS
    const first = await post(body(), 'one-key')
    state.tillDefaults = { ofReceipt: { place: 'Рынок' }, ofItems: {} }
    const again = await post(body(), 'one-key')
    expect([again.status, again.text]).toEqual([200, first.text])
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(journal.queries.list({ status: null, posId: null }, null, 9).items).toMatchObject([
      { content: { place: 'Магазин № 3', cashier: CASHIER } },
    ])
    expect(kkt.handed).toHaveLength(1)
  })

  test('that say nothing leave nothing beside the receipt', async () => {
    const { sell, state, db } = start()
    state.tillDefaults = { ofReceipt: {}, ofItems: {} }
    await sell()
    expect(db.prepare<object>('SELECT filled_in FROM sales').all()).toEqual([{ filled_in: null }])
  })

  test('in a file that turned bad degrade health, which says why', async () => {
    const { deps } = startApp()
    const fault = 'The file of TILLS_FILE is wrong: line 1 is not JSON.'
    const { status, components } = await readHealth({ ...deps, tills: { fault: () => fault } })
    expect([status, components.tills]).toEqual(['degraded', { status: 'degraded', error: fault }])
    const sound = await readHealth({ ...deps, tills: { fault: () => null } })
    expect(sound.components.tills).toEqual({ status: 'healthy', error: null })
  })
})

describe('the paper', () => {
  test('is printed, with the document', async () => {
    expect(await start().sell()).toMatchObject({ status: 'printed', paper: 'printed', fiscal_doc: {} })
  })

  test('is missing beside the document of a KKT without paper, until it is printed', async () => {
    const { sell, kkt } = start()
    const refill = Promise.withResolvers<void>()
    kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: make(), paper: 'missing' })
    kkt.onReprint = async () => {
      await refill.promise
      return { kind: 'done' }
    }
    const first = await sell(body(), 'one-key')
    expect(first).toMatchObject({ status: 'buffered', paper: 'missing' })
    expect(first.fiscal_doc).not.toBeNull()
    expect(await sell(body(), 'one-key')).toEqual(first)
    refill.resolve()
    await settle()
    const { fiscal_doc } = first
    expect(await sell(body(), 'one-key')).toMatchObject({ status: 'printed', paper: 'printed', fiscal_doc })
  })

  test('that the KKT can print no more is missing for good, and the answer is final', async () => {
    const { post, journal, kkt } = start()
    kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: make(), paper: 'missing' })
    kkt.onReprint = async () => ({ kind: 'refused', isLasting: true, reason: 'another FN is in it' })
    const { receipt_id, fiscal_doc } = answered.parse((await post(body(), 'one-key')).json)
    await settle()
    const { json } = await post(body(), 'one-key')
    expect(json).toMatchObject({ status: 'printed', paper: 'missing', receipt_id, fiscal_doc })
    expect(json).toMatchObject({ message: expect.stringContaining('/slip') })
    expect(journal.queries.countWithoutPaper()).toBe(0)
  })

  test('is none while there is no document', async () => {
    const { post, kkt, clock, deps } = start()
    kkt.onFiscalize = () => new Promise(() => undefined)
    const slow = post()
    await clock.advance(deps.printTimeoutMs)
    expect((await slow).json).toMatchObject({ status: 'buffered', paper: 'none', fiscal_doc: null, warnings: [] })
  })
})

const FRAME = { name: 'Frame', price: 100, quantity: 1, total: 100 }
const TWENTY = body({ items: [{ ...FRAME, vat_rate: 20 }] })
const TWENTY_TWO = body({ items: [{ ...FRAME, vat_rate: 22 }] })
const DAY_MS = 24 * 60 * 60 * 1000
/** In Moscow, where it is three hours later than in UTC. */
const NEW_YEAR_MS = Date.UTC(2025, 11, 31, 21)

describe('a sale at a rate that the law has ended', () => {
  function at(wallMs: number, options: Parameters<typeof startApp>[0] = {}) {
    const app = start(options)
    app.clock.setWallBy(wallMs - app.clock.wallMs())
    return app
  }

  test('is refused by the day of the zone, which is named with the rate and the rule, and leaves no trace', async () => {
    const { post, journal, kkt, db } = at(NEW_YEAR_MS)
    const { status, json } = await post(TWENTY, 'one-key')
    const { code, detail } = problemOf(json)
    expect([status, code]).toEqual([422, 'vat_rate_refused'])
    for (const word of ['vat20', '2026-01-01', 'АБ-4-20/11248@', '/items/0/vat']) expect(detail).toContain(word)
    expect(json).toMatchObject({ errors: [{ pointer: '/items/0/vat' }] })
    expect([journal.queries.counts().accepted, kkt.handed]).toEqual([0, []])
    for (const table of ['sales', 'states', 'events'])
      expect(db.prepare<object>(`SELECT * FROM ${table}`).all()).toEqual([])
  })

  test('is taken a moment earlier, and its key is answered whatever the date is now', async () => {
    const { post, clock, kkt } = at(NEW_YEAR_MS - 1000)
    const first = await post(TWENTY, 'one-key')
    expect(first.json).toMatchObject({ status: 'printed', warnings: [] })
    clock.setWallBy(2000)
    const again = await post(TWENTY, 'one-key')
    expect([again.status, again.text, kkt.handed.length]).toEqual([200, first.text, 1])
    expect((await post(TWENTY, 'another-key')).status).toBe(422)
  })

  test('is only warned of with VAT_RULES=warn, and at a replay after the year, too', async () => {
    const { codes, clock } = at(NEW_YEAR_MS, { refusesBadVat: false })
    expect(await codes(TWENTY, 'one-key')).toEqual(['vat_rate_ended'])
    clock.setWallBy(-2000)
    expect(await codes(TWENTY, 'one-key')).toEqual(['vat_rate_ended'])
    expect(await codes(TWENTY, 'another-key')).toEqual(['vat_rate_ended'])
  })

  test('of the new year is sold by a machine that has lost its time, and the old one is not', async () => {
    const { codes, post, clock } = at(NEW_YEAR_MS)
    expect(await codes(TWENTY_TWO)).toEqual([])
    clock.setWallBy(-40 * 365 * DAY_MS)
    expect(await codes(TWENTY_TWO)).toEqual([])
    const both = [
      { ...FRAME, vat_rate: 22 },
      { ...FRAME, vat_rate: 20 },
    ]
    const { json } = await post(body({ items: both, payments: [{ type: 'cash', amount: 200 }] }))
    expect(problemOf(json)).toMatchObject({ code: 'vat_rate_refused', errors: [{ pointer: '/items/1/vat' }] })
  })

  test('that is too new waits for its day where no later day is known', async () => {
    const { json } = await at(NEW_YEAR_MS - DAY_MS).post(TWENTY_TWO)
    expect(problemOf(json).code).toBe('vat_rate_refused')
    expect(problemOf(json).detail).toContain('set the clock right')
  })

  test('is answered as printed where only the KKT knows its key, from a lost journal, and is refused where it does not', async () => {
    const { post, journal, kkt } = at(NEW_YEAR_MS)
    const doc = fiscalDoc(nextFd())
    const earlier = {
      id: '019b0000-0000-7000-8000-000000000001' as ReceiptId,
      content: null,
      paper: 'printed' as const,
      doc,
    }
    await journal.write((tx) => tx.meetFn(doc.fnNumber, doc.fdNumber, true))
    kkt.onLookupKey = async (key) =>
      String(key) === 'known-key' ? { kind: 'found', receipt: earlier } : { kind: 'absent' }
    expect((await post(TWENTY, 'known-key')).json).toMatchObject({
      status: 'printed',
      receipt_id: earlier.id,
      fiscal_doc: { fiscal_doc_number: doc.fdNumber },
    })
    const { status, json } = await post(TWENTY, 'another-key')
    expect([status, problemOf(json).code]).toEqual([422, 'vat_rate_refused'])
    expect([journal.queries.counts().refused, kkt.handed]).toEqual([0, []])
  })

  test('comes back as a refund without a word', async () => {
    expect(await at(NEW_YEAR_MS).codes({ ...TWENTY, type: 'refund' })).toEqual([])
  })

  test('is judged with what the settings fill in', async () => {
    const { codes, state } = at(NEW_YEAR_MS)
    state.tillDefaults = { ofReceipt: { cashier: CASHIER }, ofItems: { paymentMethod: 'credit_payment' } }
    expect(await codes(TWENTY)).toEqual([])
  })
})

describe('a warning', () => {
  test('of a receipt that the KKT knows from a lost journal goes by the settings that held then', async () => {
    const { codes, kkt, handed } = start({ refusesBadVat: false })
    const held: ReceiptContent = {
      ...content(),
      cashier: CASHIER,
      items: content().items.map((item) => ({ ...item, vat: 'vat20', paymentMethod: 'credit_payment' })),
    }
    const doc = fiscalDoc(nextFd())
    const found: FnReceipt = {
      id: '01900000-0000-7000-8000-000000000001' as ReceiptId,
      content: held,
      doc,
      paper: 'printed',
    }
    kkt.onDocumentsAfter = async () => [{ fdNumber: doc.fdNumber, receipt: found, ofShift: null }]
    expect(await codes(TWENTY)).toEqual(['vat_rate_ended'])
    kkt.onLookupKey = async () => ({ kind: 'found', receipt: found })
    expect(await codes(TWENTY, 'sold-before')).toEqual([])
    expect(await codes(TWENTY, 'sold-before')).toEqual([])
    expect(handed).toHaveLength(1)
  })

  test('tells of a missing cashier on a mock, which a real KKT would refuse', async () => {
    const { codes, state, kkt } = start()
    state.tillDefaults = { ofReceipt: {}, ofItems: {} }
    expect(await codes()).toEqual([])
    kkt.isMock = true
    expect(await codes(body(), 'one-key')).toEqual(['no_cashier'])
    state.tillDefaults = SETTINGS
    expect([await codes(), await codes(body(), 'one-key')]).toEqual([[], ['no_cashier']])
  })

  test('tells of a settlement on the internet that names nobody whom the receipt reaches', async () => {
    const { codes } = start()
    const customers = [undefined, { name: 'Анна' }, { email: 'anna@shop.example' }, { phone: '+79991234567' }]
    const told = []
    for (const customer of customers) told.push(await codes(body({ internet: true, customer })))
    expect(told).toEqual([['no_contact'], ['no_contact'], [], []])
    expect(await codes(body({ internet: false }))).toEqual([])
  })

  test('tells of characters that a KKT cannot print, and again for the same key', async () => {
    const { codes } = start()
    const named = (name: string) => body({ items: [{ name, price: 100, quantity: 1, total: 100, vat_rate: 22 }] })
    expect(await codes(named('Оправа "A"'))).toEqual([])
    const emoji = named('Оправа 😎')
    expect([await codes(emoji, 'emoji'), await codes(emoji, 'emoji')]).toEqual([['not_printable'], ['not_printable']])
  })

  test('tells of a document that is not as the receipt, which is in the audit log, too', async () => {
    const { sell, kkt, ask } = start()
    kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: { ...make(), totalKopecks: 9_999 }, paper: 'printed' })
    const first = await sell(body(), 'one-key')
    expect(first.warnings).toMatchObject([{ code: 'total_differs' }])
    expect((await sell(body(), 'one-key')).warnings).toEqual(first.warnings)
    const looked = await ask('GET', `/v1/kkt/receipt/${first.receipt_id}`)
    expect(looked.json).toMatchObject({ warnings: first.warnings })
    const { json } = await ask('GET', `/v1/kkt/buffer/events?receipt_id=${first.receipt_id}`)
    const { events } = z.object({ events: z.array(z.object({ detail: z.string().nullable() })) }).parse(json)
    expect(events.map(({ detail }) => detail)).toContain(first.warnings[0]?.message ?? null)
  })
})
