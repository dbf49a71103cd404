/** The bodies by which the page gives money back and puts a receipt right. */
import type { Codes, Item, Receipt } from './wire.ts'

type PaymentKind = keyof Codes['payments']

const REFUND_OF = { sale: 'refund', buy: 'buy_refund' } as const

const kopecks = (roubles: number): number => Math.round(roubles * 100)
const sumOf = (items: readonly { total: number }[]): number =>
  items.reduce((sum, { total }) => sum + kopecks(total), 0) / 100

/** Whether goods of this receipt may still come back. */
export const isRefundable = ({ type, left, correction }: Receipt): boolean =>
  (type === 'sale' || type === 'buy') && correction === undefined && left !== undefined && left.total > 0

/** An item as it goes on the wire: its rate by one name, and its marking by what the operation makes of it. */
function sent({ marking_status: _planned, ...shown }: Item): Item {
  const { vat_rate: _byPercent, ...item } = shown as Item & { vat_rate?: unknown }
  return item
}

/** The whole of an item has its own sum, which a KKT may have rounded. */
const totalOf = ({ price, quantity, total }: Item, wanted: number): number =>
  wanted === quantity ? total : kopecks(price * wanted) / 100

/** @param quantities what comes back of each item, in the order of the receipt; 0 for nothing */
export function refundBody(receipt: Receipt, quantities: readonly number[], payment: PaymentKind) {
  const { type, receipt_id, pos_id, customer, left } = receipt
  if (type !== 'sale' && type !== 'buy') throw new Error(`A receipt of the type ${type} has no refund`)
  const items = receipt.items.flatMap((item, i) => {
    const quantity = quantities[i] ?? 0
    return quantity > 0 ? [{ ...sent(item), quantity, total: totalOf(item, quantity) }] : []
  })
  const sum = sumOf(items)
  // The receipt may have been rounded down, and its refunds give back no more.
  const total = left !== undefined && left.total < sum && kopecks(sum) - kopecks(left.total) < 100 ? left.total : sum
  const payments = total > 0 ? [{ type: payment, amount: total }] : []
  const body = { pos_id, type: REFUND_OF[type], items, total, payments, refund_of: { receipt_id } }
  return customer === undefined ? body : { ...body, customer }
}

export type Reason = { type: keyof Codes['corrections']; date: string; number: string }

type RightData = { items: readonly Item[]; payment: PaymentKind | null }

/** @param right null where the wrong receipt is only taken back. A `payment` of null leaves the payments as they were */
export function correctionBody(receipt: Receipt, { type, date, number }: Reason, right: RightData | null) {
  const reason = number === '' ? { type, date } : { type, date, number }
  const wrong = { receipt_id: receipt.receipt_id }
  return right === null ? { wrong, ...reason } : { wrong, right: rightBody(receipt, right), ...reason }
}

/** The fields of a receipt that its correction repeats. Tag 1192 has the wrong document, in the place of others. */
const REPEATED = [
  'pos_id',
  'type',
  'taxation_system',
  'cashier',
  'customer',
  'internet',
  'place',
  'address',
  'electronic',
  'user_attribute',
  'sender_email',
] as const satisfies readonly (keyof Receipt)[]

function rightBody(receipt: Receipt, { items, payment }: RightData) {
  const repeated: Record<string, unknown> = {}
  for (const name of REPEATED) if (receipt[name] !== undefined) repeated[name] = receipt[name]
  const lines = items.map((item) => ({ ...sent(item), total: itemTotal(item, receipt) }))
  const amount = sumOf(lines)
  const isSame = amount === sumOf(receipt.items) && payment === null
  const total = isSame ? receipt.total : amount
  const settled = receipt.fiscal_doc?.payments ?? receipt.payments
  const paid = [{ type: payment ?? settled[0]?.type ?? 'cash', amount }]
  const payments = isSame ? settled : amount > 0 ? paid : []
  return { ...repeated, items: lines, total, payments }
}

/** An item that was not edited keeps its sum. */
const itemTotal = (item: Item, { items }: Receipt): number =>
  items.some(
    ({ name, price, quantity, total }) =>
      name === item.name && price === item.price && quantity === item.quantity && total === item.total,
  )
    ? item.total
    : kopecks(item.price * item.quantity) / 100
