import { namesOf } from './names.ts'

/**
 * VAT rates, tag 1199 of FFD 1.2. A price includes its tax. An inverted rate taxes money that is taken before the goods:
 * 20/120 of an advance is the tax of 20 % in it.
 */
export type Rate =
  | { kind: 'none'; tag: number }
  | { kind: 'plain' | 'inverted'; tag: number; percent: number; inForce?: InForce }

/**
 * The days, `yyyy-mm-dd`, on which the law lets new business have a rate: from `from`, and before `until`. After that it
 * stays right for what was sold before. `rule` is the law's text.
 */
export type InForce = { from: string; until?: string; rule: Rule }

/** An act of the tax service. `on`: its day, `dd.mm.yyyy`. */
export type Rule = { kind: 'letter' | 'order'; number: string; on: string }

const TWENTY: InForce = {
  from: '2019-01-01',
  until: '2026-01-01',
  rule: { kind: 'letter', number: 'АБ-4-20/11248@', on: '15.12.2025' },
}
const FIVE_AND_SEVEN: InForce = {
  from: '2025-01-01',
  rule: { kind: 'order', number: 'ЕД-7-20/1038@', on: '15.11.2024' },
}
const TWENTY_TWO: InForce = { from: '2026-01-01', rule: { kind: 'order', number: 'ЕД-7-20/1050@', on: '08.12.2025' } }

const VAT_RATES = {
  none: { kind: 'none', tag: 6 },
  vat0: { kind: 'plain', tag: 5, percent: 0 },
  vat5: { kind: 'plain', tag: 7, percent: 5, inForce: FIVE_AND_SEVEN },
  vat7: { kind: 'plain', tag: 8, percent: 7, inForce: FIVE_AND_SEVEN },
  vat10: { kind: 'plain', tag: 2, percent: 10 },
  vat20: { kind: 'plain', tag: 1, percent: 20, inForce: TWENTY },
  vat22: { kind: 'plain', tag: 11, percent: 22, inForce: TWENTY_TWO },
  vat105: { kind: 'inverted', tag: 9, percent: 5, inForce: FIVE_AND_SEVEN },
  vat107: { kind: 'inverted', tag: 10, percent: 7, inForce: FIVE_AND_SEVEN },
  vat110: { kind: 'inverted', tag: 4, percent: 10 },
  vat120: { kind: 'inverted', tag: 3, percent: 20, inForce: TWENTY },
  vat122: { kind: 'inverted', tag: 12, percent: 22, inForce: TWENTY_TWO },
} as const satisfies Record<string, Rate>

export type Vat = keyof typeof VAT_RATES

export const VATS = namesOf(VAT_RATES)

export const rateOf = (vat: Vat): Rate => VAT_RATES[vat]

/** The rates that `vat_rate` tells by their percent; null tells `none`. Inverted rates have no such number. */
const BY_PERCENT: ReadonlyMap<number | null, Vat> = new Map(
  VATS.flatMap((vat): [number | null, Vat][] => {
    const rate = rateOf(vat)
    if (rate.kind === 'inverted') return []
    return [[rate.kind === 'none' ? null : rate.percent, vat]]
  }),
)

/** @param rate as in `vat_rate`: a percent, or null without VAT */
export const vatOfRate = (rate: number | null): Vat | undefined => BY_PERCENT.get(rate)

/** The values of `vat_rate`. */
export const PLAIN_RATES: readonly (number | null)[] = [...BY_PERCENT.keys()]

/** @returns the rate as `vat_rate` has it; undefined for an inverted one */
export function rateOfVat(vat: Vat): number | null | undefined {
  const rate = rateOf(vat)
  if (rate.kind === 'none') return null
  return rate.kind === 'plain' ? rate.percent : undefined
}

/**
 * The tax in a price, half up to the kopeck, tag 1200 of an item. For `none` and `vat0` it is the turnover, because the
 * receipt's tags 1105 and 1104 are turnovers.
 */
export function taxOf(sumKopecks: number, vat: Vat): number {
  const rate = rateOf(vat)
  if (rate.kind === 'none' || rate.percent === 0) return sumKopecks
  const whole = 100 + rate.percent
  // Exact: even a receipt's greatest total times 122 is below 2^53.
  return Math.floor((2 * sumKopecks * rate.percent + whole) / (2 * whole))
}

export type VatSum = { vat: Vat; sumKopecks: number }

/** The receipt's sums by rate, tags 1102 to 1107: each item's tax is rounded, then they are added. */
export function vatSums(items: readonly { vat: Vat; totalKopecks: number }[]): VatSum[] {
  const sums: VatSum[] = []
  for (const { vat, totalKopecks } of items) {
    const sumKopecks = taxOf(totalKopecks, vat)
    const sum = sums.find((one) => one.vat === vat)
    if (sum === undefined) sums.push({ vat, sumKopecks })
    else sum.sumKopecks += sumKopecks
  }
  // In the order of the rates. Almost every receipt has one.
  return sums.length > 1 ? sums.sort((one, other) => VATS.indexOf(one.vat) - VATS.indexOf(other.vat)) : sums
}
