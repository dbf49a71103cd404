import { describe, expect, test } from 'bun:test'
import { SEED, seededRandom } from '@kkt/platform/testing.ts'
import { decimalToUnits, formatQuantity, formatRoubles, isTotalOf, toRoubles } from './money.ts'

const RUNS = 2000

describe('decimalToUnits', () => {
  test.each([
    [0, 2, 0],
    [1, 2, 100],
    [149.9, 2, 14_990],
    [0.01, 2, 1],
    [0.1, 2, 10],
    [1.005, 3, 1005],
    [0.001, 3, 1],
    [99_999.999, 3, 99_999_999],
    [42_949_672.95, 2, 4_294_967_295],
    [-1.5, 2, -150],
    [-0, 2, 0],
    [1e-7, 7, 1],
    [9_999_999_999_999.99, 2, 999_999_999_999_999],
    [-9_999_999_999_999.99, 2, -999_999_999_999_999],
  ])('%p with %p places is %p units', (value, places, units) => {
    expect(decimalToUnits(value, places)).toBe(units)
  })

  test.each([
    [0.001, 2],
    [0.0001, 3],
    [0.1 + 0.2, 2],
    [1e-7, 3],
    [1e21, 2],
    [1e20, 2],
    [10_000_000_000_000, 2],
    [9_999_999_999_999.998, 2],
    [Number.MAX_VALUE, 0],
    [Number.NaN, 2],
    [Number.POSITIVE_INFINITY, 2],
    [Number.NEGATIVE_INFINITY, 2],
  ])('%p with %p places is none', (value, places) => {
    expect(decimalToUnits(value, places)).toBeUndefined()
  })

  test(`reads back whatever is written with so many places (SEED=${SEED})`, () => {
    const random = seededRandom()
    for (let run = 0; run < RUNS; run++) {
      const kopecks = random(2 ** 32)
      expect(decimalToUnits(toRoubles(kopecks), 2)).toBe(kopecks)
      expect(decimalToUnits(Number(formatRoubles(kopecks)), 2)).toBe(kopecks)
      expect(decimalToUnits(kopecks / 1000, 3)).toBe(kopecks)
      expect(decimalToUnits(Number(`${formatRoubles(kopecks)}1`), 2)).toBeUndefined()
    }
  })
})

test('roubles on the wire and on paper', () => {
  expect([154_980, 1, 100, 4_294_967_295].map(toRoubles)).toEqual([1549.8, 0.01, 1, 42_949_672.95])
  expect([154_980, 1, 100, 4_294_967_295].map(formatRoubles)).toEqual(['1549.80', '0.01', '1.00', '42949672.95'])
})

test('quantities on paper', () => {
  const written = ['1', '12', '1.5', '0.25', '0.125', '0.000001', '1.05', '99999.999999', '100']
  expect([1e6, 12e6, 1.5e6, 250_000, 125_000, 1, 1_050_000, 99_999_999_999, 100e6].map(formatQuantity)).toEqual(written)
})

describe('a total', () => {
  test.each([
    // 0.05 × 0.1 is half a kopeck.
    [5, 100_000, [0, 1]],
    [1, 1_499_999, [1, 2]],
    [3, 500_000, [1, 2]],
    [10_000, 1_000_000, [9_999, 10_000, 10_001]],
    [9_999, 333_000, [3329, 3330]],
    [0, 1_000_000, [0, 1]],
  ])('of %p kopecks times %p millionths is one of %p', (price, quantity, totals) => {
    const [first = 0] = totals
    const around = Array.from({ length: 7 }, (_, i) => first - 3 + i)
    expect(around.filter((total) => total >= 0 && isTotalOf(total, price, quantity))).toEqual(totals)
  })

  test('is exact where a product of floating-point numbers is not', () => {
    const [price, quantity] = [4_294_316_960, 99_930_139_001]
    const exact = (BigInt(price) * BigInt(quantity)) / 1_000_000n
    const near = [-1n, 0n, 1n, 2n].filter((off) => isTotalOf(Number(exact + off), price, quantity))
    expect(near).toEqual([0n, 1n])
  })

  test(`is a kopeck from the product at most (SEED=${SEED})`, () => {
    const random = seededRandom()
    for (let run = 0; run < RUNS; run++) {
      const [price, quantity, off] = [random(2 ** 32), random(2 ** 32), random(5) - 2]
      const product = BigInt(price) * BigInt(quantity)
      const total = product / 1_000_000n + BigInt(off)
      const difference = product - total * 1_000_000n
      const isNear = difference <= 1_000_000n && difference >= -1_000_000n
      expect(isTotalOf(Number(total), price, quantity)).toBe(isNear)
    }
  })
})
