import { expect, test } from 'bun:test'
import { falls, figure, growthTable, horizonText, notes, resultTable, targetText } from './report.ts'
import type { Result } from './result.ts'

const row = { ceiling: 'a loop', unit: 'receipts/s', target: { atLeast: 0.5 }, seconds: 12.4, notes: ['for 6 s'] }
const fast: Result = {
  ...row,
  name: 'fast',
  kind: 'measured',
  rounds: [
    { measured: 6000, ceiling: 10_000 },
    { measured: 9000, ceiling: 10_000 },
    { measured: 5000, ceiling: 10_000 },
  ],
}
const slow: Result = { ...row, name: 'slow one', kind: 'measured', rounds: [{ measured: 0.0123, ceiling: 1 }] }
const absent: Result = { ...row, name: 'absent', kind: 'not_measured', why: 'it takes strace', isFailure: false }

const was = (median: number, min = median, max = median) => ({ median, min, max })

test.each<[number, string]>([
  [0, '0'],
  [0.01234, '0.0123'],
  [0.5, '0.500'],
  [9.876, '9.88'],
  [45.67, '45.7'],
  [456.7, '457'],
  [1234, '1 234'],
  [1_234_567.8, '1 234 568'],
])('%p is written %p', (value, text) => expect(figure(value)).toBe(text))

test('a target says which side of it is the good one', () => {
  expect([targetText({ atLeast: 0.5 }), targetText({ atMost: 4 })]).toEqual(['≥ 0.50', '≤ 4.00'])
})

test('a target of ten and more is written as a figure is', () => {
  expect([targetText({ atMost: 105 }), horizonText({ horizon: 65 }), horizonText({ horizon: 0.5 })]).toEqual([
    '≤ 105',
    '65.0',
    '0.50',
  ])
  expect(horizonText({})).toBe('')
})

test('the table shows medians, what the rounds differ by, and how both fare against goal and baseline', () => {
  const lines = resultTable([fast, slow, absent], { fast: was(0.3), 'slow one': was(0.0124) }).split('\n')
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual([
    ['', 'measured', 'µs', 'ceiling', 'µs', 'ratio', 'min–max', 'goal', 'horizon', 'baseline'],
    ['fast', '6 000', '10 000', 'receipts/s', '0.600', '0.500–0.900', '≥ 0.50', 'met', '0.300, better'],
    ['slow one', '0.0123', '1.00', 'receipts/s', '0.0123', '0.0123–0.0123', '≥ 0.50', 'not met', '0.0124'],
    ['absent', '–', '–', 'receipts/s', '–', '–', '≥ 0.50', 'not measured'],
  ])
  const ends = lines.slice(0, 3).map((line) => line.search(/(?<=goal|≥ 0\.50)(?= )/))
  expect(new Set(ends).size).toBe(1)
})

test('what each took of the processors stands beside a rate, and a horizon beside its goal', () => {
  const micros = { measured: 171, ceiling: null }
  const rounds = [{ measured: 6000, ceiling: 10_000, micros: { measured: 171, ceiling: 22.4 } }]
  const results: Result[] = [
    { ...row, name: 'fast', kind: 'measured', horizon: 0.75, rounds },
    { ...row, name: 'time', kind: 'measured', unit: 'µs', target: { atMost: 105 }, judged: 'itself', rounds: [micros] },
  ]
  const [, rates, time] = resultTable(results, {}).split('\n')
  expect([rates, time].map((line) => line?.split(/ {2,}/))).toEqual([
    [
      ...['fast', '6 000', '171', '10 000', '22.4', 'receipts/s', '0.600', '0.600–0.600', '≥ 0.50', 'met', '0.75'],
      'none',
    ],
    ['time', '171', '–', 'µs', '171 µs', '171–171', '≤ 105', 'not met', 'none'],
  ])
})

test('a row that the baseline does not have says so', () => {
  expect(resultTable([fast], {})).toEndWith('none')
})

test('only what is worse by more than noise is told', () => {
  expect(falls([fast, slow, absent], { fast: was(0.7), 'slow one': was(0.0124), absent: was(1) })).toEqual([])
  expect(falls([fast], { fast: was(0.3) })).toEqual([])
  expect(falls([fast, slow], { fast: was(0.9), 'slow one': was(0.03, 0.029, 0.031) })).toEqual([
    'Worse than the baseline: fast: 0.600 (0.500–0.900) after 0.900 (0.900–0.900).',
    'Worse than the baseline: slow one: 0.0123 (0.0123–0.0123) after 0.0300 (0.0290–0.0310).',
  ])
})

test('each row says what it was measured against, how long that took, and why it was not', () => {
  expect(notes([fast, absent])).toEqual([
    'fast: against a loop; for 6 s (12 s)',
    'absent: against a loop; for 6 s; not measured: it takes strace (12 s)',
  ])
  expect(notes([{ ...fast, seconds: null }])).toEqual([
    'fast: against a loop; for 6 s (in the rounds of the line above)',
  ])
})

test('what grows is a row a size', () => {
  const values = {
    startMs: 230,
    drainedPerSecond: 2000,
    statusPerSecond: 17_000,
    soldPerSecond: 400,
    residentMebibytes: 90.12,
  }
  const [head, line] = growthTable([{ size: 10_000, values }]).split('\n')
  expect(head).toContain('start (ms)')
  expect(line?.split(/ {2,}/)).toEqual(['10 000', '230', '2 000', '17 000', '400', '90.1'])
})
