import { VIOLATIONS, type Violation } from '../harness/invariants.ts'
import { columns, indent } from '../harness/stack/output.ts'
import type { Drained } from './drain.ts'
import { keepJson } from './kept_run.ts'
import { neverReached, REACHED_ON } from './kills.ts'
import type { Outcome, RegisterReport } from './outcome.ts'
import type { Point } from './points.ts'
import { RECOVERY_MS } from './recoveries.ts'

/** Writes the tills' answers and the OFD's ledger beside the databases and the logs. */
export const keepEvidence = (folder: string, { history, violations }: Drained): void =>
  keepJson(folder, { answers: history.sales, ledger: history.ledger, violations })

const kktOf = ({ register }: Pick<Outcome, 'register'>) => (register === null ? 'in_process' : 'register')

export const violationLine = ({ kind, receiptId, what }: Violation): string =>
  `${kind}: ${receiptId ? `receipt ${receiptId} ` : ''}${what}`

/** Everything that is wrong, one a line. */
export function failures(outcome: Outcome): string[] {
  const { violations, troubles } = outcome
  return [
    ...violations.map(violationLine),
    ...troubles,
    ...neverReached(outcome.ended, kktOf(outcome)).map((point) => `never reached: ${point}`),
  ]
}

export function table(outcome: Outcome): string {
  const { register, slowestMoveMs, slowestStartMs } = outcome
  return `Kills, by where they struck:
${indent(killTable(outcome))}

Receipts:
${indent(receiptTable(outcome))}
${register === null ? '' : registerTable(register)}
Damage to files, and what came of it:
${indent(
  columns([
    ['a byte of the WAL flipped', outcome.damages.wal_flipped],
    ['the WAL lost', outcome.damages.wal_lost],
    ['the files moved away from under the adapter, and back', outcome.damages.moved_away],
    ['starts that were refused, each with its line', outcome.refusals.length],
  ]),
)}${outcome.refusals.map((line) => `\n    ${line}`).join('')}

Recovery, in milliseconds from the start of the process (${RECOVERY_MS} are promised, which one of some tries must keep):
${indent(
  columns([
    ['slowest to answer', Math.round(slowestStartMs)],
    ['slowest to take up a delivery', Math.round(slowestMoveMs)],
  ]),
)}`
}

const registerTable = ({ done, settled }: RegisterReport): string => `
At the register, the lives with each fault, and the deeds done to its service:
${indent(columns([...done].sort(([one], [other]) => one.localeCompare(other))))}

Settled by a person, each shown before:
${indent(
  columns([
    ['receipts told as printed', settled.printed],
    ['receipts told as not printed', settled.notPrinted],
    ['receipts closed that an FN took with it', settled.untraced],
    ['tasks', settled.tasks],
  ]),
)}
`

export const receiptTable = ({ history, violations, afterwards }: Drained): string =>
  columns([
    ['answered', countOf(history.sales, ({ answers }) => answers.length > 0)],
    ['answers, replays included', history.sales.reduce((sum, { answers }) => sum + answers.length, 0)],
    ['receipts put right', afterwards.putRight],
    ['refunds by reference', afterwards.refunded],
    ['requests to take back more than is left, refused', afterwards.refused],
    ['in the journal', history.journal.length],
    ['fiscal documents', history.fn.length],
    ['entries at the OFD', history.ledger.length],
    [
      'dead letters of the till that the OFD was told to refuse',
      new Set(history.deadLetters.map(({ receipt_id }) => receipt_id)).size,
    ],
    ...VIOLATIONS.map((kind) => [kind, countOf(violations, (one) => one.kind === kind)]),
  ])

/** A row for each step, with a column for each point in it. */
function killTable({ ended, register }: Outcome): string {
  const reached = (point: Point) => countOf(ended, ({ how, kill }) => how === 'reached' && kill.at === point)
  const steps = new Map<string, (string | number)[]>()
  for (const point of REACHED_ON[kktOf({ register })].points) {
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
