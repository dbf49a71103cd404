import { isDeepStrictEqual } from 'node:util'
import type { DocumentNumbers } from './correction.ts'
import type { Cashier } from './customer.ts'
import type { Item, Measure, PaymentMethod, PaymentObject, SaidItem } from './item.ts'
import { type ReceiptContent, type SaidContent, saysRates } from './receipt.ts'
import { said } from './said.ts'
import type { TaxationSystem } from './taxation.ts'
import type { Vat } from './vat.ts'

type OfReceipt = {
  /** Without one, the KKT's own default system holds. */
  taxationSystem?: TaxationSystem
  cashier?: Cashier
  place?: string
  address?: string
  senderEmail?: string
}

type OfItems = { paymentMethod?: PaymentMethod; paymentObject?: PaymentObject; measure?: Measure }

/** The settings of a till. Each holds where the receipt, or its item, does not say it itself. */
export type TillDefaults = { ofReceipt: OfReceipt; ofItems: OfItems }

/** The part of an item that a refund takes from its original where it does not say it itself. */
export type OfSoldItem = { vat?: Vat; paymentObject?: PaymentObject; measure?: Measure }

/** The fields that a refund takes from its original. `items`: as the refund has them. */
export type FromOriginal = {
  numbers: DocumentNumbers | null
  taxationSystem: TaxationSystem | undefined
  items: readonly OfSoldItem[]
}

/** All that was filled in for one receipt, as the journal keeps it beside the till's words. */
export type FilledIn = TillDefaults & {
  /** The document of a refund's original, whose receipt the till may have named by its id. */
  refundOf?: DocumentNumbers
  /** The words of the original about each item of a refund. They precede the till's settings. */
  items?: readonly OfSoldItem[]
}

const OF_RECEIPT = ['taxationSystem', 'cashier', 'place', 'address', 'senderEmail'] as const
const OF_ITEMS = ['paymentMethod', 'paymentObject', 'measure'] as const
const OF_SOLD_ITEMS = ['vat', 'paymentObject', 'measure'] as const

/** Adds what a refund takes from its original, which precedes the till's settings. */
export function withOriginal(words: SaidContent, filledIn: FilledIn | null, from: FromOriginal): FilledIn | null {
  const { ofReceipt, ofItems } = filledIn ?? { ofReceipt: {}, ofItems: {} }
  const taxationSystem = words.taxationSystem === undefined ? from.taxationSystem : undefined
  const items = from.items.map((sold, i) => leftOpen(sold, words.items[i]))
  const settings = { ofReceipt: { ...ofReceipt, ...said({ taxationSystem }) }, ofItems }
  const taken = said({
    refundOf: from.numbers ?? undefined,
    items: items.every(isEmpty) ? undefined : items,
  })
  return isEmpty(taken) && isEmpty(settings.ofReceipt) && isEmpty(ofItems) ? null : { ...settings, ...taken }
}

/** The part that the till's item does not say. */
function leftOpen(sold: OfSoldItem, item: SaidItem | undefined): OfSoldItem {
  const open = { ...sold }
  for (const name of OF_SOLD_ITEMS) if (item?.[name] !== undefined) delete open[name]
  return open
}

/** @returns the settings that the till's words leave room for; null without one */
export function filledInFor(words: SaidContent, { ofReceipt, ofItems }: TillDefaults): FilledIn | null {
  const filledIn = { ofReceipt: { ...ofReceipt }, ofItems: { ...ofItems } }
  for (const name of OF_RECEIPT) if (words[name] !== undefined) delete filledIn.ofReceipt[name]
  for (const name of OF_ITEMS) if (words.items.every((item) => item[name] !== undefined)) delete filledIn.ofItems[name]
  return isEmpty(filledIn.ofReceipt) && isEmpty(filledIn.ofItems) ? null : filledIn
}

/**
 * The till's words, and what was filled in where they are silent: the content that is fiscalised, told and delivered.
 * @throws Error for an item whose rate nothing says: no such receipt is taken
 */
export function withFilledIn(words: SaidContent, filledIn: FilledIn | null): ReceiptContent {
  const content = filledIn === null ? words : filled(words, filledIn)
  if (!saysRates(content)) throw new Error('Nothing says the VAT rate of an item')
  return content
}

function filled(words: SaidContent, { ofReceipt, ofItems, refundOf, items: sold }: FilledIn): SaidContent {
  const isOfAll = isEmpty(ofItems) && sold === undefined
  const items = isOfAll ? words.items : words.items.map((item, i): SaidItem => ({ ...ofItems, ...sold?.[i], ...item }))
  const content = { ...ofReceipt, ...words, items }
  return refundOf === undefined ? content : { ...content, refundOf }
}

/**
 * Finds what was filled in when the till's words became a content that the FN holds.
 * @returns undefined when nothing can have made it of them: the till has sold something else
 */
export function filledInBetween(words: SaidContent, held: ReceiptContent): FilledIn | null | undefined {
  const settings: TillDefaults = { ofReceipt: {}, ofItems: {} }
  for (const name of OF_RECEIPT) if (held[name] !== undefined) Object.assign(settings.ofReceipt, { [name]: held[name] })
  for (const name of OF_ITEMS) {
    const item = held.items.find((one, i) => one[name] !== undefined && words.items[i]?.[name] === undefined)
    if (item) Object.assign(settings.ofItems, { [name]: item[name] })
  }
  const ofTill = filledInFor(words, settings)
  const filledIn = words.refundOf === undefined ? ofTill : withOriginal(words, ofTill, originalBehind(words, held))
  const isWhole = filledIn === null ? saysRates(words) : saysRates(filled(words, filledIn))
  return isWhole && isDeepStrictEqual(withFilledIn(words, filledIn), held) ? filledIn : undefined
}

/** The part of a refund that the FN holds which its original may have said. */
function originalBehind(words: SaidContent, held: ReceiptContent): FromOriginal {
  const named = words.refundOf?.receiptId === undefined ? undefined : held.refundOf
  return {
    numbers: named?.receiptId === undefined ? (named ?? null) : null,
    taxationSystem: held.taxationSystem,
    items: held.items.map(({ vat, paymentObject, measure }: Item) => said({ vat, paymentObject, measure })),
  }
}

function isEmpty(settings: object): boolean {
  for (const _name in settings) return false
  return true
}
