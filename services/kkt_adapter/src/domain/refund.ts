import type { DocumentNumbers } from './correction.ts'
import type { FilledIn, FromOriginal, OfSoldItem } from './filled_in.ts'
import type { Item, PaymentObject, SaidItem } from './item.ts'
import { formatQuantity, formatRoubles } from './money.ts'
import type { Operation } from './operation.ts'
import type { ReceiptContent, SaidContent } from './receipt.ts'
import { said } from './said.ts'
import type { TaxationSystem } from './taxation.ts'
import type { Vat } from './vat.ts'
import type { ReceiptWords } from './words/words.ts'

/**
 * The part of a sold item by which it is known when it comes back, and that its refund repeats. `quantityMicro` is null, and
 * the others are absent, where an earlier version kept it without them.
 */
export type SoldItem = Pick<Item, 'name' | 'priceKopecks' | 'vat' | 'paymentObject' | 'measure'> & {
  quantityMicro: number | null
}

/** A receipt whose goods may come back. `numbers`: null before its document is made. */
export type Refundable = {
  operation: Operation
  numbers: DocumentNumbers | null
  totalKopecks: number
  taxationSystem: TaxationSystem | undefined
  items: readonly SoldItem[]
}

/** Something about a refund that its till should know, as the journal keeps it. */
export type RefundFinding =
  /** The goods are not known here. Their refund is as lawful as any. */
  | { code: 'refund_of_unknown' }
  /** An operator took it beyond what is left. */
  | { code: 'refund_exceeds'; leftKopecks: number }
  | ({ code: 'refund_unlike_original' } & Unlike)
  /** More pieces than are left of an item. */
  | { code: 'refund_exceeds_quantity'; index: number; leftMicro: number }
  /** The good with this marking code came back before. */
  | { code: 'refund_marked_again'; index: number }

type Unlike =
  | { was: 'other_operation'; operation: Operation }
  | { was: 'not_sold'; index: number }
  | { was: 'sold_otherwise'; index: number; priceKopecks: number; vat: Vat }

/** The original's item that a refund's item repeats: the one of its name, and where names repeat of its price, then of its rate. */
function soldAs({ name, priceKopecks, vat }: SaidItem, sold: readonly SoldItem[]): readonly SoldItem[] {
  const named = sold.filter((one) => one.name === name)
  if (named.length < 2) return named
  const priced = named.filter((one) => one.priceKopecks === priceKopecks)
  return vat === undefined ? priced : priced.filter((one) => one.vat === vat)
}

/**
 * Takes from the original what the refund leaves to it.
 * @returns `open`: the places of the items whose rate the original does not say either. It says none for an item of another
 * name, or of several rates
 */
export function fromOriginal(
  { items }: SaidContent,
  { numbers, taxationSystem, items: sold }: Refundable,
): { from: FromOriginal; open: number[] } {
  const open: number[] = []
  const taken = items.map((item, index) => {
    const alike = soldAs(item, sold)
    if (item.vat === undefined && new Set(alike.map(({ vat }) => vat)).size !== 1) open.push(index)
    const [first] = alike
    if (first === undefined) return {}
    return item.markingCode === undefined ? withoutCode(repeated(first)) : repeated(first)
  })
  return { from: { numbers, taxationSystem, items: taken }, open }
}

const repeated = ({ vat, paymentObject, measure }: SoldItem): OfSoldItem => said({ vat, paymentObject, measure })

/** 1212 of goods that have to be marked, and have no code. */
const WITHOUT_CODE: Partial<Record<PaymentObject, PaymentObject>> = {
  commodity_with_marking: 'commodity_without_marking',
  excise_with_marking: 'excise_without_marking',
}

/** A good may come back without the code with which it was sold. */
function withoutCode(sold: OfSoldItem): OfSoldItem {
  const paymentObject = sold.paymentObject && (WITHOUT_CODE[sold.paymentObject] ?? sold.paymentObject)
  return { ...sold, ...said({ paymentObject }) }
}

/** The places of the items of a refund whose original is not known for which nothing says a rate. */
export const ratesLeftOpen = ({ items }: SaidContent, filledIn: FilledIn | null): number[] =>
  items.flatMap((item, index) => {
    const vat = item.vat ?? filledIn?.items?.[index]?.vat
    return vat === undefined ? [index] : []
  })

/** @returns a finding for each item that the original has not, or at another price or rate */
export function unlikeOriginal({ type, items }: ReceiptContent, original: Refundable): RefundFinding[] {
  const isOpposite = (type === 'refund' ? 'sale' : 'buy') === original.operation
  const other: Unlike[] = isOpposite ? [] : [{ was: 'other_operation', operation: original.operation }]
  const found = [...other, ...items.flatMap((item, index) => unlikeItem(item, index, original.items))]
  return found.map((unlike) => ({ code: 'refund_unlike_original', ...unlike }))
}

function unlikeItem(item: Item, index: number, sold: readonly SoldItem[]): Unlike[] {
  if (sold.some((one) => isSameGood(one, item))) return []
  const first = sold.find(({ name }) => name === item.name)
  if (!first) return [{ was: 'not_sold', index }]
  return [{ was: 'sold_otherwise', index, priceKopecks: first.priceKopecks, vat: first.vat }]
}

type Good = Pick<Item, 'name' | 'priceKopecks' | 'vat'>

export const isSameGood = (one: Good, other: Good): boolean =>
  one.name === other.name && one.priceKopecks === other.priceKopecks && one.vat === other.vat

export function refundInWords(finding: RefundFinding, words: ReceiptWords['warnings']): string {
  switch (finding.code) {
    case 'refund_of_unknown':
      return words.refundOfUnknown()
    case 'refund_exceeds':
      return words.refundExceeds(formatRoubles(finding.leftKopecks))
    case 'refund_exceeds_quantity':
      return words.refundExceedsQuantity(finding.index, formatQuantity(finding.leftMicro))
    case 'refund_marked_again':
      return words.refundMarkedAgain(finding.index)
    case 'refund_unlike_original':
      return unlikeInWords(finding, words)
  }
}

function unlikeInWords(unlike: Unlike, words: ReceiptWords['warnings']): string {
  if (unlike.was === 'other_operation') return words.refundOfOther(unlike.operation)
  if (unlike.was === 'not_sold') return words.refundNotSold(unlike.index)
  return words.refundSoldOtherwise(unlike.index, formatRoubles(unlike.priceKopecks), unlike.vat)
}
