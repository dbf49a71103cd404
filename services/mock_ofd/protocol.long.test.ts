import { describe, expect, test } from 'bun:test'
import { build } from './testing/lent.ts'
import { first, idOf, receipt, untouched } from './testing.ts'

describe('accepting', () => {
  test('numbers what it takes and says when, in Unix seconds', async () => {
    const { send, advance } = build()
    expect(await send(receipt(1))).toMatchObject({ status: 200, body: first })
    await advance(2000)
    expect((await send(receipt(2))).body).toEqual({
      status: 'accepted',
      ofd_id: 'OFD-000002',
      timestamp: 1_769_860_802,
      receipt_id: idOf(2),
    })
  })

  test('answers the same receipt as it did at first, and takes it once', async () => {
    const { send, advance, health } = build()
    await send(receipt(1))
    await advance(60_000)
    expect(await send(receipt(1))).toMatchObject({ status: 200, body: first })
    expect((await send(receipt(2))).body).toMatchObject({ ofd_id: 'OFD-000002' })
    expect(await health()).toEqual({ ...untouched, call_count: 3, receipts_received: 2, duplicates: 1 })
  })

  test('reads JSON whatever the content type', async () => {
    const { ask } = build()
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
      const init = { headers: { 'content-type': type } }
      expect((await ask('POST', '/ofd/v1/receipt', receipt(1), init)).status).toBe(200)
    }
  })

  test('takes and keeps fields that it does not know', async () => {
    const { send, ledger } = build()
    const extended = receipt(1, { extra: { a: 1 }, fiscal_doc: { ...receipt(1).fiscal_doc, extra: 'b' } })
    expect((await send(extended)).status).toBe(200)
    expect(await ledger()).toMatchObject({ receipts: [{ document: extended }] })
  })
})

const without = (field: keyof ReturnType<typeof receipt>) => ({ ...receipt(1), [field]: undefined })
const doc = (change: Record<string, unknown>) => receipt(1, { fiscal_doc: { ...receipt(1).fiscal_doc, ...change } })
const [item] = receipt(1).items

/** Each has one field that is not of its form. */
const bad: [name: string, body: unknown, pointer: string, tag: number | null][] = [
  ['no receipt_id', without('receipt_id'), '/receipt_id', null],
  ['a receipt_id that is no UUID', receipt(1, { receipt_id: 'r-1' }), '/receipt_id', null],
  ['a pos_id with blanks', receipt(1, { pos_id: 'P 1' }), '/pos_id', null],
  ['no kkt_id', without('kkt_id'), '/kkt_id', null],
  ['an unknown type', receipt(1, { type: 'gift' }), '/type', 1054],
  ['no items', receipt(1, { items: [] }), '/items', 1059],
  ['an item without a name', receipt(1, { items: [{ ...item, name: '' }] }), '/items/0/name', 1030],
  ['a price below nothing', receipt(1, { items: [{ ...item, price: -1 }] }), '/items/0/price', 1079],
  ['a price of half a kopeck', receipt(1, { items: [{ ...item, price: 1.005 }] }), '/items/0/price', 1079],
  ['a quantity of nothing', receipt(1, { items: [{ ...item, quantity: 0 }] }), '/items/0/quantity', 1023],
  ['an unknown VAT rate', receipt(1, { items: [{ ...item, vat_rate: 18 }] }), '/items/0/vat_rate', 1199],
  ['payments that are no list', receipt(1, { payments: {} }), '/payments', null],
  ['an unknown payment', receipt(1, { payments: [{ type: 'gold', amount: 1 }] }), '/payments/0/type', null],
  ['a total below nothing', receipt(1, { total: -1 }), '/total', 1020],
  ['no fiscal document', without('fiscal_doc'), '/fiscal_doc', null],
  ['no FD number', doc({ fiscal_doc_number: 0 }), '/fiscal_doc/fiscal_doc_number', 1040],
  ['a long fiscal sign', doc({ fiscal_sign: '12345678901' }), '/fiscal_doc/fiscal_sign', 1077],
  ['a short FN number', doc({ fn_number: '123' }), '/fiscal_doc/fn_number', 1041],
  ['a moment that is none', doc({ fiscal_datetime: 'today' }), '/fiscal_doc/fiscal_datetime', 1012],
  ['no KKT number', doc({ kkt_number: undefined }), '/fiscal_doc/kkt_number', null],
  ['no shift', doc({ shift_number: undefined }), '/fiscal_doc/shift_number', 1038],
  ['no receipt number', doc({ receipt_number: undefined }), '/fiscal_doc/receipt_number', 1042],
  ['no total in the fiscal document', doc({ total: undefined }), '/fiscal_doc/total', 1020],
  ['no QR code', doc({ qr_code_data: undefined }), '/fiscal_doc/qr_code_data', 1196],
  ['an INN of 11 digits', doc({ seller: { name: 'A', inn: '1'.repeat(11) } }), '/fiscal_doc/seller/inn', 1018],
  [
    'an INN of a cashier of 10 digits',
    receipt(1, { cashier: { name: 'A', inn: '1'.repeat(10) } }),
    '/cashier/inn',
    1203,
  ],
  ['a correction without a date', receipt(1, { correction: { type: 'self' } }), '/correction/date', 1178],
  ['a correction without a type', receipt(1, { correction: { date: '2026-01-30' } }), '/correction/type', 1173],
  [
    'a phone of 20 characters',
    receipt(1, { items: [{ ...item, supplier: { phones: ['1'.repeat(20)] } }] }),
    '/items/0/supplier/phones/0',
    1171,
  ],
  [
    'a code that is not base64',
    receipt(1, { items: [{ ...item, marking_code: 'A?' }] }),
    '/items/0/marking_code',
    2000,
  ],
]
describe('a receipt that is not of the right form', () => {
  test('an item may be free', async () => {
    const { send, ledger } = build()
    expect((await send(receipt(1, { items: [item, { ...item, price: 0, total: 0 }] }))).status).toBe(200)
    expect(await ledger()).toMatchObject({ receipts: [{ findings: [] }] })
  })

  for (const [name, body, pointer, tag] of bad) {
    test(`${name}: taken, and told by its tag; refused by a strict judge`, async () => {
      const { send, ask, ledger, health } = build()
      expect((await send(body)).status).toBe(200)
      const findings = expect.arrayContaining([{ tag, pointer, code: 'form', message: expect.any(String) }])
      expect(await ledger()).toMatchObject({ receipts: [{ findings }] })
      expect((await ask('GET', '/ofd/v1/_test/calls')).body).toMatchObject({ calls: [{ findings, effect: true }] })
      expect(await health()).toMatchObject({ receipts_received: 1, judged_wrong: 1 })

      const strict = build()
      await strict.config({ judge: 'strict' })
      expect(await strict.send(body)).toMatchObject({ status: 422, body: { error: expect.any(String), findings } })
      expect(await strict.health()).toEqual({ ...untouched, call_count: 1, judged_wrong: 1 })
    })
  }

  test.each<[name: string, body: unknown, pointer: string]>([
    ['no pos_id', without('pos_id'), '/pos_id'],
    ['a pos_id that is empty', receipt(1, { pos_id: '' }), '/pos_id'],
    ['a pos_id that is no text', receipt(1, { pos_id: 7 }), '/pos_id'],
    ['a pos_id that is too long to be logged', receipt(1, { pos_id: 'x'.repeat(129) }), '/pos_id'],
    ['a list', [], ''],
    ['null', null, ''],
  ])('%s: 422, nothing taken, the call counted', async (_name, body, pointer) => {
    const { send, health } = build()
    const answer = await send(body)
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_body', errors: [{ pointer }] } })
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await health()).toEqual({ ...untouched, call_count: 1 })
  })

  test('a name is measured in characters', async () => {
    const findingsOf = async (name: string) => {
      const { send, ledger } = build()
      await send(receipt(1, { items: [{ ...item, name }] }))
      return Object(await ledger()).receipts[0].findings
    }
    expect(await findingsOf('👓'.repeat(128))).toEqual([])
    expect(await findingsOf('👓'.repeat(129))).toMatchObject([{ tag: 1030 }])
  })

  test('VAT may be none at all', async () => {
    const { send, ledger } = build()
    await send(receipt(1, { items: [{ ...item, vat_rate: null }] }))
    expect(await ledger()).toMatchObject({ receipts: [{ findings: [] }] })
  })
})

describe('refusing', () => {
  test('malformed JSON is 400, no body too, and each call is counted', async () => {
    const { ask, send, health } = build()
    for (const body of ['{"receipt_id":', '', '['.repeat(250_000)]) expect((await send(body)).status).toBe(400)
    expect((await ask('POST', '/ofd/v1/receipt')).status).toBe(400)
    expect(await health()).toEqual({ ...untouched, call_count: 4 })
  })

  test('a body beyond the limit is 413', async () => {
    const { send } = build()
    const padded = (bytes: number) => {
      const bare = JSON.stringify(receipt(1, { padding: '' }))
      return bare.replace('"padding":""', `"padding":"${'x'.repeat(bytes - new TextEncoder().encode(bare).length)}"`)
    }
    expect((await send(padded(512 * 1024))).status).toBe(200)
    expect((await send(padded(512 * 1024 + 1))).status).toBe(413)
  })

  test('a wrong path is 404, a wrong method 405', async () => {
    const { ask, health } = build()
    expect(await ask('POST', '/ofd/v1/receipts', receipt(1))).toMatchObject({
      status: 404,
      body: { code: 'no_such_route' },
    })
    for (const [method, path, allow] of [
      ['GET', '/ofd/v1/receipt', 'POST'],
      ['DELETE', `/ofd/v1/receipt/${idOf(1)}`, 'GET'],
      ['POST', '/ofd/v1/health', 'GET'],
    ] as const) {
      const { status, headers, body } = await ask(method, path)
      expect([status, headers.get('allow')]).toEqual([405, allow])
      expect(body).toMatchObject({ code: 'method_not_allowed' })
    }
    expect(await health()).toEqual(untouched)
  })
})

describe('the look-up', () => {
  test('finds what was taken, as it was answered', async () => {
    const { send, find, advance } = build()
    await send(receipt(1))
    await advance(60_000)
    expect(await find(idOf(1))).toMatchObject({ status: 200, body: { ...first, receipt_id: idOf(1) } })
  })

  test('says plainly what is absent', async () => {
    for (const id of [idOf(1), 'r-1']) {
      const { status, body } = await build().find(id)
      expect(status).toBe(404)
      expect(body).toEqual({ status: 'not_found', receipt_id: id })
    }
  })

  test('neither counts as a call nor as a duplicate', async () => {
    const { send, find, health } = build()
    await send(receipt(1))
    await find(idOf(1))
    await find(idOf(2))
    expect(await health()).toEqual({ ...untouched, call_count: 1, receipts_received: 1 })
  })

  test('an id that cannot be one is 422', async () => {
    expect((await build().find('%E0%A4%A')).status).toBe(422)
    expect((await build().find('x'.repeat(129))).status).toBe(422)
  })
})

test('nothing of a customer’s gets into the log', async () => {
  const { send, log } = build()
  await send(receipt(1))
  await send(receipt(1, { type: 'Ivan' }))
  await send('{"name": "Ivan"')
  expect(log.text()).toContain('receipt_accepted')
  expect(log.text()).not.toContain('Ivan')
})
