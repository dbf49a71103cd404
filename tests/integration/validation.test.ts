import { describe, expect, test } from 'bun:test'
import { MARKER, without, withValue } from '../harness/bad_input.ts'
import { adapter } from '../harness/clients.ts'
import { expectProblem } from '../harness/http.ts'
import { item, newKey, newPosId, type Receipt, receipt } from '../harness/receipts.ts'
import { expectRefused, postBody } from '../harness/refusals.ts'
import { onHealedStack } from '../harness/stack_state.ts'

onHealedStack()

const ITEM = item({ name: `Lens of ${MARKER}`, price: 10 })
const PAYMENT = { type: 'card', amount: 1250 }

/** The fault, the body, and the pointer that the answer must have. */
type Row = [what: string, body: string, pointer: string]

const missing: Row[] = [
  '/pos_id',
  '/type',
  '/items',
  '/payments',
  '/items/0/name',
  '/items/0/price',
  '/items/0/quantity',
  '/items/0/total',
  '/items/0/vat_rate',
  '/payments/0/type',
  '/payments/0/amount',
].map((pointer) => [`no ${pointer}`, without(pointer), pointer])

const wrongTypes: Row[] = [
  ...['/pos_id', '/type', '/items/0/name', '/payments/0/type'].flatMap((pointer) =>
    [1, true, null, [MARKER], { [MARKER]: 1 }].map((value): [string, unknown] => [pointer, value]),
  ),
  ...['/items/0/price', '/items/0/quantity', '/items/0/total', '/payments/0/amount'].flatMap((pointer) =>
    ['1250', '', true, null, [1250], { [MARKER]: 1 }].map((value): [string, unknown] => [pointer, value]),
  ),
  ...['/items', '/payments'].flatMap((pointer) =>
    [MARKER, 1, null, { 0: ITEM }].map((value): [string, unknown] => [pointer, value]),
  ),
  ...['/items/0', '/payments/0'].flatMap((pointer) =>
    [MARKER, 1, null, [ITEM]].map((value): [string, unknown] => [pointer, value]),
  ),
].map(([pointer, value]) => [`${pointer} is ${JSON.stringify(value)}`, withValue(pointer, value), pointer])

const top: Row[] = ['null', '1', `"${MARKER}"`, '[]', 'true'].map((body) => [`the body is ${body}`, body, ''])

const values: Row[] = (
  [
    ['/pos_id', ['', 'a'.repeat(65), `${MARKER} 1`, `${MARKER}/1`, `${MARKER}\u0000`, `${MARKER}\n`, 'КАССА-1']],
    ['/type', ['', 'Sale', MARKER]],
    [
      '/items/0/name',
      [
        '',
        'я'.repeat(129),
        `${MARKER}\u0000`,
        `${MARKER}\n`,
        `${MARKER}\u001b[2J`,
        `${MARKER}\u007f`,
        ' ',
        '\u200b\u202e',
      ],
    ],
    ['/items/0/price', [-1, -0.01, 42_949_672.96, 1e21, 1e308, 0.001, 1250.001, 1e-7, 0.1 + 0.2]],
    ['/items/0/quantity', [0, -1, 100_000, 1e308, 0.0001, 1.0005]],
    ['/items/0/total', [0, -1250, 1250.001, 42_949_672.96, 1e308]],
    ['/items/0/vat_rate', [-1, 18, 0.2, 22.5, '22', true, [22]]],
    ['/payments/0/type', ['', 'Card', MARKER]],
    ['/payments/0/amount', [0, -1250, 1250.001, 1e308]],
  ] satisfies [string, unknown[]][]
).flatMap(([pointer, wrong]) =>
  wrong.map(
    (value): Row => [`${pointer} is ${JSON.stringify(value).slice(0, 40)}`, withValue(pointer, value), pointer],
  ),
)

const counts: Row[] = [
  ['0 items', withValue('/items', []), '/items'],
  ['101 items', withValue('/items', Array(101).fill(ITEM)), '/items'],
  ['10 000 empty items', withValue('/items', Array(10_000).fill({})), '/items'],
  ['0 payments', withValue('/payments', []), '/payments'],
  ['11 payments', withValue('/payments', Array(11).fill(PAYMENT)), '/payments'],
]

const sums: Row[] = [
  ['a total that is not price × quantity', withValue('/items/0/total', 1249.99), '/items/0/total'],
  [
    'a total rounded down from the half',
    withValue('/items/0', { ...ITEM, price: 0.35, quantity: 0.5, total: 0.17 }),
    '/items/0/total',
  ],
  [
    'a total rounded up from below the half',
    withValue('/items/0', { ...ITEM, price: 0.33, quantity: 0.5, total: 0.18 }),
    '/items/0/total',
  ],
  ['only free items', withValue('/items', [item({ price: 0 })]), '/items'],
  ['a kopeck too little paid', withValue('/payments/0/amount', 1249.99), '/payments'],
  ['a kopeck too much paid', withValue('/payments', [PAYMENT, { type: 'cash', amount: 0.01 }]), '/payments'],
  ['an unpaid item', withValue('/items', [ITEM, item({ price: 1250 })]), '/payments'],
]

/** A name with a space in it may be a customer's words. */
const CUSTOMER = `Anna ${MARKER}`

const unknown: Row[] = [
  ['an unknown field', withValue(`/${CUSTOMER}`, MARKER), ''],
  ['an unknown field of an item', withValue(`/items/0/${CUSTOMER}`, 1), '/items/0'],
  ['an unknown field of a payment', withValue(`/payments/0/${CUSTOMER}`, null), '/payments/0'],
  ['__proto__', withValue('/type', 'sale').replace('"type"', '"__proto__":{"type":"sale"},"type"'), ''],
  ['constructor', withValue('/constructor', { prototype: {} }), ''],
]

describe('invariant 10: answered 422, and neither stored nor echoed', () => {
  test.each([...missing, ...wrongTypes, ...top, ...values, ...counts, ...sums, ...unknown])(
    '%s',
    async (_what, body, pointer) => {
      const { errors } = await expectRefused(() => postBody(body), 422, 'invalid_body')
      expect(errors?.map((error) => error.pointer)).toContain(pointer)
    },
  )
})

test('a mistyped field is named, with the probable right name', async () => {
  const { errors } = await expectRefused(() => postBody(withValue('/items/0/vat_rat', 22)), 422, 'invalid_body')
  const message = 'has a field "vat_rat" that is not known here: did you mean "vat_rate"?'
  expect(errors).toContainEqual({ pointer: '/items/0', message })
})

test('invariant 10: a refused receipt uses up neither its key nor an FD number', async () => {
  const [key, sale] = [newKey(), receipt()]
  const before = await adapter.print(receipt())
  expectProblem(await adapter.postReceipt({ ...sale, payments: [] }, key), 422)
  const after = await adapter.print(sale, key)
  expect(after.fiscal_doc.fiscal_doc_number - before.fiscal_doc.fiscal_doc_number).toBe(1)
})

test('the answer to ten thousand mistakes is small', async () => {
  const answer = await postBody(withValue('/items', Array(10_000).fill({ [MARKER]: 1 })))
  expectProblem(answer, 422)
  expect(answer.text.length).toBeLessThan(8_192)
})

const inside: [string, Partial<Receipt>][] = [
  ['a pos_id of 64 characters', { pos_id: newPosId('inside').padEnd(64, '-') }],
  ['a pos_id of one character', { pos_id: '1' }],
  ['a name of 128 letters', { items: [item({ name: 'я'.repeat(128) })] }],
  ['100 items', { items: Array.from({ length: 100 }, (_, i) => item({ name: `Item ${i}`, price: 0.01 })) }],
  ['10 payments', { payments: Array.from({ length: 10 }, () => ({ type: 'other' as const, amount: 125 })) }],
  ['the largest price', { items: [item({ price: 42_949_672.95 })] }],
  ['a gift', { items: [item(), item({ name: 'Case', price: 0 })] }],
  ['the smallest price', { items: [item({ price: 0.01 })] }],
  ['the largest quantity', { items: [item({ price: 0.01, quantity: 99_999.999 })] }],
  ['a total rounded up at the half, where a double is below it', { items: [item({ price: 1.15, quantity: 0.1 })] }],
  ['a sum that doubles cannot hold exactly', { items: [item({ price: 0.1 }), item({ price: 0.2 })] }],
  ['every VAT rate', { items: [0, 5, 7, 10, 20, 22, null].map((vat_rate) => item({ vat_rate })) }],
]
test.each(inside)('just inside the limits: %s', async (_what, given) => {
  const sale = receipt(given)
  const { fiscal_doc } = await adapter.print(sale)
  expect(fiscal_doc.total).toBe(Math.round(sale.payments.reduce((sum, { amount }) => sum + amount * 100, 0)) / 100)
})
