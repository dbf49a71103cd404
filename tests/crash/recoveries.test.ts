import { expect, test } from 'bun:test'
import { Recoveries } from './recoveries.ts'

test.each([
  [
    'a start',
    [10_001, 10_000, 20_000],
    ['no try kept a start: they took 10001, 10000, 20000 ms, and 10000 ms are promised'],
  ],
  [
    'a first delivery',
    [10_001, 10_000, 20_000],
    ['no try kept a first delivery: they took 10001, 10000, 20000 ms, and 10000 ms are promised'],
  ],
  ['a start', [20_000, 9999], []],
  ['a first delivery', [20_000, 20_000, 9999], []],
] as const)('a recovery is too slow where %s takes %p ms', async (what, took, lines) => {
  const recoveries = new Recoveries()
  const ordinals: number[] = []
  const broken = await recoveries.broken(async (ordinal) => {
    ordinals.push(ordinal)
    recoveries.note(what, took[ordinal - 1] ?? Number.NaN)
  })
  expect({ broken, ordinals: ordinals.length }).toEqual({ broken: [...lines], ordinals: took.length })
})

test('the slowest of all recoveries are told, and a life that ends before its own leaves nothing', async () => {
  const recoveries = new Recoveries()
  recoveries.note('a start', 11_000)
  expect(await recoveries.broken(async () => recoveries.note('a first delivery', 300))).toEqual([])
  expect(await recoveries.broken(async () => undefined)).toEqual([])
  expect(recoveries.slowest).toEqual({ slowestStartMs: 11_000, slowestMoveMs: 300 })
})
