/** Makes everything fail for MINUTES, as SEED draws it, and reports what became of the receipts. */

import { newFolder, removeFolder } from '../crash/report.ts'
import { askedNumber, askedSeed } from '../harness/asked.ts'
import { endRun, noEnd } from '../harness/end_run.ts'
import { runCommand } from '../harness/stack/command.ts'
import { say } from '../harness/stack/output.ts'
import { chaosRun } from './chaos_run.ts'
import { planChaos } from './plan.ts'
import { failures, keepEvidence, keepFailures, keepSchedule, RESULTS, replayOf, table } from './report.ts'

const DEFAULT_MINUTES = 2
const MINUTE_MS = 60_000
/** A night. */
const MOST_MINUTES = 600

async function main(): Promise<number> {
  const minutes = askedNumber('MINUTES', {
    min: 0.1,
    max: MOST_MINUTES,
    otherwise: DEFAULT_MINUTES,
    what: 'a number',
  })
  const seed = askedSeed()
  const folder = newFolder(seed, RESULTS)
  const replay = `${replayOf(minutes, seed)}.`
  say(`${replay} What goes wrong and when is in ${folder.name}/schedule.jsonl`)
  const failed = await runAndShow(minutes, seed, folder.path)
  if (failed.length === 0) removeFolder(folder.path)
  else keepFailures(folder.path, failed, replay)
  const kept = 'The databases, what the tills and the mocks have, the schedule and the logs'
  return endRun(failed, { kept, folder: folder.name, replay })
}

/** @returns what is not as it has to be */
async function runAndShow(minutes: number, seed: number, folder: string): Promise<string[]> {
  const ms = Math.round(minutes * MINUTE_MS)
  keepSchedule(folder, planChaos(ms, seed))
  try {
    const outcome = await chaosRun({ ms, seed, folder })
    say(`\n${table(minutes, outcome)}`)
    keepEvidence(folder, outcome)
    return failures(outcome)
  } catch (error) {
    return noEnd(error)
  }
}

await runCommand(main)
