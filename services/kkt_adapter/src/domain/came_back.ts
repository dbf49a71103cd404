/** The goods that refunds took back, held against what was sold. */
import { createHash } from 'node:crypto'
import type { ReceiptContent } from './receipt.ts'
import { isSameGood, type RefundFinding, type SoldItem } from './refund.ts'

/**
 * An item that came back. `place`: the first item of the original with its name, price and rate, null without one. `code`
 * tells its marking code from others, null without one.
 */
export type CameBack = { place: number | null; quantityMicro: number; code: string | null }

/** Marking codes are long, and kept for long. So many characters of base64 are 96 bits. */
const CODE_CHARACTERS = 16

/** The goods that a refund takes back, an entry an item. */
export const goodsOf = ({ items }: ReceiptContent, sold: readonly SoldItem[]): CameBack[] =>
  items.map((item) => {
    const place = sold.findIndex((one) => isSameGood(one, item))
    const code = item.markingCode === undefined ? null : shortened(item.markingCode)
    return { place: place < 0 ? null : place, quantityMicro: item.quantityMicro, code }
  })

const shortened = (code: string): string => createHash('sha256').update(code).digest('base64').slice(0, CODE_CHARACTERS)

/** @returns a finding for each item of which more comes back than is left, or whose marking code came back before */
export function beyondWhatIsLeft(
  goods: readonly CameBack[],
  sold: readonly SoldItem[],
  before: readonly CameBack[],
): RefundFinding[] {
  const codes = new Set(before.flatMap(({ code }) => code ?? []))
  const back = new Map<number, number>()
  const take = ({ place, quantityMicro }: CameBack) =>
    place !== null && back.set(place, (back.get(place) ?? 0) + quantityMicro)
  for (const one of before) take(one)
  return goods.flatMap((good, index) => {
    const found: RefundFinding[] = []
    const leftMicro = leftOf(good, sold, back)
    if (leftMicro !== null && good.quantityMicro > leftMicro)
      found.push({ code: 'refund_exceeds_quantity', index, leftMicro })
    if (good.code !== null && codes.has(good.code)) found.push({ code: 'refund_marked_again', index })
    take(good)
    if (good.code !== null) codes.add(good.code)
    return found
  })
}

/** The quantity that is left of each item, in millionths. Of items that are the same good, the last ones come back first. */
export function leftOfEach(sold: readonly SoldItem[], before: readonly CameBack[]): number[] {
  const back = new Map<number, number>()
  for (const { place, quantityMicro } of before)
    if (place !== null) back.set(place, (back.get(place) ?? 0) + quantityMicro)
  return sold
    .toReversed()
    .map((item) => {
      const place = sold.findIndex((one) => isSameGood(one, item))
      const gone = Math.min(item.quantityMicro ?? 0, back.get(place) ?? 0)
      back.set(place, (back.get(place) ?? 0) - gone)
      return (item.quantityMicro ?? 0) - gone
    })
    .toReversed()
}

/** @returns null where it is not known how much was sold, or that any was */
function leftOf({ place }: CameBack, sold: readonly SoldItem[], back: ReadonlyMap<number, number>): number | null {
  const first = place === null ? undefined : sold[place]
  if (place === null || first === undefined) return null
  let soldMicro = 0
  for (const one of sold) {
    if (!isSameGood(one, first)) continue
    if (one.quantityMicro === null) return null
    soldMicro += one.quantityMicro
  }
  return Math.max(0, soldMicro - (back.get(place) ?? 0))
}
