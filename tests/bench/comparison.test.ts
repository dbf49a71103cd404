import { expect, test } from 'bun:test'
import { comparison } from './comparison.ts'
import type { Result } from './result.ts'
import type { Pair } from './row.ts'

const result = (name: string, rounds: Pair[]): Result => ({
  name,
  ceiling: 'a loop',
  unit: 'receipts/s',
  target: { atLeast: 1 },
  seconds: 1,
  notes: [],
  kind: 'measured',
  rounds,
})

const told = (...results: Result[]) =>
  comparison(results)
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/))

test('the table shows before, after, and their ratios round by round', () => {
  const pair = (base: number, measured: number): Pair => ({ base, measured, ceiling: 1 })
  expect(told(result('fast', [pair(100, 200), pair(300, 900), pair(50, 50)]))).toEqual([
    ['before', 'after', 'after ÷ before', 'min–max'],
    ['fast', '100', '200', 'receipts/s', '2.00', '1.00–3.00'],
  ])
})

test('of rates it shows what each took of the processors, too', () => {
  const micros = { base: 50, measured: 20, ceiling: 1 }
  expect(told(result('fast', [{ base: 100, measured: 200, ceiling: 1, micros }])).slice(1)).toEqual([
    ['fast', '100', '200', 'receipts/s', '2.00', '2.00–2.00'],
    ['processor time of each', '50.0', '20.0', 'µs', '0.400', '0.400–0.400'],
  ])
})

test('what is not measured of another checkout has no row', () => {
  const alone = result('alone', [{ measured: 1, ceiling: 1, micros: { measured: 1, ceiling: 1 } }])
  const { rounds: _rounds, ...rest } = { ...result('absent', []), rounds: [] }
  const absent: Result = { ...rest, kind: 'not_measured', why: 'no disk', isFailure: false }
  expect(comparison([alone, absent])).toBe('None of these rows is measured of another checkout.')
})
