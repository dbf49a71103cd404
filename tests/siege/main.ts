/** Besieges an adapter for MINUTES, with what SEED draws, and reports what came of it. */
import { endRun, keepJson, keptRun } from '../crash/kept_run.ts'
import { askedNumber, askedSeed } from '../harness/asked.ts'
import { runCommand } from '../harness/stack/command.ts'
import { say } from '../harness/stack/output.ts'

const DEFAULT_MINUTES = 3
const MINUTE_MS = 60_000
/** An hour. The mock OFD's ledger bounds the sales of a run. */
const MOST_MINUTES = 60

async function main(): Promise<number> {
  const minutes = askedNumber('MINUTES', {
    min: 0.1,
    max: MOST_MINUTES,
    otherwise: DEFAULT_MINUTES,
    what: 'a number',
  })
  const seed = askedSeed()
  // Loaded after the settings were read, so that a wrong one is refused at once.
  const { siegeRun } = await import('./siege_run.ts')
  const { failures } = await import('./judge.ts')
  const { table } = await import('./report.ts')
  const run = { name: 'siege', seed, replay: `make siege MINUTES=${minutes} SEED=${seed}` }
  say(`${run.replay} makes the same attacks again.`)
  const ended = await keptRun(run, async (folder) => {
    const ms = Math.round(minutes * MINUTE_MS)
    const onRound = (round: number, attack: string) => round === 0 && say(`  ${attack}`)
    const outcome = await siegeRun({ ms, seed, folder, size: 'long', hasPages: true, onRound })
    say(`\n${table(outcome)}`)
    keepJson(folder, { outcome })
    return failures(outcome)
  })
  return endRun(ended, 'The databases, the outcome with all answers to the tills, and the logs')
}

await runCommand(main)
