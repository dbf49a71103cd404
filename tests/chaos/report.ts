import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { columns, countOf, keepEvidence as keepHistory, violationCounts, violationLine } from '../crash/report.ts'
import type { History } from '../harness/invariants.ts'
import { indent } from '../harness/stack/output.ts'
import type { Outcome } from './chaos_run.ts'
import { ACTORS, type Schedule } from './plan.ts'

export const RESULTS = 'test-results/chaos'

const json = (what: unknown) => `${JSON.stringify(what, null, 1)}\n`

/** The planned deeds, one a line. */
export function keepSchedule(folder: string, schedule: Schedule): void {
  const deeds = ACTORS.flatMap((who) =>
    schedule[who].map(({ atMs, forMs, ...what }) => ({ atMs, forMs, who, ...what })),
  )
  const lines = deeds.toSorted((a, b) => a.atMs - b.atMs).map((deed) => JSON.stringify(deed))
  writeFileSync(join(folder, 'schedule.jsonl'), `${lines.join('\n')}\n`)
}

/** Writes the tills' answers and the mocks' states beside the databases, the logs and the schedule. */
export function keepEvidence(folder: string, outcome: Outcome): void {
  keepHistory(folder, outcome)
  keepExports(folder, outcome.exports)
}

/** Writes the same for a run that threw, as far as it is known. */
export function keepUnfinished(folder: string, { sales, exports }: Pick<History, 'sales'> & Pick<Outcome, 'exports'>) {
  writeFileSync(join(folder, 'answers.json'), json(sales))
  keepExports(folder, exports)
}

function keepExports(folder: string, exports: Outcome['exports']): void {
  for (const mock of ['ofd', 'odoo'] as const) writeFileSync(join(folder, `mock_${mock}.json`), json(exports[mock]))
}

export const replayOf = (minutes: number, seed: number) => `make chaos MINUTES=${minutes} SEED=${seed} replays it`

/** The failures and the line that replays them, for a reader who gets only this folder. */
export const keepFailures = (folder: string, found: readonly string[], replay: string): void =>
  writeFileSync(join(folder, 'failures.txt'), `${found.join('\n')}\n\n${replay}\n`)

/** Everything that is wrong, one a line. */
export const failures = ({ violations, troubles }: Outcome): string[] => [...violations.map(violationLine), ...troubles]

export function table(minutes: number, outcome: Outcome): string {
  const { counts, history, violations, hasRedis } = outcome
  return `Run:
${indent(
  columns([
    ['minutes', minutes],
    ['kills of adapters', counts.kills],
    ['pauses of adapters', counts.pauses],
    ['take-overs', counts.takeOvers],
    ...(hasRedis
      ? [
          ['restarts of Redis', counts.redisRestarts],
          ['pauses of Redis', counts.redisPauses],
          ['flushes of Redis', counts.flushes],
          ['times that Redis refused to write', counts.refusals],
        ]
      : [['there is no redis-server here: nothing was done to it', 0]]),
    ['troubles of the KKT', counts.kktFaults],
    ['starts that failed, and were repeated', outcome.failedStarts],
    ['slowest start of an adapter, in milliseconds', Math.round(outcome.slowestStartMs)],
  ]),
)}

Faults, by the plans for them, and how often they struck:
${indent(faultTable(outcome))}

Receipts:
${indent(
  columns([
    ['answered', countOf(history.sales, ({ answers }) => answers.length > 0)],
    ['answers, replays included', history.sales.reduce((sum, { answers }) => sum + answers.length, 0)],
    ['fiscal documents', history.fn.length],
    ['entries at the OFD', history.ledger.length],
    ['dead letters of the till that the OFD was told to refuse', new Set(history.deadLetters.map(idOf)).size],
    ...violationCounts(violations),
  ]),
)}`
}

const idOf = ({ receipt_id }: { receipt_id: string }) => receipt_id

function faultTable({ schedule, struck }: Outcome): string {
  const planned = (actor: 'ofd' | 'odoo') => {
    const counts: Record<string, number> = {}
    for (const deed of schedule[actor]) {
      if (deed.do !== 'faults') continue
      for (const fault of deed.faults) counts[fault] = (counts[fault] ?? 0) + 1
    }
    return counts
  }
  const [ofd, odoo] = [planned('ofd'), planned('odoo')]
  return columns(
    Object.keys({ ...ofd, ...odoo })
      .sort()
      .map((fault) => [
        ...[fault, 'OFD', ofd[fault] ?? 0, struck.ofd[fault] ?? 0],
        ...['Odoo', odoo[fault] ?? 0, struck.odoo[fault] ?? 0],
      ]),
  )
}
