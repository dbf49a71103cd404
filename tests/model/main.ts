/** Checks HISTORIES random histories, drawn from SEED, against the model. With REPLAY it checks only the history of that path. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { askedKkt, askedNumber, askedSeed, type Kkt } from '../harness/asked.ts'
import { runCommand } from '../harness/stack/command.ts'
import { throwIfInterrupted } from '../harness/stack/interruption.ts'
import { say } from '../harness/stack/output.ts'
import { Stop } from '../harness/stack/stop.ts'
import { failureReport, forKkt, Tally } from './report.ts'
import type { BlockSummary } from './run_block.ts'

const DEFAULT_HISTORIES = 10_000
/** So many histories meet every outcome. */
const ALL_OUTCOMES = 10_000
/** A night's run. */
const MOST_HISTORIES = 10_000_000
const SEEDS = 2 ** 32
/** Small enough that all cores have work until the end. */
const BLOCK_SIZE = 50
const PROGRESS_PARTS = 20
const RECEIPTS_A_DAY = 10
const WORKER = resolve(import.meta.dir, '../..', 'tests/model/worker.ts')

type Asked = { kkt: Kkt; seed: number; histories: number }

/** Runs the blocks in the processes that are free, until one block has a violation. */
async function runAll({ kkt, seed, histories }: Asked, onBlock: (block: BlockSummary) => void): Promise<void> {
  // Loaded after the settings were read, so that a wrong one is refused at once.
  const { blockSummary } = await import('./run_block.ts')
  const blocks = Math.ceil(histories / BLOCK_SIZE)
  let next = 0
  let isOver = false
  const work = async () => {
    const worker = fork(WORKER)
    const exited = once(worker, 'exit')
    try {
      while (next < blocks && !isOver) {
        const index = next++
        const count = Math.min(BLOCK_SIZE, histories - index * BLOCK_SIZE)
        worker.send({ kkt, seed: (seed + index) % SEEDS, count })
        const [message] = await Promise.race([once(worker, 'message'), exited.then(endedEarly)])
        const block = blockSummary.parse(message)
        isOver ||= block.failed !== null
        onBlock(block)
      }
    } finally {
      worker.kill()
    }
  }
  await Promise.all(Array.from({ length: Math.min(blocks, availableParallelism()) }, work))
}

/** @throws Stop always */
function endedEarly([code]: unknown[]): never {
  throwIfInterrupted()
  throw new Stop(`A process of the simulation ended by itself, with ${code}.`)
}

/** @returns whether nothing was found */
async function runAndShow(asked: Asked): Promise<boolean> {
  const { kkt, seed, histories } = asked
  say(`HISTORIES=${histories} SEED=${seed} make model${forKkt(kkt)} runs these again.`)
  if (kkt === 'mock' && !(await runMonthAndShow(seed))) return false
  const startedMs = performance.now()
  const seconds = () => Math.round((performance.now() - startedMs) / 1000)
  const tally = new Tally()
  let shownParts = 0
  await runAll(asked, (block) => {
    tally.add(block)
    const parts = Math.floor((tally.histories / histories) * PROGRESS_PARTS)
    if (parts > shownParts) say(`${tally.histories} of ${histories} histories, ${seconds()} s`)
    shownParts = parts
  })
  say(`\n${tally.table(seconds())}`)
  const [failed] = tally.failed
  if (failed !== undefined) return !(await replay(kkt, failed.seed, failed.path))
  const missing = histories < ALL_OUTCOMES ? [] : tally.missing(kkt)
  for (const what of missing) say(`Never came: ${what}`)
  return missing.length === 0
}

/** A shop's forty days come first, as a table. @returns whether nothing was found */
async function runMonthAndShow(seed: number): Promise<boolean> {
  const { monthTable, runMonth } = await import('./shop/month.ts')
  const { shop, days } = await runMonth(seed, RECEIPTS_A_DAY)
  say(monthTable(days))
  const { violations } = shop.world.findings
  for (const { invariant, what } of violations) say(`VIOLATED, ${invariant}: ${what}`)
  return violations.length === 0
}

/** Shows the violations of one history. @returns whether there are any */
async function replay(kkt: Kkt, seed: number, path: string): Promise<boolean> {
  const { runBlock } = await import('./run_block.ts')
  const { createRig } = await import('./world/rig.ts')
  const { failure } = await runBlock(createRig(), { kkt, seed, count: 1, path })
  say(failure === null ? 'Nothing is broken by that history.' : `\n${failureReport(failure)}`)
  return failure !== null
}

async function main(): Promise<number> {
  const seed = askedSeed()
  const kkt = askedKkt()
  const path = process.env['REPLAY'] ?? ''
  if (path !== '') return (await replay(kkt, seed, path)) ? 1 : 0
  const histories = askedNumber('HISTORIES', { min: 1, max: MOST_HISTORIES, otherwise: DEFAULT_HISTORIES })
  return (await runAndShow({ kkt, seed, histories })) ? 0 : 1
}

await runCommand(main)
