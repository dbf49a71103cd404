/** Random bodies against a model of the money that counts in whole numbers of any size. */
import { expect, test } from 'bun:test'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import fc from 'fast-check'
import { settle } from '../../domain/payment.ts'
import { vatSums } from '../../domain/vat.ts'
import { wireContent } from '../../domain/wire_forms.ts'
import { refusals } from '../../testing/receipt_bodies.ts'
import { receiptBody } from '../receipt_schema.ts'

const RUNS = LONG ? 100_000 : 500
const options = { seed: SEED, numRuns: RUNS }
/** The long form takes a quarter of a minute on a machine that does nothing else. */
const LIMIT_MS = LONG ? 180_000 : 5000

/** A number of the wire as people write it: `whole` units of `10 ** -places`. */
const written = (whole: bigint, places: number): number => {
  const digits = String(whole < 0n ? -whole : whole).padStart(places + 1, '0')
  return Number(`${whole < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`)
}
const roubles = (kopecks: bigint) => written(kopecks, 2)

const MICRO = 1_000_000n
const MAX_KOPECKS = 4_294_967_295n

const kopecks = fc.oneof(
  fc.bigInt({ min: 0n, max: 200n }),
  fc.bigInt({ min: 0n, max: 1_000_000n }),
  fc.bigInt({ min: 0n, max: MAX_KOPECKS }),
)
const quantity = fc.oneof(
  fc.constantFrom(MICRO, 2n * MICRO, 500_000n, 1n),
  fc.bigInt({ min: 1n, max: 10n * MICRO }),
  fc.bigInt({ min: 1n, max: 99_999_999_999n }),
)
const few = fc.bigInt({ min: -2n, max: 2n })

const PERCENTS = { none: 0n, vat0: 0n, vat5: 5n, vat10: 10n, vat22: 22n, vat122: 22n } as const
type Rate = keyof typeof PERCENTS
const rates = Object.keys(PERCENTS) as Rate[]

/** `off`: kopecks between the total that is sent and the exact product, rounded down. */
const line = fc
  .record({ price: kopecks, quantity, off: few, vat: fc.constantFrom(...rates) })
  .map(({ price, quantity, off, vat }) => {
    const total = (price * quantity) / MICRO + off
    const difference = price * quantity - total * MICRO
    const isRight = difference >= -MICRO && difference <= MICRO && total >= 0n && total <= MAX_KOPECKS
    return { price, quantity, total, vat, isRight }
  })

const payment = fc.record({ type: fc.constantFrom('cash', 'card', 'prepaid', 'credit', 'other'), share: fc.nat(120) })

/** Payments that are shares of the due sum, and a last one that makes it whole, give or take. */
const sale = fc.record({
  type: fc.constantFrom('sale', 'refund', 'buy', 'buy_refund'),
  lines: fc.array(line, { minLength: 1, maxLength: 5 }),
  rounding: fc.oneof(fc.constant(0n), fc.bigInt({ min: -1n, max: 101n })),
  payments: fc.array(payment, { maxLength: 4 }),
  last: fc.record({ type: fc.constantFrom('cash', 'card'), more: fc.oneof(fc.constant(0n), few, kopecks) }),
})

type Paid = { type: string; amount: bigint }

function paidOf(shares: readonly { type: string; share: number }[], due: bigint, last: { type: string; more: bigint }) {
  const parts = shares.map(({ type, share }): Paid => ({ type, amount: (due * BigInt(share)) / 200n }))
  const rest = due - parts.reduce((sum, { amount }) => sum + amount, 0n) + last.more
  return [...parts, { type: last.type, amount: rest }].filter(({ amount }) => amount > 0n && amount <= MAX_KOPECKS)
}

const sum = (paid: readonly Paid[], isCounted: (one: Paid) => boolean = () => true) =>
  paid.filter(isCounted).reduce((total, { amount }) => total + amount, 0n)

test(
  `a receipt is taken where its money is right, and nowhere else (SEED=${SEED})`,
  () => {
    let taken = 0
    fc.assert(
      fc.property(sale, ({ type, lines, rounding, payments, last }) => {
        const items = lines.reduce((total, { total: one }) => total + one, 0n)
        const due = items - rounding
        const paid = paidOf(payments, due, last)
        const cashless = sum(paid, (one) => one.type !== 'cash')
        const change = sum(paid) - due
        const isPaid = cashless <= due && change >= 0n && (change === 0n || type === 'sale' || type === 'buy_refund')
        const isRounded = rounding >= 0n && rounding <= 99n && due >= 0n
        const body = {
          pos_id: 'POS-001',
          type,
          items: lines.map(({ price, quantity, total, vat }) => ({
            name: 'Frame',
            price: roubles(price),
            quantity: written(quantity, 6),
            total: roubles(total),
            vat,
          })),
          payments: paid.map((one) => ({ type: one.type, amount: roubles(one.amount) })),
          total: roubles(due),
        }
        const isRight = isPaid && isRounded && lines.every((one) => one.isRight)
        expect(refusals(body).length === 0).toBe(isRight)
        if (!isRight) return
        taken += 1

        const content = receiptBody.parse(body)
        expect(content.items.map(({ priceKopecks }) => BigInt(priceKopecks))).toEqual(lines.map(({ price }) => price))
        expect(content.items.map(({ quantityMicro }) => BigInt(quantityMicro))).toEqual(
          lines.map(({ quantity }) => quantity),
        )
        expect(BigInt(content.totalKopecks)).toBe(due)
        const settled = settle(content.payments, content.totalKopecks, content.type)
        expect(BigInt(settled.changeKopecks)).toBe(change)
        expect(settled.payments.reduce((total, { amountKopecks }) => total + BigInt(amountKopecks), 0n)).toBe(due)

        for (const { vat, sumKopecks } of vatSums(content.items)) {
          const percent = PERCENTS[vat as Rate]
          const whole = 2n * (100n + percent)
          const taxes = lines
            .filter((one) => one.vat === vat)
            .map(({ total }) => (percent === 0n ? total : (2n * total * percent + 100n + percent) / whole))
          expect(BigInt(sumKopecks)).toBe(taxes.reduce((total, tax) => total + tax, 0n))
        }
        const { items: shown, ...rest } = wireContent(content)
        const resent = { pos_id: 'POS-001', ...rest, items: shown.map(({ vat_rate: _rate, ...one }) => one) }
        expect(receiptBody.parse(resent)).toEqual(content)
      }),
      options,
    )
    expect(taken).toBeGreaterThan(RUNS / 50)
  },
  LIMIT_MS,
)

test(
  `no number inside is a fraction (SEED=${SEED})`,
  () => {
    const anyNumber = fc.oneof(fc.double(), fc.double({ min: 0, max: 1000, noNaN: true }), kopecks.map(roubles))
    const body = fc.record({
      price: anyNumber,
      quantity: fc.oneof(anyNumber, fc.constant(1)),
      total: fc.oneof(anyNumber, fc.constant(null)),
      amount: anyNumber,
    })
    fc.assert(
      fc.property(body, ({ price, quantity, total, amount }) => {
        const one = { name: 'Frame', price, quantity, total: total ?? price, vat: 'vat22' }
        const read = receiptBody.safeParse({
          pos_id: 'POS-001',
          type: 'sale',
          items: [one],
          payments: [{ type: 'cash', amount }],
        })
        if (!read.success) return
        for (const { priceKopecks, quantityMicro, totalKopecks } of read.data.items) {
          expect([priceKopecks, quantityMicro, totalKopecks].every(Number.isSafeInteger)).toBe(true)
          expect(priceKopecks / 100 === price && totalKopecks / 100 === one.total).toBe(true)
          expect(quantityMicro / 1e6 === quantity).toBe(true)
        }
        expect(Number.isSafeInteger(read.data.totalKopecks)).toBe(true)
      }),
      options,
    )
  },
  LIMIT_MS,
)
