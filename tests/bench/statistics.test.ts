import { expect, test } from 'bun:test'
import { median, percentile, spread } from './statistics.ts'

test.each<[number[], number]>([
  [[5], 5],
  [[9, 1, 5], 5],
  [[10, 1, 2, 9], 5.5],
  [[100, 20, 3], 20],
])('the median of %p is %p', (values, expected) => expect(median(values)).toBe(expected))

test.each<[number, number]>([
  [0, 1],
  [50, 5],
  [90, 9],
  [91, 10],
  [99, 10],
  [100, 10],
])(
  'of ten values in disorder the %p th percentile is the least that so many do not exceed: %p',
  (percent, expected) => {
    expect(percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], percent)).toBe(expected)
  },
)

test('a spread has the middle and both ends, and leaves the values in their order', () => {
  const values = [3, 1, 2]
  expect(spread(values)).toEqual({ median: 2, min: 1, max: 3 })
  expect(values).toEqual([3, 1, 2])
})

test('of nothing there is neither', () => {
  expect(() => median([])).toThrow('nothing')
  expect(() => percentile([], 99)).toThrow('nothing')
})
