import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SEED } from '@kkt/platform/testing.ts'
import { keepJson, keptRun } from '../crash/kept_run.ts'
import { bufferIn, killAll } from '../crash/lives.ts'
import { processIds, readOrEmpty } from '../harness/stack/proc.ts'
import type { Attack } from './attack.ts'
import { failures } from './judge.ts'
import { siegeRun } from './siege_run.ts'

/** Several times a run's length on an idle machine. */
const RUN_MS = 300_000
/** Far fewer than an idle machine sells. */
const SALES = 25

// A run that timed out leaves processes behind.
afterAll(killAll)

test(
  `invariants 1, 2, 4 and 10: a short siege breaks nothing and loses no sale (SEED=${SEED})`,
  async () => {
    const run = { name: 'siege', seed: SEED, replay: `make siege MINUTES=0.1 SEED=${SEED}` }
    const { failed, folder } = await keptRun(run, async (path) => {
      const outcome = await siegeRun({
        ms: 0,
        seed: SEED,
        folder: path,
        size: 'short',
        hasPages: true,
      })
      keepJson(path, { outcome })
      // A run in which little happened proves nothing.
      expect(outcome.sales.length).toBeGreaterThan(SALES)
      for (const { name, tries } of outcome.rows) expect([name, tries > 0]).toEqual([name, true])
      return failures(outcome)
    })
    expect(failed, `the evidence is in ${folder}/`).toEqual([])
  },
  RUN_MS,
)

describe.skipIf(process.platform !== 'linux')('a siege', () => {
  test(
    'that brings the adapter down says so',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'siege-lost-'))
      const killed: Attack = { name: 'a killing', lane: 'strikes', begin: async () => killAdapterOn(folder) }
      const outcome = await siegeRun({
        ms: 0,
        seed: SEED,
        folder,
        size: 'short',
        hasPages: false,
        attacks: [killed],
      })
      expect(failures(outcome)).toContain('the adapter ended by itself with SIGKILL')
      expect(readFileSync(join(folder, 'kkt_adapter.log'), 'utf8')).toContain('"event":"listening"')
      rmSync(folder, { recursive: true })
    },
    RUN_MS,
  )
})

/** Kills the process that has this folder's buffer among its settings. */
function killAdapterOn(folder: string): void {
  const setting = `BUFFER_DB_PATH=${bufferIn(folder)}`
  for (const pid of processIds()) {
    if (readOrEmpty(`/proc/${pid}/environ`).split('\0').includes(setting)) process.kill(Number(pid), 'SIGKILL')
  }
}
