import { expect, test } from 'bun:test'
import { z } from 'zod'
import { checkSize, newestThatFit, recordOf, valuesIn } from './saved.ts'

test('values are counted from a text, never too few, and not those that a string tells of', () => {
  const within = (value: unknown): number =>
    typeof value === 'object' && value !== null
      ? 1 + Object.values(value).reduce((n: number, v) => n + within(v), 0)
      : 1
  for (const value of [1, [], [1, 2, [3]], { a: 1, b: { c: [] } }, 'a,[{"\\",', ['\\', ',,,,', '"'], { '[,': '\\"' }]) {
    const counted = valuesIn(JSON.stringify(value))
    expect(counted).toBeGreaterThanOrEqual(within(value))
    // An empty list or object is counted twice.
    expect(counted).toBeLessThanOrEqual(2 * within(value))
  }
  expect(valuesIn('"a,[{\\",[["')).toBe(1)
})

test('a text of more values than an export has is refused before it is read', () => {
  expect(() => checkSize(`[${'1,'.repeat(2_600_000)}1]`)).toThrow('body_too_large')
  expect(checkSize(`["${','.repeat(2_600_000)}"]`)).toBeUndefined()
})

test('of a list the newest are saved that have room, by bytes and by values, and no older one is looked at', () => {
  const looked: number[] = []
  const fitting = (room: { bytes: number; values: number }) =>
    newestThatFit([1, 2, 3, 4], room, (n) => {
      looked.push(n)
      return ['я', n]
    })
  // `["я",1]` takes 8 bytes and a comma, and is three values.
  expect(fitting({ bytes: 18, values: 100 })).toEqual([
    ['я', 3],
    ['я', 4],
  ])
  expect(looked).toEqual([4, 3, 2])
  expect(fitting({ bytes: 17, values: 100 })).toEqual([['я', 4]])
  expect(fitting({ bytes: 1000, values: 9 })).toHaveLength(3)
  expect(fitting({ bytes: 1000, values: 100 })).toHaveLength(4)
})

test('an object of too many fields is told once, not field by field', () => {
  const fields = (most: number) => Object.fromEntries(Array.from({ length: most }, (_, i) => [`a${i}`, 'wrong']))
  const issues = (most: number) => recordOf(z.string(), z.int(), 10).safeParse(fields(most)).error?.issues ?? []
  expect(issues(10)).toHaveLength(10)
  expect(issues(11).map(({ message }) => message)).toEqual(['must have at most 10 fields'])
})
