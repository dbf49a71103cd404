import { describe, expect, test } from 'bun:test'
import { OPERATIONS } from '../../domain/operation.ts'
import { PAYMENT_TYPES } from '../../domain/payment.ts'
import { TAXATION_SYSTEMS } from '../../domain/taxation.ts'
import { item, payment, receipt, refusals, refusedAt } from '../../testing/receipt_bodies.ts'
import { receiptBody } from '../receipt_schema.ts'

const of = (overrides: Record<string, unknown>) => receipt([item()], overrides)
const refusedWith = (overrides: Record<string, unknown>) => refusedAt(of(overrides))

describe('payments', () => {
  const paid = (payments: unknown[], type = 'sale') => refusals(of({ type, payments }))

  test('are of each kind', () => {
    for (const type of PAYMENT_TYPES) expect(paid([payment(100, type)])).toEqual([])
  })

  test.each(OPERATIONS)('of a %s add up to the total, to the kopeck', (type) => {
    expect(paid([payment(99.99), payment(0.01, 'card')], type)).toEqual([])
    expect(paid([payment(99.99, 'card')], type)).toMatchObject([
      { at: 'payments', message: 'must add up to the total' },
    ])
    expect(paid([], type)).toMatchObject([{ at: 'payments' }])
  })

  test.each(OPERATIONS)('of a %s may exceed it in cash where the customer pays', (type) => {
    const change = paid([payment(60, 'card'), payment(500)], type)
    if (type === 'sale' || type === 'buy_refund') expect(change).toEqual([])
    else
      expect(change).toMatchObject([{ at: 'payments', message: `must add up to the total: a ${type} gives no change` }])
  })

  test.each(PAYMENT_TYPES.filter((type) => type !== 'cash'))('of the kind %s never exceed it', (type) => {
    const message = 'must not exceed the total without the cash: only cash gives change'
    expect(paid([payment(100.01, type)])).toMatchObject([{ at: 'payments', message }])
    expect(paid([payment(100.01, type), payment(5)])).toMatchObject([{ at: 'payments', message }])
    expect(paid([payment(100, type), payment(5)])).toEqual([])
  })

  test('keep what was handed over', () => {
    const { payments, totalKopecks } = receiptBody.parse(of({ payments: [payment(500)] }))
    expect([payments, totalKopecks]).toEqual([[{ type: 'cash', amountKopecks: 50_000 }], 10_000])
  })
})

describe('the total', () => {
  const of99 = (total: unknown) => refusals(of({ total, payments: [payment(100)] }))

  test.each([100, 99.99, 99.5, 99.01])('of items of 100 may be %d', (total) => {
    expect(of99(total)).toEqual([])
    expect(receiptBody.parse(of({ total }))).toMatchObject({ totalKopecks: Math.round(total * 100) })
  })

  test.each([100.01, 99, 0, -1, 99.999, '100', null])('of items of 100 is never %p', (total) => {
    expect(of99(total).map(({ at }) => at)).toEqual(['total'])
  })

  test('is the same body, said or not', () => {
    expect(JSON.stringify(receiptBody.parse(of({ total: 100 })))).toBe(JSON.stringify(receiptBody.parse(of({}))))
  })
})

describe('a correction', () => {
  const SELF = { type: 'self', date: '2025-12-30' }
  const NUMBERS = { fn: '9999078900000961', fd: 71, fpd: '4294967295' }
  const ID = '0190f3a4-1b2c-7d3e-8f40-1234567890ab'

  test.each(OPERATIONS)('of a %s is taken', (type) => {
    expect(receiptBody.parse(of({ type, correction: SELF }))).toMatchObject({ type, correction: SELF })
  })

  test('by an order has its number, and one on one’s own may', () => {
    const order = { ...SELF, type: 'instruction' }
    expect(refusals(of({ correction: order }))).toMatchObject([{ at: 'correction/number', message: 'is missing' }])
    for (const correction of [
      { ...order, number: '17-04' },
      { ...SELF, number: '17' },
    ]) {
      expect(receiptBody.parse(of({ correction }))).toMatchObject({ correction })
    }
  })

  test('has a kind, a day that there is and nothing unknown', () => {
    const wrong: [unknown, string][] = [
      [{ ...SELF, type: 'own' }, 'correction/type'],
      [{ type: 'self' }, 'correction/date'],
      ...['2025-02-29', '30.12.2025', '2025-12-30T00:00:00Z', 20251230].map((date): [unknown, string] => [
        { ...SELF, date },
        'correction/date',
      ]),
      [{ ...SELF, number: 'x'.repeat(33) }, 'correction/number'],
      [{ ...SELF, reason: 'x' }, 'correction'],
      [null, 'correction'],
    ]
    for (const [correction, at] of wrong) expect(refusedWith({ correction }), JSON.stringify(correction)).toEqual([at])
  })

  test('names the corrected document, which nothing else does', () => {
    expect(receiptBody.parse(of({ correction: SELF, corrects: { receipt_id: ID.toUpperCase() } }))).toMatchObject({
      corrects: { receiptId: ID },
    })
    expect(receiptBody.parse(of({ correction: SELF, corrects: NUMBERS }))).toMatchObject({
      corrects: { fnNumber: NUMBERS.fn, fdNumber: 71, fiscalSign: NUMBERS.fpd },
    })
    expect(refusedWith({ corrects: NUMBERS })).toEqual(['corrects'])
  })

  test.each([{}, { fn: NUMBERS.fn, fd: 71 }, { ...NUMBERS, receipt_id: ID }, { fn: NUMBERS.fn, receipt_id: ID }])(
    'a document is named by its id only, or by all its numbers: %j',
    (corrects) => {
      expect(refusedWith({ correction: SELF, corrects })).toEqual(['corrects'])
    },
  )

  test('the numbers of a document have their forms', () => {
    const wrong = [
      { fn: '99' },
      { fd: 0 },
      { fd: 1.5 },
      { fd: 2 ** 32 },
      { fpd: '4294967296' },
      { fpd: '' },
      { fpd: 7 },
    ]
    for (const one of wrong) {
      const [name] = Object.keys(one)
      const corrects = { ...NUMBERS, ...one }
      expect(refusedWith({ correction: SELF, corrects }), JSON.stringify(one)).toEqual([`corrects/${name}`])
    }
    expect(refusedWith({ correction: SELF, corrects: { ...NUMBERS, fpd: '0024109209' } })).toEqual([])
  })

  test('refund_of is of a refund, and not of a correction', () => {
    for (const type of ['refund', 'buy_refund']) {
      expect(receiptBody.parse(of({ type, refund_of: { receipt_id: ID } }))).toMatchObject({
        refundOf: { receiptId: ID },
      })
    }
    for (const type of ['sale', 'buy']) expect(refusedWith({ type, refund_of: NUMBERS })).toEqual(['refund_of'])
    expect(refusedWith({ type: 'refund', refund_of: NUMBERS, correction: SELF })).toEqual(['refund_of'])
  })

  test('attribute is not beside the document that takes its place', () => {
    expect(receiptBody.parse(of({ attribute: 'x'.repeat(16) }))).toMatchObject({ attribute: 'x'.repeat(16) })
    expect(refusedWith({ attribute: 'x'.repeat(17) })).toEqual(['attribute'])
    expect(refusedWith({ type: 'refund', refund_of: NUMBERS, attribute: 'x' })).toEqual(['attribute'])
    expect(refusedWith({ correction: SELF, corrects: NUMBERS, attribute: 'x' })).toEqual(['attribute'])
    expect(refusedWith({ correction: SELF, attribute: 'x' })).toEqual([])
  })
})

/** Each field of the whole receipt: its name inside, values that are taken as they are, and others that are refused. */
const FIELDS: Readonly<Record<string, { inside?: string; taken: readonly unknown[]; refused: readonly unknown[] }>> = {
  taxation_system: { inside: 'taxationSystem', taken: TAXATION_SYSTEMS, refused: ['envd', 'OSN', 1, null] },
  cashier: {
    taken: [{ name: 'Иванова А. А.' }, { name: 'x'.repeat(64), inn: '770123456789' }],
    refused: [{}, { inn: '770123456789' }, { name: 'x'.repeat(65) }, { name: 'x', inn: '7701234567' }, 'x', null],
  },
  customer: {
    taken: [
      { email: 'anna@example.com' },
      { phone: '+7 (999) 123-45-67' },
      { email: 'анна@пример.рф', name: 'ООО «Линза»', inn: '7701234567' },
      { name: 'x'.repeat(256) },
    ],
    refused: [
      { email: 'a@b', phone: '+79991234567' },
      { email: 'anna' },
      { email: `${'x'.repeat(60)}@b.ru` },
      { email: 'a b@c.ru' },
      { phone: 'x' },
      { phone: '1'.repeat(20) },
      { inn: '77012345678' },
      { name: 'x'.repeat(257) },
      null,
    ],
  },
  internet: { taken: [true, false], refused: ['true', 1, null] },
  place: { taken: ['https://optika.example', 'x'.repeat(256)], refused: ['x'.repeat(257), '', 1] },
  address: { taken: ['г. Москва, ул. Лесная, 1'], refused: ['x'.repeat(257), '', null] },
  electronic: { taken: [false], refused: ['true', 1, null, true] },
  user_attribute: {
    inside: 'userAttribute',
    taken: [{ name: 'x'.repeat(64), value: 'x'.repeat(256) }],
    refused: [{ name: 'x' }, { name: 'x'.repeat(65), value: 'x' }, { name: 'x', value: 'x'.repeat(257) }],
  },
  sender_email: { inside: 'senderEmail', taken: ['shop@example.com'], refused: ['shop', '', 1] },
}

describe.each(Object.entries(FIELDS))('%s', (name, { inside = name, taken, refused }) => {
  test('is taken as it is', () => {
    for (const value of taken) {
      const read: [string, unknown][] = Object.entries(receiptBody.parse(of({ [name]: value })))
      expect(read, JSON.stringify(value)).toContainEqual([inside, value])
    }
  })

  test('is refused at its place', () => {
    for (const value of refused) {
      const places = refusedWith({ [name]: value })
      expect(places.length, JSON.stringify(value)).toBeGreaterThan(0)
      for (const place of places) expect(`${place}/`).toStartWith(`${name}/`)
    }
  })

  test('is absent where it is not said', () => expect(receiptBody.parse(receipt())).not.toHaveProperty(inside))
})

test('a receipt without paper needs an address to go to', () => {
  const electronic = (customer: unknown) => refusedWith({ electronic: true, customer })
  expect(electronic({ email: 'anna@example.com' })).toEqual([])
  expect(electronic({ phone: '+79991234567' })).toEqual([])
  expect(electronic({ name: 'Anna' })).toEqual(['electronic'])
})

test('a mistyped field is named, with the probable right name', () => {
  expect(refusals(of({ taxation_sistem: 'osn' }))).toMatchObject([
    { message: 'has a field "taxation_sistem" that is not known here: did you mean "taxation_system"?' },
  ])
  expect(refusals(receipt([item({ payment_metod: 'advance' })]))).toMatchObject([
    { at: 'items/0', message: 'has a field "payment_metod" that is not known here: did you mean "payment_method"?' },
  ])
})

test("a till's body of today is kept as small as ever", () => {
  expect(JSON.stringify(receiptBody.parse(receipt()))).toBe(
    '{"posId":"POS-001","type":"sale","items":[{"name":"Frame","priceKopecks":10000,"quantityMicro":1000000,"totalKopecks":10000,"vat":"vat22"}],"payments":[{"type":"cash","amountKopecks":10000}],"totalKopecks":10000}',
  )
})
