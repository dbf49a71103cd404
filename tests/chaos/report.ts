import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepJson } from '../crash/kept_run.ts'
import { keepEvidence as keepHistory, receiptTable, violationLine } from '../crash/report.ts'
import { columns, indent } from '../harness/stack/output.ts'
import type { Outcome } from './chaos_run.ts'
import { ACTORS, type Schedule } from './plan.ts'

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

/** Writes the mocks' states. */
export const keepExports = (folder: string, { ofd, odoo }: Outcome['exports']): void =>
  keepJson(folder, { mock_ofd: ofd, mock_odoo: odoo })

/** Everything that is wrong, one a line. */
export const failures = ({ violations, troubles }: Outcome): string[] => [...violations.map(violationLine), ...troubles]

export function table(minutes: number, outcome: Outcome): string {
  const { counts, hasRedis } = outcome
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
${indent(receiptTable(outcome))}`
}

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
      .map((fault) => {
        const [atOfd, atOdoo] = [struck.ofd[fault] ?? 0, struck.odoo[fault] ?? 0]
        return [fault, 'OFD', ofd[fault] ?? 0, atOfd, 'Odoo', odoo[fault] ?? 0, atOdoo]
      }),
  )
}
