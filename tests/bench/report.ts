import type { Baseline } from './baseline.ts'
import { GROWTH_MEASURES, type Grown } from './growth.ts'
import { change, judgedOf, type Measured, type Result, reached } from './result.ts'
import type { Line, Target } from './row.ts'
import { median } from './statistics.ts'

/** Three digits, and groups of them: `0.123`, `4.56`, `12 345`. */
export function figure(value: number): string {
  if (value === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(digits).replace(/\B(?=(?:\d{3})+$)/g, digits > 0 ? '' : ' ')
}

const goal = (value: number): string => (value < 10 ? value.toFixed(2) : figure(value))

export const targetText = (target: Target): string =>
  'atLeast' in target ? `≥ ${goal(target.atLeast)}` : `≤ ${goal(target.atMost)}`

export const horizonText = ({ horizon }: Pick<Line, 'horizon'>): string => (horizon === undefined ? '' : goal(horizon))

/** The figure that is held to the target. It has a unit unless it is a ratio. */
export const judgedText = (value: number, { judged = 'ratio', unit }: Line): string =>
  judged === 'ratio' ? figure(value) : `${figure(value)} ${unit}`

const HEAD = ['', 'measured', 'µs', 'ceiling', 'µs', '', 'ratio', 'min–max', 'goal', '', 'horizon', 'baseline']

/** A row a result. The µs are what each took of the processors. */
export const resultTable = (results: Result[], baseline: Baseline): string =>
  columns([HEAD, ...results.map((result) => cells(result, baseline))])

function cells(result: Result, baseline: Baseline): string[] {
  const { name, target, unit } = result
  const wanted = [targetText(target), '', horizonText(result)]
  if (result.kind === 'not_measured') {
    return [name, '–', '', '–', '', unit, '–', '–', ...wanted.with(1, 'not measured'), '']
  }
  const { rounds } = result
  const judged = judgedOf(result)
  return [
    name,
    middle(rounds.map(({ measured }) => measured)) || '–',
    middle(rounds.map(({ micros }) => micros?.measured)),
    middle(rounds.map(({ ceiling }) => ceiling)) || '–',
    middle(rounds.map(({ micros }) => micros?.ceiling)),
    unit,
    judgedText(judged.median, result),
    `${figure(judged.min)}–${figure(judged.max)}`,
    ...wanted.with(1, reached(judged.median, target) >= 1 ? 'met' : 'not met'),
    before(result, baseline),
  ]
}

/** The median of what is known, or nothing. */
function middle(values: (number | null | undefined)[]): string {
  const known = values.filter((value) => typeof value === 'number')
  return known.length === 0 ? '' : figure(median(known))
}

function before(result: Measured, baseline: Baseline): string {
  const was = baseline[result.name]
  if (!was) return 'none'
  const changed = change(judgedOf(result), was, result.target)
  return changed === 'same' ? figure(was.median) : `${figure(was.median)}, ${changed}`
}

/** A line for each figure that is worse than the baseline's by more than noise. */
export const falls = (results: Result[], baseline: Baseline): string[] =>
  results.flatMap((result) => {
    const was = baseline[result.name]
    if (result.kind !== 'measured' || !was || change(judgedOf(result), was, result.target) !== 'worse') return []
    const now = judgedOf(result)
    const range = ({ median, min, max }: typeof now) => `${figure(median)} (${figure(min)}–${figure(max)})`
    return [`Worse than the baseline: ${result.name}: ${range(now)} after ${range(was)}.`]
  })

/** A line for each ceiling, and what else there is to be known of the row. */
export const notes = (results: Result[]): string[] =>
  results.map(({ name, ceiling, notes, seconds, ...rest }) => {
    const why = rest.kind === 'not_measured' ? [`not measured: ${rest.why}`] : []
    const took = seconds === null ? 'in the rounds of the line above' : `${seconds.toFixed(0)} s`
    return `${name}: against ${[ceiling, ...notes, ...why].join('; ')} (${took})`
  })

/** A row a size of the buffer. */
export const growthTable = (growth: Grown[]): string =>
  columns([
    ['receipts in the buffer', ...GROWTH_MEASURES.map(({ name, unit }) => `${name} (${unit})`)],
    ...growth.map(({ size, values }) => [figure(size), ...GROWTH_MEASURES.map(({ key }) => figure(values[key]))]),
  ])

/** The first column is flush left, the others right. */
export function columns(rows: string[][]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(width(i)) : cell.padStart(width(i)))).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}
