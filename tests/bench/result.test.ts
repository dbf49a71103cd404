import { expect, test } from 'bun:test'
import { renewed } from './baseline.ts'
import { type Change, change, compared, judgedOf, type Measured, reached } from './result.ts'
import type { Target } from './row.ts'

const spread = (median: number, min = median, max = median) => ({ median, min, max })
const MORE: Target = { atLeast: 0.5 }
const LESS: Target = { atMost: 2 }

test('the ratio is taken round by round, for both of a round had the same machine', () => {
  const rounds = [
    { measured: 10, ceiling: 100 },
    { measured: 60, ceiling: 300 },
    { measured: 30, ceiling: 100 },
  ]
  expect(judgedOf({ rounds })).toEqual(spread(0.2, 0.1, 0.3))
})

test('held to the target is the ratio, or the measured itself, or what of it is more than the ceiling', () => {
  const rounds = [{ measured: 30, ceiling: 10 }]
  const judged = (['ratio', 'itself', 'rest'] as const).map((by) => judgedOf({ rounds, judged: by }).median)
  expect(judged).toEqual([3, 30, 20])
  expect(judgedOf({ rounds: [{ measured: 30, ceiling: null }] })).toEqual(spread(30))
})

test('before and after are compared in the rounds that have both', () => {
  const rounds = [
    { measured: 10, ceiling: 1, base: 5 },
    { measured: 90, ceiling: 1 },
    { measured: 30, ceiling: 1, base: 10 },
  ]
  const of = ({ measured, base }: { measured: number; base?: number | undefined }) => ({
    before: base,
    after: measured,
  })
  expect(compared({ rounds }, of)).toEqual({ before: [5, 10], after: [10, 30], ratio: spread(2.5, 2, 3) })
  expect(compared({ rounds: rounds.slice(1, 2) }, of)).toBeNull()
})

test('a target is reached from below or from above', () => {
  expect([reached(0.25, MORE), reached(1, MORE), reached(4, LESS), reached(1, LESS)]).toEqual([0.5, 2, 0.5, 2])
})

test.each<[string, ReturnType<typeof spread>, ReturnType<typeof spread>, Target, Change]>([
  ['a twentieth is noise', spread(0.96), spread(1), MORE, 'same'],
  ['more is not', spread(0.9), spread(1), MORE, 'worse'],
  ['unless the rounds of this run differ as much', spread(0.9, 0.8, 1.05), spread(1), MORE, 'same'],
  ['or those of the other', spread(0.9), spread(1, 0.9, 1.15), MORE, 'same'],
  ['more is better', spread(1.2), spread(1), MORE, 'better'],
  ['where less is, less is better', spread(1), spread(1.2), LESS, 'better'],
  ['and more is worse', spread(1.2), spread(1), LESS, 'worse'],
])('against the baseline, %s', (_what, now, before, target, expected) => {
  expect(change(now, before, target)).toBe(expected)
})

test('a baseline is renewed row by row, and keeps what was not measured', () => {
  const result: Measured = {
    name: 'a',
    ceiling: '',
    unit: '',
    target: MORE,
    seconds: 1,
    notes: [],
    kind: 'measured',
    rounds: [{ measured: 1, ceiling: 3 }],
  }
  expect(renewed({ a: spread(0.9), b: spread(0.8) }, [result])).toEqual({ a: spread(0.333), b: spread(0.8) })
})
