import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { VIOLATIONS, type Violation } from '../harness/invariants.ts'
import { indent } from '../harness/stack/output.ts'
import { type Outcome, RECOVERY_MS } from './crash_run.ts'
import { EVERY_POINT } from './plan.ts'
import { POINTS, type Point } from './points.ts'

const RESULTS = 'test-results/crash'
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Where a run keeps its files, empty: seen from the root, and as a path. */
export function newFolder(seed: number, results = RESULTS): { name: string; path: string } {
  const name = `${results}/${seed}`
  const path = join(root, name)
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { recursive: true })
  return { name, path }
}

/** Puts what the tills and the OFD have beside the databases and the logs. */
export function keepEvidence(folder: string, { history, violations }: Pick<Outcome, 'history' | 'violations'>): void {
  const keep = (name: string, what: unknown) => writeFileSync(join(folder, name), `${JSON.stringify(what, null, 1)}\n`)
  keep('answers.json', history.sales)
  keep('ledger.json', history.ledger)
  keep('violations.json', violations)
}

export const removeFolder = (path: string): void => rmSync(path, { recursive: true, force: true })

/** A run that is too short for them all need not reach every point. */
function neverReached({ ended }: Outcome): Point[] {
  const reached = new Set(ended.filter(({ how }) => how === 'reached').map(({ kill }) => kill.at))
  return ended.length < EVERY_POINT ? [] : POINTS.filter((point) => !reached.has(point))
}

export const violationLine = ({ kind, receiptId, what }: Violation): string =>
  `${kind}: ${receiptId ? `receipt ${receiptId} ` : ''}${what}`

/** All that is not as it has to be, a line each. */
export function failures(outcome: Outcome): string[] {
  const { violations, troubles, slowestMoveMs, slowestStartMs } = outcome
  const slowest = Math.max(slowestMoveMs, slowestStartMs)
  return [
    ...violations.map(violationLine),
    ...troubles,
    ...(slowest > RECOVERY_MS ? [`a recovery took ${Math.round(slowest)} ms, and ${RECOVERY_MS} are promised`] : []),
    ...neverReached(outcome).map((point) => `never reached: ${point}`),
  ]
}

export function table(outcome: Outcome): string {
  const { ended, history, violations, slowestMoveMs, slowestStartMs } = outcome
  return `Kills, by where they struck:
${indent(killTable(ended))}

Receipts:
${indent(
  columns([
    ['answered', countOf(history.sales, ({ answers }) => answers.length > 0)],
    ['answers, replays included', history.sales.reduce((sum, { answers }) => sum + answers.length, 0)],
    ['in the journal', history.journal.length],
    ['fiscal documents', history.fn.length],
    ['entries at the OFD', history.ledger.length],
    ['dead letters of the till that the OFD was told to refuse', history.deadLetters.length],
    ...violationCounts(violations),
  ]),
)}

Files, and what came of it:
${indent(
  columns([
    ['a byte of the WAL flipped', outcome.damages.wal_flipped],
    ['the WAL lost', outcome.damages.wal_lost],
    ['the files moved away from under the adapter, and back', outcome.damages.moved_away],
    ['starts that were refused, each with its line', outcome.refusals.length],
  ]),
)}${outcome.refusals.map((line) => `\n    ${line}`).join('')}

Recovery, in milliseconds from the start of the process (${RECOVERY_MS} are promised):
${indent(
  columns([
    ['slowest to answer', Math.round(slowestStartMs)],
    ['slowest to take up a delivery', Math.round(slowestMoveMs)],
  ]),
)}`
}

export const violationCounts = (violations: readonly Violation[]) =>
  VIOLATIONS.map((kind) => [kind, countOf(violations, (one) => one.kind === kind)])

/** A row a step, with a column for each point in it. */
function killTable(ended: Outcome['ended']): string {
  const reached = (point: Point) => countOf(ended, ({ how, kill }) => how === 'reached' && kill.at === point)
  const steps = new Map<string, (string | number)[]>()
  for (const point of POINTS) {
    const [step = '', moment = ''] = point.split('.')
    const row = steps.get(step) ?? [step]
    steps.set(step, [...row, moment.replaceAll('_', ' '), reached(point)])
  }
  return columns([
    ...steps.values(),
    ['at a random instant', '', countOf(ended, ({ how }) => how === 'at an instant')],
    ['before the point was reached', '', countOf(ended, ({ how }) => how === 'missed')],
    ['all', '', ended.length],
  ])
}

export const countOf = <T>(items: readonly T[], is: (item: T) => boolean) => items.filter(is).length

/** Words to the left, numbers to the right. */
export function columns(rows: (string | number)[][]): string {
  const width = (column: number) => Math.max(...rows.map((row) => String(row[column] ?? '').length))
  const cell = (value: string | number, column: number) =>
    typeof value === 'number' ? String(value).padStart(width(column)) : value.padEnd(width(column))
  return rows.map((row) => row.map(cell).join('  ')).join('\n')
}
