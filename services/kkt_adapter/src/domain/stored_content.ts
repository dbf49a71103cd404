import type { SaidItem } from './item.ts'
import { type ReceiptContent, type SaidContent, saysRates } from './receipt.ts'
import { vatOfRate } from './vat.ts'

/** An item as earlier versions kept it: quantities in thousandths, and rates by their percent. */
type EarlierItem = {
  name: string
  priceKopecks: number
  quantityMilli: number
  totalKopecks: number
  vatRate: number | null
}

const isEarlier = (item: SaidItem | EarlierItem): item is EarlierItem => 'quantityMilli' in item

/** The kept form of a content, or of a till's words. Equal ones have equal texts. */
export const contentText = (content: SaidContent): string => JSON.stringify(content)

/** Reads the kept form of a till's words, or that of earlier versions. */
export function readSaid(text: string): SaidContent {
  const content: SaidContent & { items: (SaidItem | EarlierItem)[] } = JSON.parse(text)
  if (content.items.some(isEarlier)) content.items = content.items.map(readItem)
  return content
}

/** Reads the kept form of a content that was fiscalised. */
export function readContent(text: string): ReceiptContent {
  const content = readSaid(text)
  if (!saysRates(content)) throw new Error('A fiscalised content has an item without a VAT rate')
  return content
}

function readItem(item: SaidItem | EarlierItem): SaidItem {
  if (!isEarlier(item)) return item
  const { name, priceKopecks, quantityMilli, totalKopecks, vatRate } = item
  const vat = vatOfRate(vatRate)
  if (vat === undefined)
    throw new Error(`The journal holds an item with a VAT rate of ${vatRate} %, which does not exist`)
  return { name, priceKopecks, quantityMicro: quantityMilli * 1000, totalKopecks, vat }
}

/**
 * Whether a kept text means the same content as a new one: earlier versions kept other names for the same, and texts as
 * they came. New bodies have them in NFC.
 */
export const isSameContent = (kept: string, text: string): boolean =>
  kept === text || contentText(readSaid(kept)).normalize('NFC') === text
