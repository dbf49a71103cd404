import { expect, test } from 'bun:test'
import { createPart } from './part.ts'

test('a part is told as its median, with the median of its ratios to the ceilings of the same rounds', () => {
  const half = createPart('half of it')
  for (const [value, ceiling] of [
    [20, 100],
    [40, 1000],
    [60, 200],
  ] as const) {
    half.add(value, ceiling)
  }
  expect(half.note()).toBe('half of it: 40.0, × 0.200')
})
