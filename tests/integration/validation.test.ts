/** A mistake of each kind, over the wire. Beside the schema, receipt_schema.test.ts tries every field and limit. */
import { describe, expect, test } from 'bun:test'
import { MARKER, without, withValue } from '../harness/bad_input.ts'
import { adapter } from '../harness/clients.ts'
import { expectProblem } from '../harness/http.ts'
import { item, newKey, newPosId, type Receipt, receipt } from '../harness/receipts.ts'
import { expectRefused, postBody } from '../harness/refusals.ts'
import { onHealedStack } from '../harness/stack_state.ts'

onHealedStack()

const ITEM = item({ name: `Lens of ${MARKER}`, price: 10 })
/** A name with a space in it may be a customer's words. */
const CUSTOMER = `Anna ${MARKER}`

describe('invariant 10: answered 422, and neither stored nor echoed', () => {
  test.each([
    ['the body is a string', `"${MARKER}"`, ''],
    ['a missing field', without('/items/0/quantity'), '/items/0/quantity'],
    ['a number as text', withValue('/items/0/price', '1250'), '/items/0/price'],
    ['a field in place of another', withValue('/items', { 0: ITEM }), '/items'],
    ['an unknown word', withValue('/payments/0/type', MARKER), '/payments/0/type'],
    ['a pos_id with a slash', withValue('/pos_id', `${MARKER}/1`), '/pos_id'],
    ['a name of 129 letters', withValue('/items/0/name', 'я'.repeat(129)), '/items/0/name'],
    ['a name with a terminal sequence', withValue('/items/0/name', `${MARKER}\u001b[2J`), '/items/0/name'],
    ['three decimals', withValue('/items/0/price', 1250.001), '/items/0/price'],
    ['an unknown VAT rate', withValue('/items/0/vat_rate', 18), '/items/0/vat_rate'],
    ['101 items', withValue('/items', Array(101).fill(ITEM)), '/items'],
    ['a total that is not price × quantity', withValue('/items/0/total', 1249.98), '/items/0/total'],
    ['a kopeck too little paid', withValue('/payments/0/amount', 1249.99), '/payments'],
    ['an unknown field', withValue(`/items/0/${CUSTOMER}`, 1), '/items/0'],
    ['__proto__', withValue('/type', 'sale').replace('"type"', '"__proto__":{"type":"sale"},"type"'), ''],
  ])('%s', async (_what, body, pointer) => {
    const { errors } = await expectRefused(() => postBody(body), 422, 'invalid_body')
    expect(errors?.map((error) => error.pointer)).toContain(pointer)
  })
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
  ['100 items', { items: Array.from({ length: 100 }, (_, i) => item({ name: `Item ${i}`, price: 0.01 })) }],
  ['the largest price, beside a gift', { items: [item({ price: 42_949_672.95 }), item({ price: 0 })] }],
  ['a total rounded up at the half, where a double is below it', { items: [item({ price: 1.15, quantity: 0.1 })] }],
  ['a sum that doubles cannot hold exactly', { items: [item({ price: 0.1 }), item({ price: 0.2 })] }],
]
test.each(inside)('just inside the limits: %s', async (_what, given) => {
  const sale = receipt(given)
  const { fiscal_doc } = await adapter.print(sale)
  expect(fiscal_doc.total).toBe(Math.round(sale.payments.reduce((sum, { amount }) => sum + amount * 100, 0)) / 100)
})
