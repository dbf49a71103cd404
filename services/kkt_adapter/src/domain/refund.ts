import type { DocumentNumbers } from './correction.ts'
import type { Item } from './item.ts'
import { formatRoubles } from './money.ts'
import type { Operation } from './operation.ts'
import type { ReceiptContent } from './receipt.ts'
import type { Vat } from './vat.ts'
import type { ReceiptWords } from './words/words.ts'

/** The part of a sold item by which it is known when it comes back. */
export type SoldItem = Pick<Item, 'name' | 'priceKopecks' | 'vat'>

/** A receipt whose goods may come back. `numbers`: null before its document is made. */
export type Refundable = {
  operation: Operation
  numbers: DocumentNumbers | null
  totalKopecks: number
  items: readonly SoldItem[]
}

/** Something about a refund that its till should know, as the journal keeps it. */
export type RefundFinding =
  /** The goods are not known here. Their refund is as lawful as any. */
  | { code: 'refund_of_unknown' }
  /** An operator took it beyond what is left. */
  | { code: 'refund_exceeds'; leftKopecks: number }
  | ({ code: 'refund_unlike_original' } & Unlike)

type Unlike =
  | { was: 'other_operation'; operation: Operation }
  | { was: 'not_sold'; index: number }
  | { was: 'sold_otherwise'; index: number; priceKopecks: number; vat: Vat }

/** @returns a finding for each item that the original has not, or at another price or rate */
export function unlikeOriginal({ type, items }: ReceiptContent, original: Refundable): RefundFinding[] {
  const isOpposite = (type === 'refund' ? 'sale' : 'buy') === original.operation
  const other: Unlike[] = isOpposite ? [] : [{ was: 'other_operation', operation: original.operation }]
  const found = [...other, ...items.flatMap((item, index) => unlikeItem(item, index, original.items))]
  return found.map((unlike) => ({ code: 'refund_unlike_original', ...unlike }))
}

function unlikeItem({ name, priceKopecks, vat }: Item, index: number, sold: readonly SoldItem[]): Unlike[] {
  const alike = sold.filter((one) => one.name === name)
  if (alike.some((one) => one.priceKopecks === priceKopecks && one.vat === vat)) return []
  const [first] = alike
  if (!first) return [{ was: 'not_sold', index }]
  return [{ was: 'sold_otherwise', index, priceKopecks: first.priceKopecks, vat: first.vat }]
}

export function refundInWords(finding: RefundFinding, words: ReceiptWords['warnings']): string {
  if (finding.code === 'refund_of_unknown') return words.refundOfUnknown()
  if (finding.code === 'refund_exceeds') return words.refundExceeds(formatRoubles(finding.leftKopecks))
  if (finding.was === 'other_operation') return words.refundOfOther(finding.operation)
  if (finding.was === 'not_sold') return words.refundNotSold(finding.index)
  return words.refundSoldOtherwise(finding.index, formatRoubles(finding.priceKopecks), finding.vat)
}
