import { columns, figure } from './report.ts'
import { type Compared, compared, type Measured, type Result } from './result.ts'
import { median } from './statistics.ts'

const HEAD = ['', 'before', 'after', '', 'after ÷ before', 'min–max']

/** A row a line that was measured of the other checkout too, and where it is of rates one of what each took. */
export function comparison(results: Result[]): string {
  const rows = results.filter((result) => result.kind === 'measured').flatMap(rowsOf)
  if (rows.length === 0) return 'None of these rows is measured of another checkout.'
  return columns([HEAD, ...rows])
}

function rowsOf({ name, unit, rounds }: Measured): string[][] {
  const figures = compared({ rounds }, ({ base, measured }) => ({ before: base, after: measured }))
  const micros = compared({ rounds }, ({ micros }) => ({ before: micros?.base, after: micros?.measured }))
  return [
    ...(figures ? [cells(name, unit, figures)] : []),
    ...(micros ? [cells('  processor time of each', 'µs', micros)] : []),
  ]
}

const cells = (name: string, unit: string, { before, after, ratio }: Compared): string[] => [
  name,
  figure(median(before)),
  figure(median(after)),
  unit,
  figure(ratio.median),
  `${figure(ratio.min)}–${figure(ratio.max)}`,
]
