import { expect, test } from 'bun:test'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import fc from 'fast-check'
import { decimalToUnits, toRoubles, toUnits } from '../domain/money.ts'
import { receiptBody } from '../http/receipt_schema.ts'
import { fiscalised } from '../testing/slips.ts'
import { WIDTHS } from './layout.ts'
import { slipText } from './text.ts'

/** The short form meets the usual forms of a receipt; rare ones are for the long one. */
const RUNS = LONG ? 300 : 60

const MAX_KOPECKS = 4_294_967_295
const kopecks = fc.oneof(fc.nat(MAX_KOPECKS), fc.nat(99), fc.nat(1_000_000))
const quantityMicro = fc
  .oneof(fc.integer({ min: 1, max: 99_999_999 }), fc.constantFrom(1, 500, 1000, 12_000))
  .map((milli) => 1000 * milli)

const russian = fc.string({
  unit: fc.constantFrom(...'Оправа линзы для чтения №5, 1.67'),
  minLength: 1,
  maxLength: 128,
})
const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 128 })

const item = (name: fc.Arbitrary<string>) =>
  fc
    .record({ name, priceKopecks: kopecks, quantityMicro, vat_rate: fc.constantFrom(0, 5, 7, 10, 20, 22, null) })
    .map(({ name, priceKopecks, quantityMicro, vat_rate }) => ({
      name,
      vat_rate,
      price: toRoubles(priceKopecks),
      quantity: toUnits(quantityMicro),
      total: toRoubles(Number((BigInt(priceKopecks) * BigInt(quantityMicro)) / 1_000_000n)),
    }))

type Item = { total: number }
const kopecksOf = (roubles: number) => decimalToUnits(roubles, 2) ?? Number.NaN
const totalOf = (items: readonly Item[]) => items.reduce((sum, { total }) => sum + kopecksOf(total), 0)

/** Two payments that add up to the items' totals; one where the first is all of it. */
function paid(items: readonly Item[], share: number) {
  const total = totalOf(items)
  const cash = Math.min(Math.max(Math.floor(total * share), 1), MAX_KOPECKS)
  const rest = total - cash
  return [{ type: 'cash', amount: toRoubles(cash) }, ...(rest > 0 ? [{ type: 'card', amount: toRoubles(rest) }] : [])]
}

/** Any receipt that the adapter takes. */
const sold = (name: fc.Arbitrary<string>) =>
  fc
    .record({
      items: fc.array(item(name), { minLength: 1, maxLength: 6 }),
      type: fc.constantFrom('sale', 'refund'),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ items, type, share }) => ({ items, type, payments: paid(items, share) }))
    .filter((parts) => receiptBody.safeParse({ pos_id: 'POS-1', ...parts }).success)

const characters = (text: string) => [...new Intl.Segmenter('ru').segment(text)].length
const unspaced = (text: string) => text.replaceAll(/\s/g, '')

const runs = { seed: SEED, numRuns: RUNS }

for (const width of WIDTHS) {
  test(`no line is longer than ${width} columns, whatever is sold (SEED=${SEED})`, () => {
    fc.assert(
      fc.property(sold(fc.oneof(russian, anyText)), (parts) => {
        const text = slipText(fiscalised(parts), width)
        expect(text.endsWith('\n')).toBe(true)
        for (const line of text.slice(0, -1).split('\n')) {
          expect(characters(line)).toBeWithin(1, width + 1)
          expect(line).toBe(line.trimEnd())
        }
      }),
      runs,
    )
  })

  test(`all words of each name are there, unbroken where a line has room (SEED=${SEED}, ${width} columns)`, () => {
    fc.assert(
      fc.property(sold(fc.oneof(russian, anyText)), (parts) => {
        const receipt = fiscalised(parts)
        const lines = slipText(receipt, width).split('\n')
        let rest = unspaced(lines.join(''))
        for (const { name } of receipt.content.items) {
          expect(rest).toContain(unspaced(name))
          rest = rest.slice(rest.indexOf(unspaced(name)) + unspaced(name).length)
          // No character takes more than two columns, and a no-break space is within a word.
          const short = name.split(/[^\S\u00a0\u202f]+/).filter((word) => 2 * characters(word) <= width)
          expect(short.filter((word) => !lines.some((line) => line.includes(word)))).toEqual([])
        }
      }),
      runs,
    )
  })

  test(`the sums are the receipt's, to the kopeck (SEED=${SEED}, ${width} columns)`, () => {
    fc.assert(
      fc.property(sold(russian), (parts) => {
        const { content, doc, isMock } = fiscalised(parts)
        const sums = [...slipText({ content, doc, isMock }, width).matchAll(/=(\d+)\.(\d\d)$/gm)].map(
          ([, roubles, decimals]) => Number(`${roubles}${decimals}`),
        )
        const turnover = (rate: 0 | null) => totalOf(parts.items.filter(({ vat_rate }) => vat_rate === rate))
        expect(sums).toEqual([
          ...content.items.map(({ totalKopecks }) => totalKopecks),
          content.totalKopecks,
          ...content.payments.map(({ amountKopecks }) => amountKopecks),
          ...[turnover(0), turnover(null)].filter((kopecks) => kopecks > 0),
        ])
      }),
      runs,
    )
  })
}
