/** VAT of items and of the receipt. The price has the tax in it. */
import type { Check } from './check.ts'
import { type Fields, inRoubles, kopecksIn, listIn, textIn } from './reading.ts'

type Rate = { percent: number; sumTag: number | null; rate: number | null | undefined }

/**
 * The rates of tag 1199. `percent` 0: the receipt's sum is the turnover, not a tax. `rate`: the same in `vat_rate`,
 * which cannot tell an inverted rate. `sumTag` is null where the format's tag of the receipt's sum is not known here.
 */
export const RATES: Readonly<Record<string, Rate>> = {
  none: { percent: 0, sumTag: 1105, rate: null },
  vat0: { percent: 0, sumTag: 1104, rate: 0 },
  vat5: { percent: 5, sumTag: null, rate: 5 },
  vat7: { percent: 7, sumTag: null, rate: 7 },
  vat10: { percent: 10, sumTag: 1103, rate: 10 },
  vat20: { percent: 20, sumTag: 1102, rate: 20 },
  vat22: { percent: 22, sumTag: null, rate: 22 },
  vat105: { percent: 5, sumTag: null, rate: undefined },
  vat107: { percent: 7, sumTag: null, rate: undefined },
  vat110: { percent: 10, sumTag: 1107, rate: undefined },
  vat120: { percent: 20, sumTag: 1106, rate: undefined },
  vat122: { percent: 22, sumTag: null, rate: undefined },
}

const BY_RATE: ReadonlyMap<unknown, string> = new Map(
  Object.entries(RATES).flatMap(([vat, { rate }]) => (rate === undefined ? [] : [[rate, vat] as const])),
)
/** The tag for a sum whose own tag is not known here: that of the rate. */
const RATE_TAG = 1199

export const vatGiven: Check = {
  code: 'vat',
  tags: '1199',
  rule: 'An item has a rate, as `vat` or as `vat_rate`. Where it has both, they are the same rate.',
  judges: 'any',
  find({ items }, tell) {
    for (const [i, item] of items.entries()) {
      const vat = textIn(item, 'vat')
      const plain = item['vat_rate']
      if (vat === null && plain === undefined) tell(RATE_TAG, `/items/${i}/vat`, 'is missing')
      const rate = vat === null || plain === undefined ? undefined : rateOf(vat)
      if (rate && rate.rate !== plain) tell(RATE_TAG, `/items/${i}/vat_rate`, 'is not the rate of vat')
    }
  },
}

/** Two lawful sums: each item's tax rounded and then added, or the tax of the rate's turnover. */
type Turnover = { turnoverKopecks: number; byItemKopecks: number }

export const vatSums: Check = {
  code: 'vat_sums',
  tags: '1102–1107, 1199',
  rule: 'The document has one sum for each rate of its items: sum × rate / (100 + rate), half up, by the item or by the receipt; for `none` and `vat0` the turnover.',
  judges: '1.2',
  find({ fiscalDoc, items }, tell) {
    if (!Array.isArray(fiscalDoc['vat_sums'])) return tell(RATE_TAG, '/fiscal_doc/vat_sums', 'is missing')
    const turnovers = turnoversOf(items)
    const missing = new Set(turnovers.keys())
    for (const [i, sum] of listIn(fiscalDoc, 'vat_sums', Object.keys(RATES).length).entries()) {
      const vat = textIn(sum, 'vat') ?? ''
      const turnover = turnovers.get(vat)
      const toldKopecks = kopecksIn(sum, 'sum')
      const at = `/fiscal_doc/vat_sums/${i}`
      if (!turnover) tell(sumTagOf(vat), at, 'is of a rate that no item has')
      else if (!missing.delete(vat)) tell(sumTagOf(vat), at, 'is the second of its rate')
      else if (toldKopecks !== null) {
        const lawful = [turnover.byItemKopecks, taxOf(turnover.turnoverKopecks, vat)]
        const [least, most] = [Math.min(...lawful), Math.max(...lawful)]
        if (toldKopecks < least || toldKopecks > most) tell(sumTagOf(vat), `${at}/sum`, `is not ${range(least, most)}`)
      }
    }
    for (const vat of missing) tell(sumTagOf(vat), '/fiscal_doc/vat_sums', `have none of ${vat}`)
  },
}

const range = (least: number, most: number) =>
  least === most ? inRoubles(least) : `from ${inRoubles(least)} to ${inRoubles(most)}`

const rateOf = (vat: string): Rate | undefined => (Object.hasOwn(RATES, vat) ? RATES[vat] : undefined)
const sumTagOf = (vat: string): number => rateOf(vat)?.sumTag ?? RATE_TAG

function turnoversOf(items: readonly Fields[]): Map<string, Turnover> {
  const turnovers = new Map<string, Turnover>()
  for (const item of items) {
    const vat = textIn(item, 'vat') ?? BY_RATE.get(item['vat_rate'])
    const totalKopecks = kopecksIn(item, 'total')
    if (vat === undefined || !rateOf(vat) || totalKopecks === null) continue
    const { turnoverKopecks = 0, byItemKopecks = 0 } = turnovers.get(vat) ?? {}
    turnovers.set(vat, {
      turnoverKopecks: turnoverKopecks + totalKopecks,
      byItemKopecks: byItemKopecks + taxOf(totalKopecks, vat),
    })
  }
  return turnovers
}

/** The tax in a sum, half up to the kopeck. In integers, because a quotient of doubles may fall short of a half. */
function taxOf(sumKopecks: number, vat: string): number {
  const percent = rateOf(vat)?.percent ?? 0
  if (percent === 0) return sumKopecks
  return Math.floor((2 * sumKopecks * percent + 100 + percent) / (2 * (100 + percent)))
}
