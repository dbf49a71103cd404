import { describe, expect, test } from 'bun:test'
import type { ReceiptId } from '../domain/receipt.ts'
import { item, payment, receipt, refusals, refusedAt } from '../testing/receipt_bodies.ts'
import { receiptId } from './receipt_body/fields.ts'
import { MAX_BODY_BYTES, receiptBody } from './receipt_schema.ts'

test('a receipt is read into kopecks and millionths', () => {
  const body = receipt([item({ price: 149.9, quantity: 1.5, total: 224.85, vat_rate: null }), item()], {
    pos_id: 'till_1.A-b',
    type: 'refund',
    payments: [payment(300, 'card'), payment(24.8), payment(0.05, 'other')],
  })
  expect(receiptBody.parse(body)).toEqual({
    posId: 'till_1.A-b',
    type: 'refund',
    totalKopecks: 32_485,
    items: [
      { name: 'Frame', priceKopecks: 14_990, quantityMicro: 1_500_000, totalKopecks: 22_485, vat: 'none' },
      { name: 'Frame', priceKopecks: 10_000, quantityMicro: 1_000_000, totalKopecks: 10_000, vat: 'vat22' },
    ],
    payments: [
      { type: 'card', amountKopecks: 30_000 },
      { type: 'cash', amountKopecks: 2480 },
      { type: 'other', amountKopecks: 5 },
    ],
  })
})

const NO_MONEY = [-1, 0.001, 1.005, 42_949_672.96, 1e21, 1e-7, 0.1 + 0.2, Number.MIN_VALUE]
const NO_NUMBER = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  '100',
  null,
  undefined,
  true,
  [100],
  {},
]

describe('money', () => {
  test.each([0, -0])('%p is a price and a total beside what is not free, and no payment', (nothing) => {
    const body = receipt([item(), item({ price: nothing, quantity: 3, total: nothing })])
    expect(receiptBody.parse(body)).toMatchObject({
      totalKopecks: 10_000,
      items: [{}, { priceKopecks: 0, totalKopecks: 0 }],
    })
    expect(refusedAt({ ...body, payments: [payment(100), payment(nothing)] })).toEqual(['payments/1/amount'])
  })

  test('a price that rounds to nothing has a total of nothing', () => {
    expect(refusals(receipt([item(), item({ price: 0.01, quantity: 0.001, total: 0 })]))).toEqual([])
  })

  test('a receipt of nothing but gifts needs no payment', () => {
    const gifts = { ...receipt([item({ price: 0, total: 0 })]), payments: [] }
    expect(receiptBody.parse(gifts)).toMatchObject({ totalKopecks: 0, payments: [] })
    expect(refusedAt({ ...gifts, payments: [payment(0.01, 'card')] })).toEqual(['payments'])
  })

  for (const roubles of [0.01, 0.1, 1, 99.99, 42_949_672.95]) {
    test(`${roubles} is taken`, () => {
      expect(refusals(receipt([item({ price: roubles, total: roubles })]))).toEqual([])
    })
  }

  test('the sum of a receipt may be more than the greatest price', () => {
    const greatest = item({ price: 42_949_672.95, total: 42_949_672.95 })
    const payments = Array.from({ length: 10 }, () => payment(42_949_672.95))
    const body = receipt(
      Array.from({ length: 10 }, () => greatest),
      { payments },
    )
    expect(receiptBody.parse(body).totalKopecks).toBe(42_949_672_950)
  })

  for (const roubles of [...NO_MONEY, ...NO_NUMBER]) {
    test(`${String(roubles)} (${typeof roubles}) is no price, no total and no payment`, () => {
      expect(refusedAt(receipt([item({ price: roubles })]))).toEqual(['items/0/price'])
      expect(refusedAt({ ...receipt(), items: [item({ total: roubles })] })).toEqual(['items/0/total'])
      expect(refusedAt({ ...receipt(), payments: [payment(roubles)] })).toEqual(['payments/0/amount'])
    })
  }
})

describe('quantity', () => {
  test.each([
    [0.001, 1000, 1],
    [0.125, 8, 1],
    [99_999.999, 0.01, 1000],
    [99_999.999999, 100, 10_000_000],
    [0.000001, 1, 0.01],
  ])('%p is taken', (quantity, price, total) => {
    expect(refusals(receipt([item({ quantity, price, total })]))).toEqual([])
  })

  for (const quantity of [
    0,
    -1,
    0.0000001,
    0.0000005,
    1.0000005,
    100_000,
    99_999.9999991,
    1e21,
    1e-7,
    0.1 + 0.2,
    ...NO_NUMBER,
  ]) {
    test(`${String(quantity)} (${typeof quantity}) is none`, () => {
      expect(refusedAt(receipt([item({ quantity })]))).toEqual(['items/0/quantity'])
    })
  }
})

describe('an item’s total is price times quantity, give or take a kopeck', () => {
  test.each([
    [0.05, 0.1, [0, 0.01]],
    [0.03, 0.5, [0.01, 0.02]],
    [0.01, 1.499, [0.01, 0.02]],
    [1.15, 3, [3.44, 3.45, 3.46]],
    [10.05, 0.1, [1, 1.01]],
    [0.01, 0.001, [0, 0.01]],
  ])('%p × %p is one of %p', (price, quantity, totals) => {
    const [first = 0] = totals
    const around = Array.from({ length: 7 }, (_, i) => Math.round(first * 100 - 3 + i) / 100)
    const taken = around.filter((total) => {
      const at = refusedAt(receipt([item(), item({ price, quantity, total })]))
      expect(['', 'items/1/total']).toContain(at.join())
      return at.length === 0
    })
    expect(taken).toEqual(totals)
  })

  test('one beyond the limit is none, whatever total it is given', () => {
    expect(refusedAt(receipt([item({ price: 42_949_672.95, quantity: 2, total: 42_949_672.95 })]))).toEqual([
      'items/0/total',
    ])
  })
})

describe('how many', () => {
  const items = (count: number) => receipt(Array.from({ length: count }, () => item()))
  const payments = (count: number) => ({
    ...receipt([item({ price: count, total: count })]),
    payments: Array.from({ length: count }, () => payment(1)),
  })

  test('1 to 100 items', () => {
    expect([1, 100].flatMap((count) => refusals(items(count)))).toEqual([])
    expect(refusedAt({ ...receipt(), items: [] })).toEqual(['items'])
    expect(refusedAt(items(101))).toEqual(['items'])
  })

  test('1 to 10 payments, and none of nothing', () => {
    expect([1, 10].flatMap((count) => refusals(payments(count)))).toEqual([])
    expect(refusedAt({ ...receipt(), payments: [] })).toEqual(['payments'])
    expect(refusedAt(payments(11))).toEqual(['payments'])
  })

  test('the largest receipt fits the largest body, however its text is escaped', () => {
    const text = JSON.stringify(receipt(Array.from({ length: 100 }, () => item({ name: '👓'.repeat(128) }))))
    const escaped = text.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    expect(refusals(JSON.parse(escaped))).toEqual([])
    expect(escaped.length).toBeLessThan(MAX_BODY_BYTES)
  })
})

describe('a till’s name', () => {
  test.each(['P', 'x'.repeat(64), 'A-Z_a.z-09'])('%j is a pos_id', (pos_id) => {
    expect(refusals(receipt([item()], { pos_id }))).toEqual([])
  })
  test.each(['', 'x'.repeat(65), 'Касса', 'a b', 'a/b', 'a\n', '-\u0000', 7, null])('%j is no pos_id', (pos_id) => {
    expect(refusedAt(receipt([item()], { pos_id }))).toEqual(['pos_id'])
  })
})

test('an item’s name has 1 to 128 letters', () => {
  const named = (length: number) => refusedAt(receipt([item({ name: 'я'.repeat(length) })]))
  expect([1, 128].flatMap(named)).toEqual([])
  expect([0, 129].flatMap(named)).toEqual(['items/0/name', 'items/0/name'])
})

describe('one of a few', () => {
  test.each([0, 5, 7, 10, 20, 22, null])('vat_rate %p is taken', (vat_rate) => {
    expect(refusals(receipt([item({ vat_rate })]))).toEqual([])
  })
  test.each([18, 21, 0.1, -5, '20', undefined, true, Number.NaN])('vat_rate %p is none', (vat_rate) => {
    expect(refusedAt(receipt([item({ vat_rate })]))).toEqual(['items/0/vat_rate'])
  })

  test.each(['Sale', 'SALE', 'correction', '', null, 1])('%j is no type of receipt', (type) => {
    expect(refusedAt(receipt([item()], { type }))).toEqual(['type'])
  })
  test.each(['cheque', 'Cash', '', null])('%j is no type of payment', (type) => {
    expect(refusedAt({ ...receipt(), payments: [payment(100, type)] })).toEqual(['payments/0/type'])
  })
})

describe('fields', () => {
  const MORE = { discount: 5 }
  test.each([
    ['the body', receipt([item()], MORE), ''],
    ['an item', receipt([item(MORE)]), 'items/0'],
    ['a payment', { ...receipt(), payments: [{ ...payment(100), ...MORE }] }, 'payments/0'],
    ['a name that objects have by birth', JSON.parse(JSON.stringify(receipt()).replace('{', '{"__proto__":{},')), ''],
  ])('an unknown one is refused in %s', (_where, body, at) => {
    expect(refusals(body)).toMatchObject([{ at, code: 'unrecognized_keys' }])
  })

  test.each(['pos_id', 'type', 'items', 'payments'])('%s must be there', (name) => {
    expect(refusedAt({ ...receipt(), [name]: undefined })).toEqual([name])
  })
  for (const body of [null, [], 'text', 1, true, undefined]) {
    test(`${JSON.stringify(body)} is no receipt`, () => {
      expect(refusedAt(body)).toEqual([''])
    })
  }
})

test('whatever comes in the place of a field, it is said what that must be, or that it is missing', () => {
  for (const value of [undefined, null, true, 'x', ...NO_NUMBER, []]) {
    const bodies = [
      value,
      ...['pos_id', 'type', 'items', 'payments'].map((name) => ({ ...receipt(), [name]: value })),
      ...Object.keys(item()).map((name) => ({ ...receipt(), items: [item({ [name]: value })] })),
      { ...receipt(), payments: [payment(value, value)] },
    ]
    for (const { message } of bodies.flatMap(refusals)) expect(message).toMatch(/^must |^is missing$/)
  }
})

test.each([
  ['price', 'must be a number not below 0, at most 42949672.95, with 2 decimals at most'],
  ['quantity', 'must be a number above 0, at most 99999.999999, with 6 decimals at most'],
  ['vat_rate', 'must be one of 0, 5, 7, 10, 20, 22 or null'],
])('what %s must be is said where it is endless, and that it is missing where it is', (name, must) => {
  const said = (value: unknown) => refusals(receipt([item({ [name]: value })]))
  expect(said(JSON.parse('1e400'))).toMatchObject([{ at: `items/0/${name}`, message: must }])
  expect(said(undefined)).toMatchObject([{ at: `items/0/${name}`, message: 'is missing' }])
})

test('invariant 10: no message repeats what came in', () => {
  const MARK = 'Иванова-17'
  const marked = [
    receipt([item()], { pos_id: MARK, type: MARK }),
    receipt([item({ name: `${MARK}\n`, price: MARK, quantity: MARK, total: MARK, vat_rate: MARK })]),
    { ...receipt(), payments: [payment(MARK, MARK)] },
    { ...receipt(), payments: MARK, items: MARK },
    receipt([item({ name: MARK, total: 77_777.77 })]),
    MARK,
  ]
  const messages = marked.flatMap(refusals).map(({ message }) => message)
  expect(messages.length).toBeGreaterThan(marked.length)
  expect(messages.filter((message) => /Иванова|77777|77_777/.test(message))).toEqual([])
})

describe('receipt_id', () => {
  test('is a UUID in any case, read as lower case', () => {
    expect(receiptId.parse('0190F3A4-1B2C-7D3E-8F40-1234567890AB')).toBe(
      '0190f3a4-1b2c-7d3e-8f40-1234567890ab' as ReceiptId,
    )
  })
  test.each(['', 'x', '0190f3a4', '0190f3a4-1b2c-7d3e-8f40-1234567890ag', "' OR 1=1 --", '~'])('%j is none', (id) => {
    expect(receiptId.safeParse(id).success).toBe(false)
  })
})
