import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { VIOLATIONS } from '../harness/invariants.ts'
import { indent } from '../harness/stack/output.ts'
import { type Outcome, RECOVERY_MS } from './crash_run.ts'
import { EVERY_POINT } from './plan.ts'
import { POINTS, type Point } from './points.ts'

const RESULTS = 'test-results/crash'
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Where a run keeps its files, empty: seen from the root, and as a path. */
export function newFolder(seed: number): { name: string; path: string } {
  const name = `${RESULTS}/${seed}`
  const path = join(root, name)
  rmSync(path, { recursive: true, force: true })
  mkdirSync(path, { recursive: true })
  return { name, path }
}

/** Puts what the tills and the OFD have beside the databases and the logs. */
export function keepEvidence(folder: string, { history, violations }: Outcome): void {
  const keep = (name: string, what: unknown) => writeFileSync(join(folder, name), `${JSON.stringify(what, null, 1)}\n`)
  keep('answers.json', history.sales)
  keep('ledger.json', history.ledger)
  keep('violations.json', violations)
}

export const removeFolder = (path: string): void => rmSync(path, { recursive: true, force: true })

/** A run that is too short for them all need not reach every point. */
export function neverReached({ ended }: Outcome): Point[] {
  const reached = new Set(ended.filter(({ how }) => how === 'reached').map(({ kill }) => kill.at))
  return ended.length < EVERY_POINT ? [] : POINTS.filter((point) => !reached.has(point))
}

/** All that is not as it has to be, a line each. */
export function failures(outcome: Outcome): string[] {
  const { violations, troubles, slowestMoveMs, slowestStartMs } = outcome
  const slowest = Math.max(slowestMoveMs, slowestStartMs)
  return [
    ...violations.map(({ kind, receiptId, what }) => `${kind}: ${receiptId ? `receipt ${receiptId} ` : ''}${what}`),
    ...troubles,
    ...(slowest > RECOVERY_MS ? [`a recovery took ${Math.round(slowest)} ms, and ${RECOVERY_MS} are promised`] : []),
    ...neverReached(outcome).map((point) => `never reached: ${point}`),
  ]
}

export function table(outcome: Outcome): string {
  const { ended, history, violations, slowestMoveMs, slowestStartMs } = outcome
  const found = VIOLATIONS.map((kind) => [kind, countOf(violations, (one) => one.kind === kind)])
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
    ...found,
  ]),
)}

Recovery, in milliseconds from the start of the process (${RECOVERY_MS} are promised):
${indent(
  columns([
    ['slowest to answer', Math.round(slowestStartMs)],
    ['slowest to take up a delivery', Math.round(slowestMoveMs)],
  ]),
)}`
}

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

const countOf = <T>(items: readonly T[], is: (item: T) => boolean) => items.filter(is).length

/** Words to the left, numbers to the right. */
function columns(rows: (string | number)[][]): string {
  const width = (column: number) => Math.max(...rows.map((row) => String(row[column] ?? '').length))
  const cell = (value: string | number, column: number) =>
    typeof value === 'number' ? String(value).padStart(width(column)) : value.padEnd(width(column))
  return rows.map((row) => row.map(cell).join('  ')).join('\n')
}
