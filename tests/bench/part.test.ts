import { expect, test } from 'bun:test'
import { withPart } from './part.ts'
import type { Pair } from './row.ts'

test('a part is measured after each round, and told with its ratio to that round’s ceiling', async () => {
  const pairs: Pair[] = [
    { measured: 10, ceiling: 100 },
    { measured: 20, ceiling: 1000 },
    { measured: 30, ceiling: 200 },
  ]
  const after: Pair[] = []
  const part = async (pair: Pair) => {
    after.push(pair)
    return pair.measured * 2
  }
  const round = async (index: number) => pairs[index] ?? { measured: 0, ceiling: 0 }
  const both = withPart(round, { name: 'half of it', part })
  for (const [index, pair] of pairs.entries()) expect(await both.round(index)).toEqual(pair)
  expect(after).toEqual(pairs)
  expect(both.note()).toBe('half of it: 40.0, × 0.200')
})
