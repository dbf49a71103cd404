import { describe, expect, test } from 'bun:test'
import { asking, createKeptLog, noPort } from '@kkt/fault-kit/testing.ts'
import { build as buildRegister } from '@kkt/mock-kkt/testing/service.ts'
import { createMockOdoo } from '@kkt/mock-odoo/app.ts'
import { createMockOfd } from '@kkt/mock-ofd/app.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { POISONED_TILL } from '../crash/plan.ts'
import { KKTS, type Kkt } from '../harness/asked.ts'
import { noFaults } from './fault_plans.ts'
import { actorsWith, faultsOf, planChaos } from './plan.ts'

const SHORTEST_MS = 6000
const SEEDS = [1, 2, 3, 4, 5]

type Struck = 'ofd' | 'odoo' | 'kkt'
type Mock = Pick<ReturnType<typeof createMockOfd>, 'listenOn'> & { app: Parameters<typeof asking>[0] }
type Create = (deps: { clock: Clock; logger: Logger }) => Mock

/** Each mock, beside each cash register. */
const MOCKS: [Struck, Kkt, Create, path: string][] = [
  ['ofd', 'mock', createMockOfd, '/ofd/v1/_test/config'],
  ['odoo', 'mock', createMockOdoo, '/api/v1/_test/config'],
  ['ofd', 'atol', createMockOfd, '/ofd/v1/_test/config'],
  ['odoo', 'atol', createMockOdoo, '/api/v1/_test/config'],
  ['kkt', 'atol', buildRegister, '/_test/config'],
]

const turns = (actor: Struck, ms: number, seed: number, kkt: Kkt = 'mock') =>
  planChaos(ms, seed, kkt)[actor].flatMap((deed) => (deed.do === 'faults' ? [deed] : []))

test.each(KKTS)('the same seed gives the same schedule, and another seed another schedule: %s', (kkt) => {
  expect(planChaos(60_000, 7, kkt)).toEqual(planChaos(60_000, 7, kkt))
  for (const actor of actorsWith(kkt))
    expect(planChaos(60_000, 7, kkt)[actor]).not.toEqual(planChaos(60_000, 8, kkt)[actor])
})

test.each(KKTS)('no actor does two things at a time, and all are done before the end: %s', (kkt) => {
  const schedule = planChaos(60_000, 7, kkt)
  for (const deeds of actorsWith(kkt).map((actor) => schedule[actor])) {
    const ends = deeds.map(({ atMs, forMs }) => atMs + forMs)
    for (const [i, { atMs }] of deeds.entries()) expect(atMs).toBeGreaterThan(ends[i - 1] ?? 0)
    expect(Math.max(...ends)).toBeLessThanOrEqual(60_000)
  }
})

test.each(KKTS)('each actor does something even in the shortest run: %s', (kkt) => {
  for (let seed = 0; seed < 500; seed += 1) {
    const schedule = planChaos(SHORTEST_MS, seed, kkt)
    for (const actor of actorsWith(kkt)) {
      if (schedule[actor].length === 0) throw new Error(`${actor} does nothing with seed ${seed}`)
    }
  }
})

test('without a register of its own nobody does anything to one', () => {
  expect(planChaos(60_000, 7, 'mock').register).toEqual([])
})

/** A register is left alone between its faults, so that they take longer to come all. */
const allTurnsMs = (actor: Struck) => (actor === 'kkt' ? 240_000 : SHORTEST_MS)

describe.each(MOCKS)('for the mock %s beside the register %s', (actor, kkt, create, path) => {
  const catalogue = faultsOf(kkt)[actor]

  test('every fault gets its turn', () => {
    for (const seed of SEEDS) {
      const planned = new Set(turns(actor, allTurnsMs(actor), seed, kkt).flatMap(({ faults }) => faults))
      expect([...planned].sort()).toEqual(catalogue.map(({ name }) => name).sort())
    }
  })

  test('the mock accepts every change, and all faults can be ended', async () => {
    const clock = new TestClock()
    const { app, listenOn } = create({ clock, logger: createKeptLog().logger })
    listenOn(noPort)
    const ask = asking(app)
    for (const seed of SEEDS) {
      for (const { change } of turns(actor, 60_000, seed, kkt)) {
        const { status, body } = await ask('POST', path, change)
        expect({ status, change, body }).toMatchObject({ status: 200 })
      }
    }
    const { body } = await ask('POST', path, noFaults(catalogue))
    expect(body).toEqual({ permanent_failure: false, failure_count: 0 })
  })
})

test('faults that make dead letters strike only the till of which the checker knows', () => {
  const changes = SEEDS.flatMap((seed) => turns('ofd', 120_000, seed)).map(({ change }) => JSON.stringify(change))
  for (const fault of ['refuse', 'conflict_on_duplicate', 'accepted_then_rejected']) {
    const found = changes.filter((change) => change.includes(`"${fault}"`))
    expect(found.length).toBeGreaterThan(0)
    for (const change of found) {
      const tills = [...change.matchAll(/"pos_id":"([^"]+)"/g)].map(([, till]) => till)
      expect(new Set(tills)).toEqual(new Set([POISONED_TILL]))
    }
  }
})

test('faults of tasks strike receipts: questions would use their counts up', () => {
  const changes = SEEDS.flatMap((seed) => turns('kkt', 240_000, seed, 'atol')).map(({ change }) =>
    JSON.stringify(change),
  )
  for (const fault of ['task_error', 'blocked', 'slow', 'not_printed', 'close_fails_but_closed']) {
    const found = changes.filter((change) => change.includes(`"${fault}"`))
    expect(found.length).toBeGreaterThan(0)
    for (const change of found) expect(change).toMatch(/"match":\{"task":"sell/)
  }
})

test('a register dies for longer than the OFD takes for a document: its next life would send that again', () => {
  const deaths = SEEDS.flatMap((seed) => planChaos(240_000, seed, 'atol').register).filter(
    (deed) => deed.do !== 'pause',
  )
  expect(deaths.length).toBeGreaterThan(0)
  for (const { forMs } of deaths) expect(forMs).toBeGreaterThan(250)
})
