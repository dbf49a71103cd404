/** Kills KILLS adapters in the order that SEED draws, and reports what became of the receipts. */
import { askedKkt, askedNumber, askedSeed } from '../harness/asked.ts'
import { runCommand } from '../harness/stack/command.ts'
import { say } from '../harness/stack/output.ts'
import { endRun, keptRun } from './kept_run.ts'
import type { CrashOptions, Ended } from './outcome.ts'

const DEFAULT_KILLS = 200
/** A night's run. */
const MOST_KILLS = 100_000
const PROGRESS_EVERY = 25

async function main(): Promise<number> {
  const kills = askedNumber('KILLS', { min: 1, max: MOST_KILLS, otherwise: DEFAULT_KILLS })
  const seed = askedSeed()
  const kkt = askedKkt() === 'atol' ? 'register' : 'in_process'
  const on = kkt === 'register' ? 'KKT=atol ' : ''
  const run = { name: 'crash', seed, replay: `make crash ${on}KILLS=${kills} SEED=${seed}` }
  say(`${run.replay} replays it.`)
  const ended = await keptRun(run, (folder) => runAndShow({ kills, seed, folder, kkt }))
  return endRun(ended, 'The databases, what the tills and the OFD have, and the logs')
}

/** @returns the failures */
async function runAndShow({ kills, seed, folder, kkt = 'in_process' }: CrashOptions): Promise<string[]> {
  // Loaded after the settings were read, so that a wrong one is refused at once.
  const { crashRun } = await import('./crash_run.ts')
  const { failures, keepEvidence, table } = await import('./report.ts')
  const startedMs = performance.now()
  const seconds = () => Math.round((performance.now() - startedMs) / 1000)
  const onKill = (_: Ended, count: number) => {
    if (count % PROGRESS_EVERY === 0 || count === kills) say(`${count} of ${kills} kills, ${seconds()} s`)
  }
  const onProgress = (line: string) => say(`${line}, ${seconds()} s`)
  const outcome = await crashRun({ kills, seed, folder, kkt, onKill, onProgress })
  say(`All is healed, ${seconds()} s\n\n${table(outcome)}`)
  keepEvidence(folder, outcome)
  return failures(outcome)
}

await runCommand(main)
