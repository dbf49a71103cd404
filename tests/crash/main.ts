/** Kills adapters, KILLS of them, as SEED has it, and says what became of the receipts. */
import { runCommand } from '../harness/stack/command.ts'
import { indent, say } from '../harness/stack/output.ts'
import { Stop } from '../harness/stack/stop.ts'
import { askedNumber, askedSeed } from './asked.ts'
import { crashRun, type Ended } from './crash_run.ts'
import { failures, keepEvidence, newFolder, removeFolder, table } from './report.ts'

const DEFAULT_KILLS = 200
/** A night of them. */
const MOST_KILLS = 100_000
const PROGRESS_EVERY = 25
/** What goes wrong once often goes wrong a thousand times. */
const MOST_FAILURES_SHOWN = 20

async function main(): Promise<number> {
  const kills = askedNumber('KILLS', { min: 1, max: MOST_KILLS, otherwise: DEFAULT_KILLS })
  const seed = askedSeed()
  const replay = `make crash KILLS=${kills} SEED=${seed} replays it.`
  say(replay)
  const folder = newFolder(seed)
  const failed = await runAndShow(kills, seed, folder.path)
  if (failed.length === 0) {
    removeFolder(folder.path)
    return 0
  }
  const more = failed.length - MOST_FAILURES_SHOWN
  say(`\n${failed.length} failures:\n${indent(failed.slice(0, MOST_FAILURES_SHOWN).join('\n'))}`)
  if (more > 0) say(`  and ${more} more`)
  say(`\nThe databases, what the tills and the OFD have, and the logs are in ${folder.name}/`)
  say(replay)
  return 1
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
    if (error instanceof Stop) throw error
    return [`the run came to no end: ${error instanceof Error ? error.stack : error}`]
  }
}

await runCommand(main)
