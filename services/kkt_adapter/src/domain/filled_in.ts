import { isDeepStrictEqual } from 'node:util'
import type { Cashier } from './customer.ts'
import type { Item, Measure, PaymentMethod, PaymentObject } from './item.ts'
import type { ReceiptContent } from './receipt.ts'
import type { TaxationSystem } from './taxation.ts'

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

/** The settings that held for one receipt, as the journal keeps them beside the till's words. */
export type FilledIn = TillDefaults

const OF_RECEIPT = ['taxationSystem', 'cashier', 'place', 'address', 'senderEmail'] as const
const OF_ITEMS = ['paymentMethod', 'paymentObject', 'measure'] as const

/** @returns the settings that the till's words leave room for; null without one */
export function filledInFor(said: ReceiptContent, { ofReceipt, ofItems }: TillDefaults): FilledIn | null {
  const filledIn = { ofReceipt: { ...ofReceipt }, ofItems: { ...ofItems } }
  for (const name of OF_RECEIPT) if (said[name] !== undefined) delete filledIn.ofReceipt[name]
  for (const name of OF_ITEMS) if (said.items.every((item) => item[name] !== undefined)) delete filledIn.ofItems[name]
  return isEmpty(filledIn.ofReceipt) && isEmpty(filledIn.ofItems) ? null : filledIn
}

/** The till's words, and the settings where they are silent: the content that is fiscalised, told and delivered. */
export function withFilledIn(said: ReceiptContent, filledIn: FilledIn | null): ReceiptContent {
  if (filledIn === null) return said
  const { ofReceipt, ofItems } = filledIn
  const items = isEmpty(ofItems) ? said.items : said.items.map((item): Item => ({ ...ofItems, ...item }))
  return { ...ofReceipt, ...said, items }
}

/**
 * Finds the settings by which the till's words became a content that the FN holds.
 * @returns undefined when no settings can have made it of them: the till has sold something else
 */
export function filledInBetween(said: ReceiptContent, held: ReceiptContent): FilledIn | null | undefined {
  const settings: TillDefaults = { ofReceipt: {}, ofItems: {} }
  for (const name of OF_RECEIPT) if (held[name] !== undefined) Object.assign(settings.ofReceipt, { [name]: held[name] })
  for (const name of OF_ITEMS) {
    const filled = held.items.find((item, i) => item[name] !== undefined && said.items[i]?.[name] === undefined)
    if (filled) Object.assign(settings.ofItems, { [name]: filled[name] })
  }
  const filledIn = filledInFor(said, settings)
  return isDeepStrictEqual(withFilledIn(said, filledIn), held) ? filledIn : undefined
}

function isEmpty(settings: object): boolean {
  for (const _name in settings) return false
  return true
}
