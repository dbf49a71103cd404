import { describe, expect, test } from 'bun:test'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import fc from 'fast-check'
import { OPERATIONS } from './operation.ts'
import { givesChange, PAYMENT_TYPES, type Payment, settle } from './payment.ts'

const RUNS = LONG ? 100_000 : 500

const cash = (amountKopecks: number): Payment => ({ type: 'cash', amountKopecks })
const card = (amountKopecks: number): Payment => ({ type: 'card', amountKopecks })
const other = (amountKopecks: number): Payment => ({ type: 'other', amountKopecks })

describe('a settlement', () => {
  test('adds up the payments of a way, in the order in which a KKT prints them', () => {
    const payments = [other(1), card(10), cash(5), card(20)]
    expect(settle(payments, 36, 'sale')).toEqual({ payments: [cash(5), card(30), other(1)], changeKopecks: 0 })
  })

  test('takes the change off the cash', () => {
    expect(settle([cash(400), cash(100), card(50)], 450, 'sale')).toEqual({
      payments: [cash(400), card(50)],
      changeKopecks: 100,
    })
    expect(settle([cash(500)], 450, 'buy_refund')).toEqual({ payments: [cash(450)], changeKopecks: 50 })
  })

  test('leaves out cash of which nothing is kept', () => {
    expect(settle([card(100), cash(20)], 100, 'sale')).toEqual({ payments: [card(100)], changeKopecks: 20 })
    expect(settle([], 0, 'sale')).toEqual({ payments: [], changeKopecks: 0 })
  })
})

test('change is given where the customer pays', () => {
  expect(OPERATIONS.filter(givesChange)).toEqual(['sale', 'buy_refund'])
})

test(`what is settled and the change are what was handed over (SEED=${SEED})`, () => {
  const payment = fc.record({
    type: fc.constantFrom(...PAYMENT_TYPES),
    amountKopecks: fc.integer({ min: 1, max: 2 ** 32 }),
  })
  const sum = (payments: readonly Payment[], type?: Payment['type']) =>
    payments
      .filter((one) => type === undefined || one.type === type)
      .reduce((total, { amountKopecks }) => total + BigInt(amountKopecks), 0n)
  fc.assert(
    fc.property(fc.array(payment, { maxLength: 10 }), fc.nat(), (payments, change) => {
      const back = BigInt(change) < sum(payments, 'cash') ? BigInt(change) : sum(payments, 'cash')
      const settled = settle(payments, Number(sum(payments) - back), 'sale')
      expect(BigInt(settled.changeKopecks)).toBe(back)
      for (const type of PAYMENT_TYPES) {
        const kept = sum(payments, type) - (type === 'cash' ? back : 0n)
        expect(sum(settled.payments, type)).toBe(kept)
        expect(settled.payments.filter((one) => one.type === type)).toHaveLength(kept > 0n ? 1 : 0)
      }
    }),
    { seed: SEED, numRuns: RUNS },
  )
})
