import { expect, test } from 'bun:test'
import { chart } from './chart.ts'
import type { Grown } from './growth.ts'
import type { Result } from './result.ts'

const measured = (name: string, value: number, target: Result['target']): Result => ({
  name,
  ceiling: 'c',
  unit: 'u',
  target,
  seconds: 1,
  notes: [],
  kind: 'measured',
  rounds: [{ measured: value, ceiling: 1 }],
})
const grown = (size: number, factor: number): Grown => ({
  size,
  values: {
    startMs: 200 * factor,
    drainedPerSecond: 1000,
    statusPerSecond: 1000 / factor,
    soldPerSecond: 100,
    residentMebibytes: 90,
  },
})
const widths = (svg: string) =>
  [...svg.matchAll(/<rect x="400" y="\d+" width="([\d.]+)"/g)].map(([, width]) => Number(width))

test('a bar reaches the line when the target is reached, on either side of it', () => {
  const most = { atMost: 4 }
  const svg = chart({ results: [measured('a', 0.5, { atLeast: 0.5 }), measured('b', 4, most)], growth: [] }, 't')
  const [a = 0, b = 0] = widths(svg)
  expect(a).toBeCloseTo(b)
  const target = Number(/x1="([\d.]+)"[^>]*stroke="#333"/.exec(svg)?.[1])
  expect(a + 400).toBeCloseTo(target, 0)
})

test('what is off the scale ends at its edge, and what is not measured has no bar', () => {
  const absent: Result = { ...measured('c', 1, { atMost: 1 }), kind: 'not_measured', why: '', isFailure: false }
  const target = { atLeast: 1 }
  const svg = chart({ results: [measured('a', 1e9, target), measured('b', 1e-9, target), absent], growth: [] }, 't')
  expect(widths(svg)).toEqual([510, 0])
})

test('growth is a line a measure against the smallest buffer, with the figures beside it', () => {
  const svg = chart({ results: [], growth: [grown(1000, 1), grown(10_000, 2)] }, 'a & b')
  expect(svg).toContain('a &amp; b')
  const lines = [...svg.matchAll(/points="\S+,([\d.]+) \S+,([\d.]+)"/g)].map(
    ([, from, to]) => Number(to) - Number(from),
  )
  expect(lines).toHaveLength(5)
  expect(lines.map(Math.sign)).toEqual([-1, 0, 1, 0, 0])
  expect(svg).toContain('200, 400')
})

test('where a line has a horizon, it is marked where a bar that reaches it ends, and told', () => {
  const first = { ...measured('a', 105, { atMost: 105 }), unit: 'µs', judged: 'itself' as const, horizon: 65 }
  const svg = chart({ results: [first, measured('b', 65, { atMost: 105 })], growth: [] }, 't')
  const marks = [...svg.matchAll(/<path d="M([\d.]+) /g)].map(([, x]) => Number(x))
  expect(marks).toHaveLength(1)
  expect(marks[0]).toBeCloseTo(400 + (widths(svg)[1] ?? 0), 0)
  expect(svg).toContain('105 µs (≤ 105, horizon 65.0)')
})
