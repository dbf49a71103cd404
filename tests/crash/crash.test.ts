import { afterAll, expect, test } from 'bun:test'
import { LONG, SEED, someCases } from '@kkt/platform/testing.ts'
import { crashRun } from './crash_run.ts'
import { keptRun } from './kept_run.ts'
import { killAll } from './lives.ts'
import type { CrashOptions } from './outcome.ts'
import { EVERY_DAMAGE, EVERY_POINT } from './plan.ts'
import { failures, keepEvidence } from './report.ts'

type Chosen = Required<Pick<CrashOptions, 'kills' | 'kkt'>>

/**
 * The long form kills at every step, the short one after some steps of a pair, which the seed chooses. Both damage files. On a
 * register of its own steps and chance take turns, and `make crash KKT=atol KILLS=500` comes to all of them.
 */
const RUNS: readonly (Chosen & { on: string })[] = [
  { on: 'the mock in the adapter', kills: LONG ? EVERY_POINT + 10 : EVERY_DAMAGE + 3, kkt: 'in_process' },
  { on: 'a register of its own, whose service dies and fails,', kills: LONG ? 40 : 4, kkt: 'register' },
]
/** Several times a run's length on an idle machine. */
const RUN_MS = 600_000

// A run that timed out leaves processes behind.
afterAll(killAll)

/** A run, and whatever is wrong with it. */
async function crash(options: Chosen): Promise<void> {
  const name = options.kkt === 'register' ? 'crash-atol' : 'crash'
  const on = options.kkt === 'register' ? 'KKT=atol ' : ''
  const run = { name, seed: SEED, replay: `make crash ${on}KILLS=${options.kills} SEED=${SEED}` }
  const { failed, folder } = await keptRun(run, async (path) => {
    const outcome = await crashRun({ ...options, seed: SEED, folder: path })
    keepEvidence(path, outcome)
    return failures(outcome)
  })
  expect(failed, `${run.replay} replays it; the evidence is in ${folder}/`).toEqual([])
}

// The short form runs on one of them.
test.each(someCases(RUNS, 2))(
  `invariants 1 to 5 and 7: on $on $kills kills of the adapter lose and double nothing (SEED=${SEED})`,
  ({ kills, kkt }) => crash({ kills, kkt }),
  RUN_MS,
)
