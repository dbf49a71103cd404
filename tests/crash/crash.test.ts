import { afterAll, expect, test } from 'bun:test'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import { crashRun } from './crash_run.ts'
import { keptRun } from './kept_run.ts'
import { killAll } from './lives.ts'
import type { CrashOptions } from './outcome.ts'
import { EVERY_DAMAGE, EVERY_POINT } from './plan.ts'
import { failures, keepEvidence } from './report.ts'

/** The long form kills at every step. The short form kills after some steps of a pair, which the seed chooses. Both damage files. */
const KILLS = LONG ? EVERY_POINT + 10 : EVERY_DAMAGE + 3
/** Steps and chance by turns. `make crash KKT=atol KILLS=500` comes to all of them. */
const REGISTER_KILLS = LONG ? 40 : 3
/** Several times a run's length on an idle machine. */
const RUN_MS = 600_000

// A run that timed out leaves processes behind.
afterAll(killAll)

/** A run, and whatever is wrong with it. */
async function crash(options: Pick<CrashOptions, 'kills' | 'kkt'>): Promise<void> {
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

test(
  `invariants 1 to 5 and 7: ${KILLS} kills, at ${LONG ? 'every step and at random' : 'some steps of a pair'}, lose and double nothing (SEED=${SEED})`,
  () => crash({ kills: KILLS }),
  RUN_MS,
)

test(
  `invariants 1 to 3: on a register of its own, ${REGISTER_KILLS} kills of the adapter while the register's service dies and fails lose and double nothing (SEED=${SEED})`,
  () => crash({ kills: REGISTER_KILLS, kkt: 'register' }),
  RUN_MS,
)
