/** Makes everything fail for MINUTES, as SEED draws it, and reports what became of the receipts. */
import { endRun, keptRun } from '../crash/kept_run.ts'
import { askedKkt, askedNumber, askedSeed } from '../harness/asked.ts'
import { runCommand } from '../harness/stack/command.ts'
import { say } from '../harness/stack/output.ts'

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
  const kkt = askedKkt()
  // Loaded after the settings were read, so that a wrong one is refused at once.
  const { chaosRun } = await import('./chaos_run.ts')
  const { planChaos } = await import('./plan.ts')
  const { failures, keepEvidence, keepSchedule, replayLine, table } = await import('./report.ts')
  const run = { name: 'chaos', seed, replay: replayLine({ kkt, minutes, seed }) }
  const ms = Math.round(minutes * MINUTE_MS)
  const ended = await keptRun(run, async (path, folder) => {
    say(`${run.replay} replays it. What goes wrong and when is in ${folder}/schedule.jsonl`)
    keepSchedule(path, planChaos(ms, seed, kkt))
    const outcome = await chaosRun({ ms, seed, kkt, folder: path, onProgress: say })
    say(`\n${table(minutes, outcome)}`)
    keepEvidence(path, outcome)
    return failures(outcome)
  })
  return endRun(ended, 'The databases, what the tills and the mocks have, the schedule and the logs')
}

await runCommand(main)
