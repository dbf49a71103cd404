/** Receipts with one thing in them that is wrong, drawn by a seed. */
import { anyReceipt, type Draw } from './any_receipt.ts'
import { dueKopecks } from './completed.ts'
import type { Body } from './wire_content.ts'

export type Unlawful = {
  /** The wrong thing, in words. */
  what: string
  body: object
  /** The problem's code with which it is refused. */
  code: 'invalid_body' | 'vat_rate_refused'
}

/** Makes a right receipt wrong; null where this one has nothing to make so. */
type Wrong = [what: string, spoil: (body: Body) => object | null]

/** Changes the first item. */
const withItem = (body: Body, change: object): object => {
  const [first, ...rest] = body.items
  return { ...body, items: [{ ...first, ...change }, ...rest] }
}
const paidOff = (body: Body, byKopecks: number, type: 'cash' | 'card') => ({
  ...body,
  payments: [{ type, amount: (dueKopecks(body) + byKopecks) / 100 }],
})
const givesChange = ({ type }: Body) => type === 'sale' || type === 'buy_refund'

const WRONG: readonly Wrong[] = [
  ['a kopeck too little', (body) => (dueKopecks(body) < 2 ? null : paidOff(body, -1, 'cash'))],
  ['a kopeck too much on the card', (body) => paidOff(body, 1, 'card')],
  ['change where the shop pays', (body) => (givesChange(body) ? null : paidOff(body, 100, 'cash'))],
  ['a total above the items', (body) => ({ ...body, total: (dueKopecks({ items: body.items }) + 1) / 100 })],
  ['a total a rouble below the items', (body) => ({ ...body, total: dueKopecks({ items: body.items }) / 100 - 1 })],
  ['two rates', (body) => withItem(body, { vat: 'none', vat_rate: null })],
  // A refund may leave it to its original.
  ['no rate', (body) => (body.refund_of ? null : withItem(body, { vat: undefined, vat_rate: undefined }))],
  ['a rate that there is not', (body) => withItem(body, { vat: undefined, vat_rate: 18 })],
  ['nothing of it', (body) => withItem(body, { quantity: 0 })],
  ['a price in tenths of kopecks', (body) => withItem(body, { price: 1.005 })],
  ['a sum that is not price × quantity', (body) => withItem(body, { price: 1, quantity: 1, total: 1.02 })],
  ['a name with a control character', (body) => withItem(body, { name: 'Очки\u0007' })],
  ['a part of no marked package', (body) => withItem(body, { marking_code: undefined, fraction: '1/2' })],
  ['an unknown field', (body) => ({ ...body, discount: 10 })],
  ['an electronic receipt for nobody', (body) => ({ ...body, electronic: true, customer: undefined })],
  ['an order without its number', (body) => ({ ...body, correction: { type: 'instruction', date: '2026-01-15' } })],
  ['a day that there is not', (body) => ({ ...body, correction: { type: 'self', date: '2026-02-30' } })],
  ['an original by its FN only', (body) => ({ ...body, type: 'refund', refund_of: { fn: '9999078900000961' } })],
  ['a cashier with an INN of a firm', (body) => ({ ...body, cashier: { name: 'Ким', inn: '7700000009' } })],
  ['nothing sold', (body) => ({ ...body, items: [] })],
]

/** A new sale at a rate that has ended. Its form is right. */
const earlierRate = (body: Body): Unlawful => {
  const { correction: _none, corrects: _neither, refund_of: _nor, ...rest } = body
  const items = [{ name: 'Frame', price: 1, quantity: 1, total: 1, vat: 'vat20', payment_method: 'full_payment' }]
  const sale = { ...rest, type: 'sale', items, payments: [{ type: 'cash', amount: 1 }], total: 1 }
  return { what: 'a rate that has ended', body: sale, code: 'vat_rate_refused' }
}

/** A receipt of which nothing may be stored, with the rules of VAT at `refuse`. */
export function unlawfulReceipt(posId: string, draw: Draw): Unlawful {
  const body = anyReceipt(posId, draw)
  const [what, spoil] = WRONG[draw(WRONG.length + 2)] ?? []
  const spoiled = spoil?.(body)
  return what !== undefined && spoiled ? { what, body: spoiled, code: 'invalid_body' } : earlierRate(body)
}
