/** Kills KILLS adapters in the order that SEED draws, and reports what became of the receipts. */

import { askedNumber, askedSeed } from '../harness/asked.ts'
import { endRun, noEnd } from '../harness/end_run.ts'
import { runCommand } from '../harness/stack/command.ts'
import { say } from '../harness/stack/output.ts'
import { crashRun, type Ended } from './crash_run.ts'
import { failures, keepEvidence, newFolder, removeFolder, table } from './report.ts'

const DEFAULT_KILLS = 200
/** A night's run. */
const MOST_KILLS = 100_000
const PROGRESS_EVERY = 25

async function main(): Promise<number> {
  const kills = askedNumber('KILLS', { min: 1, max: MOST_KILLS, otherwise: DEFAULT_KILLS })
  const seed = askedSeed()
  const replay = `make crash KILLS=${kills} SEED=${seed} replays it.`
  say(replay)
  const folder = newFolder(seed)
  const failed = await runAndShow(kills, seed, folder.path)
  if (failed.length === 0) removeFolder(folder.path)
  const kept = 'The databases, what the tills and the OFD have, and the logs'
  return endRun(failed, { kept, folder: folder.name, replay })
}

/** @returns what is not as it has to be */
async function runAndShow(kills: number, seed: number, folder: string): Promise<string[]> {
  const startedMs = performance.now()
  const seconds = () => Math.round((performance.now() - startedMs) / 1000)
  const onKill = (_: Ended, count: number) => {
    if (count % PROGRESS_EVERY === 0 || count === kills) say(`${count} of ${kills} kills, ${seconds()} s`)
  }
  try {
    const outcome = await crashRun({ kills, seed, folder, onKill })
    say(`All is healed, ${seconds()} s\n\n${table(outcome)}`)
    keepEvidence(folder, outcome)
    return failures(outcome)
  } catch (error) {
    return noEnd(error)
  }
}

await runCommand(main)
