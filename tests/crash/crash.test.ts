import { afterAll, expect, test } from 'bun:test'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import { crashRun } from './crash_run.ts'
import { killAll } from './lives.ts'
import { EVERY_POINT } from './plan.ts'
import { failures, keepEvidence, newFolder, removeFolder } from './report.ts'

/** The long form kills at every step. The short form kills at some, which the seed chooses. Both damage files. */
const KILLS = LONG ? EVERY_POINT + 10 : 16
/** Several times a run's length on an idle machine. */
const RUN_MS = 120_000

// A run that timed out leaves processes behind.
afterAll(killAll)

test(
  `invariants 1 to 5 and 7: ${KILLS} kills, at ${LONG ? 'every step and at random' : 'some steps'}, lose and double nothing (SEED=${SEED})`,
  async () => {
    const folder = newFolder(SEED)
    const outcome = await crashRun({ kills: KILLS, seed: SEED, folder: folder.path })
    const failed = failures(outcome)
    if (failed.length > 0) keepEvidence(folder.path, outcome)
    expect(failed, `make crash KILLS=${KILLS} SEED=${SEED} replays it; the evidence is in ${folder.name}/`).toEqual([])
    removeFolder(folder.path)
  },
  RUN_MS,
)
