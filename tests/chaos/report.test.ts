import { expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outcome } from './chaos_run.ts'
import { planChaos } from './plan.ts'
import { failures, keepEvidence, keepSchedule, table } from './report.ts'

const MS = 60_000
const schedule = planChaos(MS, 1)

/** A run in which all went well. */
const outcome = (given: Partial<Outcome> = {}): Outcome => ({
  counts: {
    kills: 9,
    pauses: 8,
    redisRestarts: 7,
    redisPauses: 6,
    flushes: 5,
    refusals: 2,
    kktFaults: 4,
    registerKills: 0,
    registerPauses: 0,
    lostQueues: 0,
    takeOvers: 3,
    lookUps: 10,
  },
  afterwards: { putRight: 5, refunded: 4, refused: 3 },
  hasRedis: true,
  slowestStartMs: 200,
  failedStarts: 0,
  schedule,
  struck: { ofd: { hang: 41 }, odoo: { hang: 42 }, kkt: {} },
  exports: { ofd: {}, odoo: {}, kkt: null },
  settled: null,
  history: {
    sales: [],
    journal: [],
    fn: [],
    ledger: [],
    deadLetters: [],
    tillsFiles: [],
    poisoned: [],
    isLossy: false,
  },
  violations: [],
  troubles: [],
  ...given,
})
const violations: Outcome['violations'] = [{ kind: 'lost', receiptId: 'it', what: 'gone' }]

test('only violations and troubles are failures', () => {
  expect(failures(outcome())).toEqual([])
  expect(failures(outcome({ violations, troubles: ['ended'] }))).toEqual(['lost: receipt it gone', 'ended'])
})

test('the table counts deeds, strikes by fault, and violations by kind', () => {
  const shown = table(2.5, outcome({ violations }))
  expect(shown).toMatch(/^ {2}minutes +2\.5$/m)
  expect(shown).toMatch(/^ {2}take-overs +3$/m)
  expect(shown).toMatch(/^ {2}hang +OFD +[1-9] +41 +Odoo +[1-9] +42$/m)
  expect(shown).toMatch(/^ {2}lost +1$/m)
  expect(shown).toMatch(/^ {2}doubled +0$/m)
})

test('the evidence holds the schedule in order of time, the history and the mocks’ states', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-evidence-'))
  keepSchedule(folder, schedule)
  keepEvidence(folder, outcome({ violations }))
  expect(readdirSync(folder).sort()).toEqual([
    'answers.json',
    'ledger.json',
    'mock_odoo.json',
    'mock_ofd.json',
    'schedule.jsonl',
    'violations.json',
  ])
  const lines = readFileSync(join(folder, 'schedule.jsonl'), 'utf8').trimEnd().split('\n')
  const times = lines.map((line) => Number(/^\{"atMs":(\d+)/.exec(line)?.[1]))
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(times).toHaveLength(Object.values(schedule).flat().length)
  rmSync(folder, { recursive: true })
})
