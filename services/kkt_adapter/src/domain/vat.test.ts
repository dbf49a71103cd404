import { describe, expect, test } from 'bun:test'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import fc from 'fast-check'
import { PLAIN_RATES, rateOfVat, taxOf, VATS, type Vat, vatOfRate, vatSums } from './vat.ts'

const RUNS = LONG ? 100_000 : 500
/** A hundred items of the greatest total. */
const MAX_KOPECKS = 429_496_729_500

const PERCENTS: Readonly<Partial<Record<Vat, bigint>>> = {
  vat5: 5n,
  vat7: 7n,
  vat10: 10n,
  vat20: 20n,
  vat22: 22n,
  vat105: 5n,
  vat107: 7n,
  vat110: 10n,
  vat120: 20n,
  vat122: 22n,
}

describe('the tax in a price', () => {
  test.each<[number, Vat, number]>([
    [122_00, 'vat22', 22_00],
    [1250_00, 'vat22', 225_41],
    [120_00, 'vat20', 20_00],
    [110, 'vat10', 10],
    // 0.5 kopecks.
    [11, 'vat5', 1],
    [10, 'vat5', 0],
    [61, 'vat22', 11],
    [0, 'vat22', 0],
    [122_00, 'vat122', 22_00],
    [105, 'vat105', 5],
    [107, 'vat107', 7],
    // Turnovers.
    [1234, 'none', 1234],
    [1234, 'vat0', 1234],
  ])('of %d kopecks at %s is %d', (sum, vat, tax) => expect(taxOf(sum, vat)).toBe(tax))

  test(`is sum × rate / (100 + rate), half up (SEED=${SEED})`, () => {
    fc.assert(
      fc.property(fc.nat(MAX_KOPECKS), fc.constantFrom(...VATS), (sum, vat) => {
        const percent = PERCENTS[vat]
        const twice = percent === undefined ? undefined : 2n * BigInt(sum) * percent
        const whole = 100n + (percent ?? 0n)
        const tax = twice === undefined ? BigInt(sum) : (twice + whole) / (2n * whole)
        expect(BigInt(taxOf(sum, vat))).toBe(tax)
      }),
      { seed: SEED, numRuns: RUNS },
    )
  })
})

test('the sums of a receipt add the rounded taxes of its items, in the order of the rates', () => {
  const item = (totalKopecks: number, vat: Vat) => ({ totalKopecks, vat })
  const items = [item(11, 'vat22'), item(500, 'none'), item(11, 'vat22'), item(0, 'vat10'), item(7, 'vat0')]
  expect(vatSums(items)).toEqual([
    { vat: 'none', sumKopecks: 500 },
    { vat: 'vat0', sumKopecks: 7 },
    { vat: 'vat10', sumKopecks: 0 },
    { vat: 'vat22', sumKopecks: 4 },
  ])
  // The tax of 16 kopecks at once would be 3.
  expect(vatSums([item(8, 'vat22'), item(8, 'vat22')])).toEqual([{ vat: 'vat22', sumKopecks: 2 }])
})

test('a percent names a plain rate, and null the rate without VAT', () => {
  expect(PLAIN_RATES).toEqual([null, 0, 5, 7, 10, 20, 22])
  expect(PLAIN_RATES.map(vatOfRate)).toEqual(['none', 'vat0', 'vat5', 'vat7', 'vat10', 'vat20', 'vat22'])
  expect([18, 105, -1, 20.5].map(vatOfRate)).toEqual([undefined, undefined, undefined, undefined])
  for (const rate of PLAIN_RATES) expect(rateOfVat(vatOfRate(rate) ?? 'vat122')).toBe(rate)
  expect(rateOfVat('vat122')).toBeUndefined()
})
