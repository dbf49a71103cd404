import { expect, test } from 'bun:test'
import { drawsFrom, randomOf } from './random.ts'

const many = <T>(next: () => T): T[] => Array.from({ length: 1000 }, next)

test('a seed gives its numbers again, and each below its limit', () => {
  const draw = drawsFrom(7)
  const drawn = many(() => draw(10))
  const again = drawsFrom(7)
  expect(many(() => again(10))).toEqual(drawn)
  expect([...new Set(drawn)].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  const other = drawsFrom(8)
  expect(many(() => other(10))).not.toEqual(drawn)
})

test('words give theirs again, each from 0 to below 1, whatever comes between two of them', () => {
  const numbers = many(randomOf('seed', 7))
  expect(many(randomOf('seed', 7))).toEqual(numbers)
  expect(many(randomOf('seed', 8))).not.toEqual(numbers)
  expect(many(randomOf('see', 'd7'))).not.toEqual(numbers)
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
  expect(numbers.reduce((sum, number) => sum + number, 0) / numbers.length).toBeCloseTo(0.5, 1)
})

test('the numbers of a seed stay what they are: kept seeds replay what they once found', () => {
  const draw = drawsFrom(7)
  expect([draw(1000), draw(1000), draw(1000)]).toEqual([532, 690, 334])
  expect(randomOf(7, 'fault')()).toBe(0.47490227641537786)
})
