import { afterAll, expect, test } from 'bun:test'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import { crashRun } from './crash_run.ts'
import { keptRun } from './kept_run.ts'
import { killAll } from './lives.ts'
import { EVERY_POINT, EVERY_STEP_OF_A_PAIR } from './plan.ts'
import { failures, keepEvidence } from './report.ts'

/** The long form kills at every step. The short form kills after each of a pair, and at some that the seed chooses. Both damage files. */
const KILLS = LONG ? EVERY_POINT + 10 : EVERY_STEP_OF_A_PAIR + 8
/** Several times a run's length on an idle machine. */
const RUN_MS = 600_000

// A run that timed out leaves processes behind.
afterAll(killAll)

test(
  `invariants 1 to 5 and 7: ${KILLS} kills, at ${LONG ? 'every step and at random' : 'each step of a pair and some others'}, lose and double nothing (SEED=${SEED})`,
  async () => {
    const run = { name: 'crash', seed: SEED, replay: `make crash KILLS=${KILLS} SEED=${SEED}` }
    const { failed, folder } = await keptRun(run, async (path) => {
      const outcome = await crashRun({ kills: KILLS, seed: SEED, folder: path })
      keepEvidence(path, outcome)
      return failures(outcome)
    })
    expect(failed, `${run.replay} replays it; the evidence is in ${folder}/`).toEqual([])
  },
  RUN_MS,
)
