import { afterAll, expect, test } from 'bun:test'
import { SEED } from '@kkt/platform/testing.ts'
import { killAll } from '../crash/lives.ts'
import { newFolder, removeFolder } from '../crash/report.ts'
import { chaosRun } from './chaos_run.ts'
import { planChaos } from './plan.ts'
import { failures, keepEvidence, keepSchedule, RESULTS } from './report.ts'

const MINUTES = 0.25
const MS = MINUTES * 60_000
/** Several times what it takes on a machine with nothing else to do. */
const RUN_MS = 180_000

// After a run that took too long, too.
afterAll(killAll)

test(
  `invariants 1 to 7: ${MINUTES} minutes of everything failing lose and double nothing (SEED=${SEED})`,
  async () => {
    const folder = newFolder(SEED, RESULTS)
    keepSchedule(folder.path, planChaos(MS, SEED))
    const outcome = await chaosRun({ ms: MS, seed: SEED, folder: folder.path })
    const failed = failures(outcome)
    if (failed.length > 0) keepEvidence(folder.path, outcome)
    const replay = `make chaos MINUTES=${MINUTES} SEED=${SEED} replays it; the evidence is in ${folder.name}/`
    expect(failed, replay).toEqual([])
    // It was put to the test.
    expect(outcome.history.sales.length).toBeGreaterThan(100)
    expect(outcome.counts.kills + outcome.counts.pauses).toBeGreaterThan(0)
    removeFolder(folder.path)
  },
  RUN_MS,
)
