import { afterAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@kkt/platform/clock.ts'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import { RECOVERY_MS } from '../crash/crash_run.ts'
import { keptRun } from '../crash/kept_run.ts'
import { killAll } from '../crash/lives.ts'
import { chaosRun } from './chaos_run.ts'
import { planChaos } from './plan.ts'
import { failures, keepEvidence, keepSchedule } from './report.ts'

const MINUTES = LONG ? 0.25 : 0.15
/** Far fewer than an idle machine sells. */
const SALES = LONG ? 100 : 25
const MS = MINUTES * 60_000
/** Several times a run's length on an idle machine. */
const RUN_MS = 300_000

// A run that timed out leaves processes behind.
afterAll(killAll)

test(
  `invariants 1 to 7: ${MINUTES} minutes in which everything fails lose and double nothing (SEED=${SEED})`,
  async () => {
    const run = { name: 'chaos', seed: SEED, replay: `make chaos MINUTES=${MINUTES} SEED=${SEED}` }
    const { failed, folder } = await keptRun(run, async (path) => {
      keepSchedule(path, planChaos(MS, SEED))
      const outcome = await chaosRun({ ms: MS, seed: SEED, folder: path })
      keepEvidence(path, outcome)
      // A run in which little happened proves nothing.
      expect(outcome.history.sales.length).toBeGreaterThan(SALES)
      expect(outcome.counts.kills + outcome.counts.pauses).toBeGreaterThan(0)
      return failures(outcome)
    })
    expect(failed, `${run.replay} replays it; the evidence is in ${folder}/`).toEqual([])
  },
  RUN_MS,
)

test('a run that throws keeps the evidence that there is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-no-end-'))
  mkdirSync(join(folder, 'buffer.db'))
  let nowMs = 0
  const impatient = { ...systemClock, monotonicMs: () => (nowMs += RECOVERY_MS) }
  const run = chaosRun({ ms: MS, seed: SEED, folder, clock: impatient })
  await expect(run).rejects.toThrow('adapter 1 does not start')
  expect(readFileSync(join(folder, 'adapter_1.log'), 'utf8')).toContain('The buffer cannot be opened')
  expect(readFileSync(join(folder, 'mock_ofd.json'), 'utf8')).toContain('"deduplicate": false')
  expect(readdirSync(folder)).toContain('mock_odoo.json')
  expect(JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8'))).toEqual([])
  rmSync(folder, { recursive: true })
})
