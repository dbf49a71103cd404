import { afterAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@kkt/platform/clock.ts'
import { LONG, SEED } from '@kkt/platform/testing.ts'
import { keptRun } from '../crash/kept_run.ts'
import { killAll } from '../crash/lives.ts'
import { RECOVERED_MS } from '../crash/recoveries.ts'
import { KKTS } from '../harness/asked.ts'
import { chaosRun } from './chaos_run.ts'
import { planChaos } from './plan.ts'
import { failures, keepEvidence, keepSchedule, replayLine } from './report.ts'

/** `sales`: far fewer than an idle machine sells. A register of its own takes longer for each, and is asked again only after seconds. */
const RUNS = {
  mock: { minutes: LONG ? 0.25 : 0.15, sales: LONG ? 100 : 25 },
  atol: { minutes: LONG ? 0.5 : 0.12, sales: LONG ? 60 : 8 },
}
const MS = 9000
/** Several times a run's length on an idle machine. */
const RUN_MS = 300_000

// A run that timed out leaves processes behind.
afterAll(killAll)

test.each(KKTS)(
  `invariants 1 to 7: minutes in which everything fails lose and double nothing, with the register %s (SEED=${SEED})`,
  async (kkt) => {
    const { minutes, sales } = RUNS[kkt]
    const ms = minutes * 60_000
    const run = { name: `chaos/${kkt}`, seed: SEED, replay: replayLine({ kkt, minutes, seed: SEED }) }
    const { failed, folder } = await keptRun(run, async (path) => {
      keepSchedule(path, planChaos(ms, SEED, kkt))
      const outcome = await chaosRun({ ms, seed: SEED, kkt, folder: path, leastSales: sales })
      keepEvidence(path, outcome)
      // A run in which little happened proves nothing.
      expect(outcome.history.sales.length).toBeGreaterThan(sales)
      expect(outcome.counts.kills + outcome.counts.pauses).toBeGreaterThan(0)
      if (kkt === 'atol') expect(outcome.history.ledger.length).toBeGreaterThan(0)
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
  const impatient = { ...systemClock, monotonicMs: () => (nowMs += RECOVERED_MS) }
  const run = chaosRun({ ms: MS, seed: SEED, folder, clock: impatient })
  await expect(run).rejects.toThrow('adapter 1 does not start')
  expect(readFileSync(join(folder, 'adapter_1.log'), 'utf8')).toContain('The buffer cannot be opened')
  expect(readFileSync(join(folder, 'mock_ofd.json'), 'utf8')).toContain('"deduplicate": false')
  expect(readdirSync(folder)).toContain('mock_odoo.json')
  expect(JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8'))).toEqual([])
  rmSync(folder, { recursive: true })
})
