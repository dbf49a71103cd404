import type { Item } from './item.ts'
import type { ReceiptContent } from './receipt.ts'
import { vatOfRate } from './vat.ts'

/** An item as earlier versions kept it: quantities in thousandths, and rates by their percent. */
type EarlierItem = {
  name: string
  priceKopecks: number
  quantityMilli: number
  totalKopecks: number
  vatRate: number | null
}

const isEarlier = (item: Item | EarlierItem): item is EarlierItem => 'quantityMilli' in item

/** The kept form of a content. Equal contents have equal texts. */
export const contentText = (content: ReceiptContent): string => JSON.stringify(content)

/** Reads the kept form of a content, or that of earlier versions. */
export function readContent(text: string): ReceiptContent {
  const content: ReceiptContent & { items: (Item | EarlierItem)[] } = JSON.parse(text)
  if (content.items.some(isEarlier)) content.items = content.items.map(readItem)
  return content
}

function readItem(item: Item | EarlierItem): Item {
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
  kept === text || contentText(readContent(kept)).normalize('NFC') === text
