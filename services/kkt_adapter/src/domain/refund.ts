import type { DocumentNumbers } from './correction.ts'
import type { Warning } from './differences.ts'
import type { Item } from './item.ts'
import { formatRoubles } from './money.ts'
import type { Operation } from './operation.ts'
import type { ReceiptContent } from './receipt.ts'

/** The part of a sold item by which it is known when it comes back. */
export type SoldItem = Pick<Item, 'name' | 'priceKopecks' | 'vat'>

/** A receipt whose goods may come back. `numbers`: null before its document is made. */
export type Refundable = {
  operation: Operation
  numbers: DocumentNumbers | null
  totalKopecks: number
  items: readonly SoldItem[]
}

/** A refund of goods that this buffer does not know is as lawful as any. */
export const ORIGINAL_UNKNOWN: Warning = {
  code: 'refund_of_unknown',
  message:
    'The buffer knows no receipt that refund_of names, so nothing is held against it: it is older than RECEIPTS_KEPT_DAYS or another adapter sold it. Look at the receipt of the customer.',
}

/** @param leftKopecks below the refund's total */
export const beyondTheRest = (leftKopecks: number): Warning => ({
  code: 'refund_exceeds',
  message: `The refund takes back more than the ${formatRoubles(leftKopecks)} that are left of its original, by the word of an operator. See that the customer gets no more than was paid.`,
})

/** @returns a warning for each item that the original has not, or at another price or rate */
export function unlikeOriginal({ type, items }: ReceiptContent, original: Refundable): Warning[] {
  const isOpposite = (type === 'refund' ? 'sale' : 'buy') === original.operation
  const other = isOpposite ? [] : [unlike(`The original is a ${original.operation}, and not what a ${type} takes back`)]
  return [...other, ...items.flatMap((item, i) => unlikeItem(item, i, original.items))]
}

function unlikeItem({ name, priceKopecks, vat }: Item, index: number, sold: readonly SoldItem[]): Warning[] {
  const alike = sold.filter((one) => one.name === name)
  if (alike.some((one) => one.priceKopecks === priceKopecks && one.vat === vat)) return []
  const [first] = alike
  if (!first) return [unlike(`The original has no item like that at /items/${index}`)]
  const was = `${formatRoubles(first.priceKopecks)} and ${first.vat}`
  return [unlike(`The item at /items/${index} has another price or VAT rate than in the original, which has ${was}`)]
}

const unlike = (what: string): Warning => ({
  code: 'refund_unlike_original',
  message: `${what}. A refund repeats its original; correct the receipt if this was a mistake.`,
})
