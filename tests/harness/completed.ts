/** The content that a till's words become by its settings, written apart from the adapter, which is compared with it. */
import { printable } from '@kkt/adapter/src/domain/printable.ts'
import type { Body, Content, DocumentContent, SentItem, ShownItem } from './wire_content.ts'

/** An entry of TILLS_FILE. */
export type TillSettings = {
  taxation_system?: string
  cashier?: { name: string; inn?: string }
  place?: string
  address?: string
  sender_email?: string
  payment_method?: string
  payment_object?: string
  measure?: string
}

/** The settings of an item for which nobody says any. */
const USUAL_ITEM = { payment_method: 'full_payment', payment_object: 'commodity', measure: 'piece' }

const kopecks = (roubles: number) => Math.round(roubles * 100)

/** The receipt's sum in kopecks: the till's word, or the sum of the items. */
export const dueKopecks = ({ items, total }: Pick<Body, 'items' | 'total'>): number =>
  total === undefined ? items.reduce((sum, item) => sum + kopecks(item.total), 0) : kopecks(total)

const nameOfRate = (rate: number | null | undefined) => (rate === null ? 'none' : `vat${rate}`)

/** Inverted rates have three digits, and no number in `vat_rate`. */
function rateOf(vat: string): { vat_rate?: number | null } {
  if (vat === 'none') return { vat_rate: null }
  const percent = vat.slice('vat'.length)
  return percent.length > 2 ? {} : { vat_rate: Number(percent) }
}

/** A refund takes marked goods back, everything else gives them away. Parts and measures are not pieces. */
function markingStatus(item: SentItem & { measure: string }, type: Body['type']): { marking_status?: string } {
  if (item.marking_code === undefined) return {}
  if (item.marking_status !== undefined) return { marking_status: item.marking_status }
  const isMeasured = item.fraction !== undefined || item.measure !== 'piece'
  if (type === 'refund') return { marking_status: isMeasured ? 'measured_returned' : 'piece_returned' }
  return { marking_status: isMeasured ? 'measured_for_sale' : 'piece_sold' }
}

export function shownItem(sent: SentItem, type: Body['type'] = 'sale', settings: TillSettings = {}): ShownItem {
  const item = {
    ...sent,
    payment_method: sent.payment_method ?? settings.payment_method ?? USUAL_ITEM.payment_method,
    payment_object: sent.payment_object ?? settings.payment_object ?? USUAL_ITEM.payment_object,
    measure: sent.measure ?? settings.measure ?? USUAL_ITEM.measure,
  }
  const vat = sent.vat ?? nameOfRate(sent.vat_rate)
  return { ...item, ...rateOf(vat), vat, ...markingStatus(item, type) }
}

/** The mock KKT signs it where nobody names one. */
const KKTS_OWN_SYSTEM = 'osn'

/** The original's item of this name, as paper shows it. Where several have it, price and rate are the same, too. */
function soldAs(item: SentItem, items: readonly SentItem[]): SentItem | undefined {
  const name = printable(item.name)
  const named = items.filter((one) => printable(one.name) === name)
  const rate = (one: SentItem) => one.vat ?? nameOfRate(one.vat_rate)
  return named.length < 2 ? named[0] : named.find((one) => one.price === item.price && rate(one) === rate(item))
}

/**
 * A refund's words, and what they leave to its original.
 * @param isSigned whether the original had its document when the refund was taken: it tells the KKT's own system
 */
export function withOriginal(
  body: Body,
  original: Pick<DocumentContent, 'taxation_system' | 'items'>,
  isSigned: boolean,
): Body {
  const system = body.taxation_system ?? original.taxation_system ?? (isSigned ? KKTS_OWN_SYSTEM : undefined)
  const items = body.items.map((item) => {
    const sold = soldAs(item, original.items)
    if (!sold) return item
    // A good may come back without its marking code.
    const subject =
      item.marking_code === undefined ? sold.payment_object?.replace('with_', 'without_') : sold.payment_object
    return { payment_object: subject, measure: sold.measure, ...item }
  })
  return { ...body, items, ...(system !== undefined && { taxation_system: system }) }
}

/** @param settings those of the till, of all tills, and of the environment, in one */
export function completed(body: Body, settings: TillSettings): Content {
  const { pos_id: _till, items, ...said } = body
  const { taxation_system, cashier, place, address, sender_email } = settings
  const filledIn = { taxation_system, cashier, place, address, sender_email }
  const ofAll = Object.fromEntries(Object.entries(filledIn).filter(([, value]) => value !== undefined))
  const shown = items.map((item) => shownItem(item, body.type, settings))
  return { ...ofAll, ...said, items: shown, total: dueKopecks(body) / 100 }
}
