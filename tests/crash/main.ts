/** Kills adapters, KILLS of them, as SEED has it, and says what became of the receipts. */
import { randomInt } from 'node:crypto'
import { catchSignals } from '../harness/stack/interruption.ts'
import { indent, say } from '../harness/stack/output.ts'
import { Stop } from '../harness/stack/stop.ts'
import { crashRun, type Ended } from './crash_run.ts'
import { failures, keepEvidence, newFolder, removeFolder, table } from './report.ts'

const DEFAULT_KILLS = 200
/** A night of them. */
const MOST_KILLS = 100_000
const MAX_SEED = 2 ** 32 - 1
const PROGRESS_EVERY = 25
/** What goes wrong once often goes wrong a thousand times. */
const MOST_FAILURES_SHOWN = 20

/** @throws Stop naming the variable, what it got and what it takes */
function wholeNumber(variable: string, { min, max, otherwise }: { min: number; max: number; otherwise: () => number }) {
  const given = process.env[variable] ?? ''
  if (given === '') return otherwise()
  if (/^\d+$/.test(given) && Number(given) >= min && Number(given) <= max) return Number(given)
  throw new Stop(`${variable} is ${JSON.stringify(given)}: it takes a whole number from ${min} to ${max}.`, 2)
}

async function main(): Promise<number> {
  const kills = wholeNumber('KILLS', { min: 1, max: MOST_KILLS, otherwise: () => DEFAULT_KILLS })
  const seed = wholeNumber('SEED', { min: 0, max: MAX_SEED, otherwise: () => randomInt(MAX_SEED) })
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

catchSignals()
try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof Stop)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error.exitCode
}
