import { describe, expect, test } from 'bun:test'
import { asking, createKeptLog, noPort } from '@kkt/fault-kit/testing.ts'
import { createMockOdoo } from '@kkt/mock-odoo/app.ts'
import { createMockOfd } from '@kkt/mock-ofd/app.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { POISONED_TILL } from '../crash/plan.ts'
import { noFaults } from './fault_plans.ts'
import { ACTORS, ODOO_FAULTS, OFD_FAULTS, planChaos } from './plan.ts'

const SHORTEST_MS = 6000
const SEEDS = [1, 2, 3, 4, 5]
const MOCKS = [
  ['ofd', OFD_FAULTS, createMockOfd, '/ofd/v1/_test/config'],
  ['odoo', ODOO_FAULTS, createMockOdoo, '/api/v1/_test/config'],
] as const

const turns = (actor: 'ofd' | 'odoo', ms: number, seed: number) =>
  planChaos(ms, seed)[actor].flatMap((deed) => (deed.do === 'faults' ? [deed] : []))

test('the same seed gives the same schedule, and another seed another schedule', () => {
  expect(planChaos(60_000, 7)).toEqual(planChaos(60_000, 7))
  for (const actor of ACTORS) expect(planChaos(60_000, 7)[actor]).not.toEqual(planChaos(60_000, 8)[actor])
})

test('no actor does two things at a time, and all are done before the end', () => {
  for (const deeds of Object.values(planChaos(60_000, 7))) {
    const ends = deeds.map(({ atMs, forMs }) => atMs + forMs)
    for (const [i, { atMs }] of deeds.entries()) expect(atMs).toBeGreaterThan(ends[i - 1] ?? 0)
    expect(Math.max(...ends)).toBeLessThanOrEqual(60_000)
  }
})

test('each actor does something even in the shortest run', () => {
  for (let seed = 0; seed < 500; seed += 1) {
    for (const [actor, deeds] of Object.entries(planChaos(SHORTEST_MS, seed))) {
      if (deeds.length === 0) throw new Error(`${actor} does nothing with seed ${seed}`)
    }
  }
})

describe.each(MOCKS)('for the mock %s', (actor, catalogue, create, path) => {
  test('every fault gets its turn even in the shortest run', () => {
    for (const seed of SEEDS) {
      const planned = new Set(turns(actor, SHORTEST_MS, seed).flatMap(({ faults }) => faults))
      expect([...planned].sort()).toEqual(catalogue.map(({ name }) => name).sort())
    }
  })

  test('the mock accepts every change, and all faults can be ended', async () => {
    const clock = new TestClock()
    const { app, listenOn } = create({ clock, logger: createKeptLog().logger })
    listenOn(noPort)
    const ask = asking(app)
    for (const seed of SEEDS) {
      for (const { change } of turns(actor, 60_000, seed)) {
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
