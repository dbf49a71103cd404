import { expect, test } from 'bun:test'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import fc from 'fast-check'
import { MEASURES, PAYMENT_METHODS, PAYMENT_OBJECTS } from '../domain/item.ts'
import { decimalToUnits, toRoubles, toUnits } from '../domain/money.ts'
import { OPERATIONS } from '../domain/operation.ts'
import { VATS } from '../domain/vat.ts'
import { receiptBody } from '../http/receipt_schema.ts'
import { fiscalised } from '../testing/slips.ts'
import { WIDTHS } from './layout.ts'
import { receiptSlip } from './sections.ts'
import { slipText } from './text.ts'

/** The short form meets the usual forms of a receipt; rare ones are for the long one. */
const RUNS = LONG ? 300 : 8

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

/** Without those that need a marking code. */
const objects = PAYMENT_OBJECTS.filter((object) => !object.endsWith('_with_marking'))

const item = (name: fc.Arbitrary<string>) =>
  fc
    .record({
      name,
      priceKopecks: kopecks,
      quantityMicro,
      vat: fc.constantFrom(...VATS),
      payment_method: fc.constantFrom(...PAYMENT_METHODS),
      payment_object: fc.constantFrom(...objects),
      measure: fc.constantFrom(...MEASURES),
    })
    .map(({ priceKopecks, quantityMicro, ...said }) => ({
      ...said,
      price: toRoubles(priceKopecks),
      quantity: toUnits(quantityMicro),
      total: toRoubles(Number((BigInt(priceKopecks) * BigInt(quantityMicro)) / 1_000_000n)),
    }))

type Item = { total: number }
const kopecksOf = (roubles: number) => decimalToUnits(roubles, 2) ?? Number.NaN
const totalOf = (items: readonly Item[]) => items.reduce((sum, { total }) => sum + kopecksOf(total), 0)

/** Two payments that add up to the items' totals; one where the first is all of it. @param change kopecks on top, in cash */
function paid(items: readonly Item[], share: number, change: number) {
  const total = totalOf(items)
  const cash = Math.min(Math.max(Math.floor(total * share), 1), MAX_KOPECKS)
  const rest = total - cash
  return [
    { type: 'cash', amount: toRoubles(cash + change) },
    ...(rest > 0 ? [{ type: 'card', amount: toRoubles(rest) }] : []),
  ]
}

/** Texts that stand beside labels. */
const headAndFoot = fc.record(
  {
    cashier: fc.record({ name: russian, inn: fc.constant('123456789047') }, { requiredKeys: ['name'] }),
    customer: fc.constantFrom({ email: `${'a'.repeat(50)}@example.com` }, { phone: '+79991234567' }),
    place: russian,
    address: russian,
    sender_email: fc.constant('shop@example.com'),
    user_attribute: fc.record({ name: russian, value: russian }),
  },
  { requiredKeys: [] },
)

/** Any receipt that the adapter takes. */
const sold = (name: fc.Arbitrary<string>) =>
  fc
    .record({
      items: fc.array(item(name), { minLength: 1, maxLength: 6 }),
      type: fc.constantFrom(...OPERATIONS),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      change: fc.constantFrom(0, 0, 350, 50_000),
      more: headAndFoot,
    })
    .map(({ items, type, share, change, more }) => ({ ...more, items, type, payments: paid(items, share, change) }))
    .filter((parts) => receiptBody.safeParse({ pos_id: 'POS-1', ...parts }).success)

const characters = (text: string) => [...new Intl.Segmenter('ru').segment(text)].length
const unspaced = (text: string) => text.replaceAll(/\s/g, '')

const runs = { seed: SEED, numRuns: RUNS }

for (const width of WIDTHS) {
  test(`no line is longer than ${width} columns, whatever is sold (SEED=${SEED})`, () => {
    fc.assert(
      fc.property(sold(fc.oneof(russian, anyText)), (parts) => {
        const text = slipText(receiptSlip(fiscalised(parts)), width)
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
        const lines = slipText(receiptSlip(receipt), width).split('\n')
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
        const receipt = fiscalised(parts)
        const sums = [...slipText(receiptSlip(receipt), width).matchAll(/=(\d+)\.(\d\d)$/gm)].map(
          ([, roubles, decimals]) => Number(`${roubles}${decimals}`),
        )
        const { content, doc } = receipt
        const { payments = [], vatSums = [], changeKopecks = 0 } = doc.details ?? {}
        const [cash = 0] = payments.filter(({ type }) => type === 'cash').map(({ amountKopecks }) => amountKopecks)
        expect(sums).toEqual([
          ...content.items.map(({ totalKopecks }) => totalKopecks),
          content.totalKopecks,
          ...payments.map(({ amountKopecks }) => amountKopecks),
          ...(changeKopecks > 0 ? [cash + changeKopecks, changeKopecks] : []),
          ...vatSums.map(({ sumKopecks }) => sumKopecks).filter((kopecks) => kopecks > 0),
        ])
      }),
      runs,
    )
  })
}
