import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepJson } from '../crash/kept_run.ts'
import { keepEvidence as keepHistory, receiptTable, violationLine } from '../crash/report.ts'
import type { Kkt } from '../harness/asked.ts'
import { columns, indent } from '../harness/stack/output.ts'
import type { Outcome } from './chaos_run.ts'
import { ACTORS, type Schedule } from './plan.ts'

/** The command that repeats a run. */
export const replayLine = ({ kkt, minutes, seed }: { kkt: Kkt; minutes: number; seed: number }): string =>
  `make chaos ${kkt === 'atol' ? 'KKT=atol ' : ''}MINUTES=${minutes} SEED=${seed}`

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
export const keepExports = (folder: string, { ofd, odoo, kkt }: Outcome['exports']): void =>
  keepJson(folder, { mock_ofd: ofd, mock_odoo: odoo, ...(kkt !== null && { mock_kkt: kkt }) })

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
    ['look-ups of a receipt whose outcome was unknown', counts.lookUps],
    ...(hasRedis
      ? [
          ['restarts of Redis', counts.redisRestarts],
          ['pauses of Redis', counts.redisPauses],
          ['flushes of Redis', counts.flushes],
          ['times that Redis refused to write', counts.refusals],
        ]
      : [['there is no redis-server here: nothing was done to it', 0]]),
    ['troubles of the KKT', counts.kktFaults],
    ...registerRows(outcome),
    ['starts that failed, and were repeated', outcome.failedStarts],
    ['slowest start of an adapter, in milliseconds', Math.round(outcome.slowestStartMs)],
  ]),
)}

Faults, by the plans for them, and how often they struck:
${indent(faultTable(outcome))}

Receipts:
${indent(receiptTable(outcome))}`
}

function registerRows({ counts, settled }: Outcome): [string, number][] {
  if (settled === null) return []
  return [
    ["kills of the register's service", counts.registerKills],
    ["pauses of the register's service", counts.registerPauses],
    ['times that its queue was lost', counts.lostQueues],
    ['receipts that a person settled as printed', settled.printed],
    ['receipts that a person settled as not printed', settled.notPrinted],
    ['receipts of an FN that was taken out, closed by a person', settled.untraced],
    ['full FNs that a person replaced', settled.fullFns],
  ]
}

/** A row for each fault, with a column for each mock that it may strike. */
function faultTable({ schedule, struck }: Outcome): string {
  const planned = (actor: keyof typeof struck) => {
    const counts: Record<string, number> = {}
    for (const deed of schedule[actor]) {
      if (deed.do !== 'faults') continue
      for (const fault of deed.faults) counts[fault] = (counts[fault] ?? 0) + 1
    }
    return counts
  }
  const mocks = MOCKS.map(([actor, name]) => ({ name, planned: planned(actor), struck: struck[actor] }))
  const shown = mocks.filter((mock) => Object.keys(mock.planned).length > 0)
  const faults = new Set(shown.flatMap((mock) => Object.keys(mock.planned)))
  return columns(
    [...faults]
      .sort()
      .map((fault) => [
        fault,
        ...shown.flatMap((mock) => [mock.name, mock.planned[fault] ?? 0, mock.struck[fault] ?? 0]),
      ]),
  )
}

const MOCKS = [
  ['ofd', 'OFD'],
  ['odoo', 'Odoo'],
  ['kkt', 'KKT'],
] as const
