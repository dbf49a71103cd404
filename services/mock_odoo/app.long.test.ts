import { describe, expect, test } from 'bun:test'
import { asking, nothingSet } from '@kkt/fault-kit/testing.ts'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { createLedger } from './ledger.ts'
import { lend } from './testing/lent.ts'

const START_MS = 1_769_860_800_500
const heartbeat = { kkt_id: 'KKT-001', status: 'online', buffer_fullness: 0.5 }

function build() {
  const { mock, clock, log } = lend(START_MS)
  const ask = asking(mock.app)
  return {
    ask,
    advance: (ms: number) => clock.advance(ms),
    log,
    beat: (body: unknown = heartbeat) => ask('POST', '/api/v1/kkt/heartbeat', body),
    config: (change: unknown) => ask('POST', '/api/v1/_test/config', change),
    health: async () => (await ask('GET', '/api/v1/health')).body,
    ledger: async (query = '') => (await ask('GET', `/api/v1/_test/heartbeats${query}`)).body,
  }
}

const untouched = {
  status: 'healthy',
  heartbeat_count: 0,
  last_heartbeat: null,
  permanent_failure: false,
  failure_count: 0,
}

describe('heartbeats', () => {
  test('are accepted, counted, and the last one’s time is kept', async () => {
    const { beat, health, advance } = build()
    expect(await health()).toEqual(untouched)
    expect(await beat()).toMatchObject({ status: 200, body: { status: 'accepted', timestamp: 1_769_860_800 } })
    await advance(10_000)
    expect((await beat()).body).toEqual({ status: 'accepted', timestamp: 1_769_860_810 })
    expect(await health()).toEqual({ ...untouched, heartbeat_count: 2, last_heartbeat: '2026-01-31T12:00:10.500Z' })
  })

  test('may carry more, which is kept', async () => {
    const { beat, ledger } = build()
    const extended = { ...heartbeat, pending: 3, version: '0.1.0' }
    expect((await beat(extended)).status).toBe(200)
    expect(await ledger()).toEqual({
      count: 1,
      kept_at_most: 1000,
      heartbeats: [{ ...extended, received_at: '2026-01-31T12:00:00.500Z' }],
    })
  })

  test('are read as JSON whatever the content type', async () => {
    const { ask } = build()
    const init = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    expect((await ask('POST', '/api/v1/kkt/heartbeat', heartbeat, init)).status).toBe(200)
  })

  const bad: [name: string, body: unknown, pointer: string][] = [
    ['no kkt_id', { ...heartbeat, kkt_id: undefined }, '/kkt_id'],
    ['an empty kkt_id', { ...heartbeat, kkt_id: '' }, '/kkt_id'],
    ['an unknown status', { ...heartbeat, status: 'asleep' }, '/status'],
    ['a fullness above 1', { ...heartbeat, buffer_fullness: 1.01 }, '/buffer_fullness'],
    ['a fullness below 0', { ...heartbeat, buffer_fullness: -0.01 }, '/buffer_fullness'],
    ['no fullness', { ...heartbeat, buffer_fullness: undefined }, '/buffer_fullness'],
    ['a list', [], ''],
  ]
  for (const [name, body, pointer] of bad) {
    test(`with ${name} are 422 and not counted`, async () => {
      const { beat, health } = build()
      expect(await beat(body)).toMatchObject({ status: 422, body: { code: 'invalid_body', errors: [{ pointer }] } })
      expect(await health()).toEqual(untouched)
    })
  }

  test('the whole range of fullness is taken', async () => {
    for (const buffer_fullness of [0, 1]) {
      expect((await build().beat({ ...heartbeat, buffer_fullness })).status).toBe(200)
    }
  })

  test('malformed ones are 400, huge ones 413', async () => {
    const { ask, beat } = build()
    expect((await beat('{')).status).toBe(400)
    expect((await ask('POST', '/api/v1/kkt/heartbeat')).status).toBe(400)
    expect((await beat({ ...heartbeat, padding: 'x'.repeat(64 * 1024) })).status).toBe(413)
  })

  test('the latest thousand are kept, all are counted', async () => {
    const ledger = createLedger(new TestClock(START_MS))
    for (let i = 0; i < 1002; i++) ledger.take({ kkt_id: `K-${i}`, status: 'online', buffer_fullness: 0 })
    expect(ledger.count()).toBe(1002)
    const kept = ledger.list()
    expect([kept.length, kept[0]?.kkt_id, kept.at(-1)?.kkt_id]).toEqual([1000, 'K-2', 'K-1001'])
  })
})

describe('faults', () => {
  const down = { status: 503, body: { error: 'Odoo unavailable' } }

  test('permanent_failure takes heartbeats down until it is set back; health and control answer on', async () => {
    const { beat, config, health, ledger } = build()
    await config({ permanent_failure: true })
    for (const body of [heartbeat, '{']) expect(await beat(body)).toMatchObject(down)
    expect(await health()).toEqual({ ...untouched, permanent_failure: true })
    expect(await ledger()).toMatchObject({ count: 0, heartbeats: [] })
    await config({ permanent_failure: false })
    expect((await beat()).status).toBe(200)
  })

  test('failure_count fails so many and shows what remains', async () => {
    const { beat, config, health } = build()
    await config({ failure_count: 2 })
    expect(await beat()).toMatchObject(down)
    expect(await health()).toEqual({ ...untouched, failure_count: 1 })
    expect(await beat()).toMatchObject(down)
    expect((await beat()).status).toBe(200)
    expect(await health()).toMatchObject({ heartbeat_count: 1, failure_count: 0 })
  })

  test.each<[Record<string, unknown>, number, number]>([
    [{ unavailable: { match: { kkt_id: 'KKT-001' } } }, 503, 0],
    [{ unavailable: { match: { kkt_id: 'KKT-002' } } }, 200, 1],
    [{ too_many_requests: true }, 429, 0],
    [{ error_in_200: true }, 200, 0],
    [{ effect_then_error: true }, 500, 1],
    [{ unavailable: { match: { attempt: 2 } } }, 200, 1],
    [{ unavailable: { match: { attempt: 1 } } }, 503, 0],
  ])('%j hits the heartbeat', async (change, status, taken) => {
    const { beat, config, health } = build()
    await config(change)
    expect((await beat()).status).toBe(status)
    expect(await health()).toMatchObject({ heartbeat_count: taken })
  })
})

describe('the tests’ side', () => {
  test('calls name the KKT of a heartbeat that an outage has met, and nothing else that it says', async () => {
    const { ask, beat, config } = build()
    await config({ unavailable: { times: 1 } })
    for (const status of [503, 200]) expect((await beat({ ...heartbeat, receipt_id: 'r' })).status).toBe(status)
    const { body } = await ask('GET', '/api/v1/_test/calls?kkt_id=KKT-001')
    expect(body).toMatchObject({
      calls: [
        { attempt: 1, fault: 'unavailable', status: 503, receipt_id: null },
        { attempt: 2, fault: null, status: 200, receipt_id: null },
      ],
    })
  })

  test('config knows the faults of a service, none about receipts', async () => {
    const { config } = build()
    expect((await config({})).body).toEqual(nothingSet)
    expect(await config({ refuse: null })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/refuse' }] } })
  })

  test('heartbeats can be listed by KKT', async () => {
    const { beat, ledger } = build()
    await beat()
    await beat({ ...heartbeat, kkt_id: 'KKT-002' })
    expect(await ledger('?kkt_id=KKT-002')).toMatchObject({ count: 1, heartbeats: [{ kkt_id: 'KKT-002' }] })
  })

  test('wait is woken by a heartbeat', async () => {
    const { ask, beat } = build()
    const waited = ask('GET', '/api/v1/_test/wait?heartbeats=1&timeout=60')
    await settle()
    await beat()
    expect(await waited).toMatchObject({ status: 200, body: { status: 'reached', heartbeats: 1 } })
  })

  test('a state is carried elsewhere, and one that no mock exports is refused', async () => {
    const { ask, beat } = build()
    await beat()
    const state = JSON.stringify((await ask('GET', '/api/v1/_test/export')).body)
    const other = build()
    const imported = async (body: string) => Object((await other.ask('POST', '/api/v1/_test/import', body)).body)
    for (const [written, instead, pointer] of [
      [/"receivedAtMs":\d+/, '"receivedAtMs":1e300', '/ledger/entries/0/receivedAtMs'],
      [/"lastMs":\d+/, '"lastMs":1e300', '/ledger/lastMs'],
      [/"lastMs":\d+/, '"lastMs":null', '/ledger/lastMs'],
      [/("ledger":{"total":)1/, '$10', '/ledger/total'],
    ] as const) {
      const refused = await imported(state.replace(written, instead))
      expect([refused.status, refused.errors?.[0].pointer]).toEqual([422, pointer])
      expect(await other.health()).toEqual(untouched)
    }
    expect(await imported(state)).toMatchObject({ status: 'imported' })
    expect(await other.health()).toMatchObject({ heartbeat_count: 1, last_heartbeat: '2026-01-31T12:00:00.500Z' })
  })

  test('reset sets everything back to the start', async () => {
    const { ask, beat, config, health, ledger } = build()
    await beat()
    await config({ permanent_failure: true, failure_count: 5 })
    expect(await ask('POST', '/api/v1/_test/reset')).toMatchObject({ status: 200, body: { status: 'reset' } })
    expect(await health()).toEqual(untouched)
    expect(await ledger()).toMatchObject({ count: 0, heartbeats: [] })
  })
})

test('a wrong path is 404, a wrong method 405', async () => {
  const { ask } = build()
  expect(await ask('POST', '/api/v1/heartbeat', heartbeat)).toMatchObject({
    status: 404,
    body: { code: 'no_such_route' },
  })
  const { status, headers } = await ask('GET', '/api/v1/kkt/heartbeat')
  expect([status, headers.get('allow')]).toEqual([405, 'POST'])
})

test('what a heartbeat carries besides gets into no log', async () => {
  const { beat, log } = build()
  await beat({ ...heartbeat, cashier: 'Ivan' })
  await beat({ ...heartbeat, status: 'Ivan' })
  expect(log.text()).toContain('heartbeat_accepted')
  expect(log.text()).not.toContain('Ivan')
})
