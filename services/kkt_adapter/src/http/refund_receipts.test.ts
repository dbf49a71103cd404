/** Refunds that name their original. */
import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import type { ReceiptId } from '../domain/receipt.ts'
import { body, problemOf, startApp } from '../testing/app_kit.ts'
import { refuse } from '../testing/correction_kit.ts'
import { codeOf, startGuarded } from '../testing/guarded_app.ts'
import { freshKey } from '../testing/kit.ts'

const UNKNOWN = '01a20425-88ce-7000-be2d-76eab0eb441e'
const NUMBERS = { fn: '9999078900001234', fd: 71, fpd: '1494325660' }
const item = (price: number, more: object = {}) => ({
  name: 'Frame',
  price,
  quantity: 1,
  total: price,
  vat: 'vat22',
  ...more,
})

/** A refund of frames that were sold at 100 each. */
const refund = (of: unknown, quantity = 1, more: object = {}) => {
  const total = 100 * quantity
  const items = [item(100, { quantity, total })]
  return body({ type: 'refund', items, payments: [{ type: 'cash', amount: total }], refund_of: of, ...more })
}

const answer = z.object({
  receipt_id: z.string(),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  fiscal_doc: z.object({ fn_number: z.string(), fiscal_doc_number: z.number(), fiscal_sign: z.string() }),
})

function start(options: Parameters<typeof startApp>[0] = {}) {
  const app = startApp(options)
  const taken = async (receipt: unknown, key: string = freshKey()) => {
    const { json } = await app.post(receipt, key)
    const { receipt_id: id, warnings: all, fiscal_doc: doc } = answer.parse(json)
    // The KKT of these tests signs one total only.
    const warnings = all.filter(({ code }) => code.startsWith('refund_'))
    return { id: id as ReceiptId, codes: warnings.map(({ code }) => code), warnings, doc }
  }
  /** Sells two frames. */
  const sell = () =>
    taken(body({ items: [item(100, { quantity: 2, total: 200 })], payments: [{ type: 'cash', amount: 200 }] }))
  const refused = async (receipt: unknown) => {
    const { status, json } = await app.post(receipt)
    return [status, codeOf(json)]
  }
  return { ...app, taken, sell, refused }
}

const EXCEEDS = [409, 'refund_exceeds']

describe('a refund takes back no more than is left of its original', () => {
  test('all of it in parts, and then nothing', async () => {
    const { sell, taken, refused, journal } = start()
    const original = await sell()
    const of = { receipt_id: original.id }
    expect((await taken(refund(of))).codes).toEqual([])
    expect(await refused(refund(of, 2))).toEqual(EXCEEDS)
    expect((await taken(refund(of))).codes).toEqual([])
    expect(await refused(refund(of))).toEqual(EXCEEDS)
    expect(journal.queries.counts().pending).toBe(3)
  })

  test('also where it is named by its numbers, and the refund says the sum that is left', async () => {
    const { sell, taken, post } = start()
    const { doc } = await sell()
    const of = { fn: doc.fn_number, fd: doc.fiscal_doc_number, fpd: doc.fiscal_sign }
    await taken(refund(of))
    expect(problemOf((await post(refund(of, 2))).json).detail).toContain('more than the 100.00 that are left')
  })

  test('where two tills are at the last of it at once, one gets it', async () => {
    const { sell, taken, post } = start()
    const of = { receipt_id: (await sell()).id }
    await taken(refund(of))
    const both = await Promise.all(['POS-001', 'POS-002'].map((posId) => post(refund(of, 1, { pos_id: posId }))))
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })

  test('a refund that the KKT refused took nothing back', async () => {
    const { sell, taken, refused, kkt } = start()
    const of = { receipt_id: (await sell()).id }
    const take = kkt.onFiscalize
    kkt.onFiscalize = refuse
    expect(await refused(refund(of, 2))).toEqual([502, 'kkt_refused'])
    kkt.onFiscalize = take
    expect((await taken(refund(of, 2))).codes).toEqual([])
  })

  test('nothing is left of a receipt that was put right, or that has no document and never will', async () => {
    const { sell, refused, ask, kkt, post, journal } = start()
    const { id } = await sell()
    const headers = { 'idempotency-key': 'right' }
    await ask('POST', '/v1/kkt/correction', {
      body: JSON.stringify({ wrong: { receipt_id: id }, type: 'self' }),
      headers,
    })
    expect(await refused(refund({ receipt_id: id }))).toEqual(EXCEEDS)
    kkt.onFiscalize = refuse
    await post()
    const [never] = journal.queries.list({ status: 'refused', posId: null }, null, 1).items
    expect(await refused(refund({ receipt_id: never?.id }))).toEqual(EXCEEDS)
  })

  test('invariant 2: the same key again is the same refund, although nothing is left by now', async () => {
    const { sell, taken } = start()
    const of = { receipt_id: (await sell()).id }
    const first = await taken(refund(of, 2), 'key')
    expect(await taken(refund(of, 2), 'key')).toEqual(first)
  })
})

describe('force', () => {
  test('takes it with a warning, again for the same key', async () => {
    const { sell, taken } = start()
    const forced = refund({ receipt_id: (await sell()).id }, 3, { force: true })
    const first = await taken(forced, 'key')
    expect(first.warnings).toMatchObject([
      { code: 'refund_exceeds', message: expect.stringContaining('200.00') },
      { code: 'refund_exceeds_quantity', message: expect.stringContaining('than the 2 ') },
    ])
    expect((await taken(forced, 'key')).warnings).toEqual(first.warnings)
  })

  test('stands beside refund_of only', async () => {
    const { post } = start()
    const { status, json } = await post(body({ force: true }))
    expect([status, problemOf(json)]).toMatchObject([422, { errors: [{ pointer: '/force' }] }])
  })

  test("is an operator's where there are tokens", async () => {
    const { as, till1, office, sell } = startGuarded()
    const of = { receipt_id: (await sell(till1, 'POS-001')).id }
    const send = (token: string) =>
      as(token)('POST', '/v1/kkt/receipt', {
        body: JSON.stringify(refund(of, 2, { force: true })),
        headers: { 'idempotency-key': freshKey() },
      })
    const byTill = await send(till1)
    expect([byTill.status, codeOf(byTill.json)]).toEqual([403, 'not_allowed'])
    expect((await send(office)).status).toBe(200)
  })
})

describe('a refund is lawful', () => {
  test('of an original that is not known here, and is warned of', async () => {
    const { taken } = start()
    for (const of of [{ receipt_id: UNKNOWN }, NUMBERS])
      expect((await taken(refund(of, 5))).codes).toEqual(['refund_of_unknown'])
  })

  test('without one, and is not even warned of', async () => {
    const { taken } = start()
    expect((await taken(body({ type: 'refund' }))).codes).toEqual([])
  })

  test.each([
    ['of another item', item(100, { name: 'Case' })],
    ['at another price', item(90)],
    ['at another rate', item(100, { vat: 'vat10' })],
  ])('of an item %s, and is warned of', async (_what, other) => {
    const { sell, taken } = start()
    const payments = [{ type: 'cash', amount: other.total }]
    const { codes } = await taken(refund({ receipt_id: (await sell()).id }, 1, { items: [other], payments }))
    expect(codes).toEqual(['refund_unlike_original'])
  })

  test('of what was no sale, and is warned of', async () => {
    const { sell, taken } = start()
    const of = { receipt_id: (await taken(refund({ receipt_id: (await sell()).id }))).id }
    expect((await taken(refund(of))).codes).toEqual(['refund_unlike_original'])
  })
})

test("the sign of the original's document is fiscalised, delivered and told, and the till's word is kept", async () => {
  const { sell, taken, journal, ask } = start()
  const { id: original, doc } = await sell()
  const { id } = await taken(refund({ receipt_id: original }))
  const words = journal.queries.wordsOf(id)
  expect<unknown>(words?.said.refundOf).toEqual({ receiptId: original })
  const { json } = await ask('GET', `/v1/kkt/receipt/${id}`)
  expect(json).toMatchObject({
    refund_of: { fn: doc.fn_number, fd: doc.fiscal_doc_number, fpd: doc.fiscal_sign },
  })
})

test('REFUND_REQUIRES_SYNCED has a refund wait until the OFD holds its original', async () => {
  const { sell, taken, refused, worker } = start({ refundsNeedSynced: true })
  const of = { receipt_id: (await sell()).id }
  expect(await refused(refund(of))).toEqual([409, 'refund_too_early'])
  await worker.syncNow()
  expect((await taken(refund(of))).codes).toEqual([])
})
