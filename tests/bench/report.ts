import type { Baseline } from './baseline.ts'
import { GROWTH_MEASURES, type Grown } from './growth.ts'
import { change, type Measured, type Result, ratioOf, reached } from './result.ts'
import type { Target } from './row.ts'
import { median } from './statistics.ts'

/** Three digits, and groups of them: `0.123`, `4.56`, `12 345`. */
export function figure(value: number): string {
  if (value === 0) return '0'
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toFixed(digits).replace(/\B(?=(?:\d{3})+$)/g, digits > 0 ? '' : ' ')
}

export const targetText = (target: Target): string =>
  'atLeast' in target ? `≥ ${target.atLeast.toFixed(2)}` : `≤ ${target.atMost.toFixed(2)}`

const HEAD = ['', 'measured', 'ceiling', '', 'ratio', 'min–max', 'target', '', 'baseline']

/** A row a result. */
export const resultTable = (results: Result[], baseline: Baseline): string =>
  columns([HEAD, ...results.map((result) => cells(result, baseline))])

function cells(result: Result, baseline: Baseline): string[] {
  const { name, target, unit } = result
  if (result.kind === 'not_measured') return [name, '–', '–', unit, '–', '–', targetText(target), 'not measured', '']
  const ratio = ratioOf(result)
  return [
    name,
    figure(median(result.rounds.map(({ measured }) => measured))),
    figure(median(result.rounds.map(({ ceiling }) => ceiling))),
    unit,
    figure(ratio.median),
    `${figure(ratio.min)}–${figure(ratio.max)}`,
    targetText(target),
    reached(ratio.median, target) >= 1 ? 'met' : 'not met',
    before(result, baseline),
  ]
}

function before(result: Measured, baseline: Baseline): string {
  const was = baseline[result.name]
  if (!was) return 'none'
  const changed = change(ratioOf(result), was, result.target)
  return changed === 'same' ? figure(was.median) : `${figure(was.median)}, ${changed}`
}

/** A line for each ratio that is worse than the baseline's by more than noise. */
export const falls = (results: Result[], baseline: Baseline): string[] =>
  results.flatMap((result) => {
    const was = baseline[result.name]
    if (result.kind !== 'measured' || !was || change(ratioOf(result), was, result.target) !== 'worse') return []
    const now = ratioOf(result)
    const range = ({ median, min, max }: typeof now) => `${figure(median)} (${figure(min)}–${figure(max)})`
    return [`Worse than the baseline: ${result.name}: ${range(now)} after ${range(was)}.`]
  })

/** A line for each ceiling, and what else there is to be known of the row. */
export const notes = (results: Result[]): string[] =>
  results.map(({ name, ceiling, notes, seconds, ...rest }) => {
    const why = rest.kind === 'not_measured' ? [`not measured: ${rest.why}`] : []
    return `${name}: against ${[ceiling, ...notes, ...why].join('; ')} (${seconds.toFixed(0)} s)`
  })

/** A row a size of the buffer. */
export const growthTable = (growth: Grown[]): string =>
  columns([
    ['receipts in the buffer', ...GROWTH_MEASURES.map(({ name, unit }) => `${name} (${unit})`)],
    ...growth.map(({ size, values }) => [figure(size), ...GROWTH_MEASURES.map(({ key }) => figure(values[key]))]),
  ])

/** The first column is flush left, the others right. */
function columns(rows: string[][]): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(width(i)) : cell.padStart(width(i)))).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}
