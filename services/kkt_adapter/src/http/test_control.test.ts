import { describe, expect, test } from 'bun:test'
import { PRINT_TIMEOUT_MS, problemOf, startApp } from '../testing/app_kit.ts'
import { startWholeApp } from '../testing/whole_app.ts'

const PATH = '/v1/kkt/_test/settings'
const OWN = {
  sync_interval: 30,
  circuit_breaker_timeout: 60,
  odoo_heartbeat_interval: 30,
  ofd_timeout: 10,
  kkt_print_delay_min: 0.2,
  kkt_print_delay_max: 0.5,
  kkt_print_timeout: 10,
  ttl: null,
}

test('without test control there is nothing at its paths', async () => {
  const { ask } = startApp({ hasTestControl: false })
  for (const method of ['GET', 'POST']) {
    const { status, json } = await ask(method, PATH, method === 'POST' ? { body: '{}' } : {})
    expect([status, problemOf(json).code]).toEqual([404, 'no_such_route'])
  }
})

describe('the pace that a test sets', () => {
  test('is the settings’ own at first', async () => {
    expect(await startApp().ask('GET', PATH)).toMatchObject({ status: 200, json: OWN })
  })

  test('is answered whole, with how long it holds, and ends by itself', async () => {
    const { ask, clock } = startApp()
    const change = { sync_interval: 0.3, circuit_breaker_timeout: 0.5, odoo_heartbeat_interval: 0.1, ofd_timeout: 0.4 }
    const set = await ask('POST', PATH, { body: JSON.stringify({ ...change, ttl: 20 }) })
    expect(set).toMatchObject({ status: 200, json: { ...OWN, ...change, ttl: 20 } })
    await clock.advance(5000)
    expect((await ask('GET', PATH)).json).toMatchObject({ sync_interval: 0.3, ttl: 15 })
    await clock.advance(15_000)
    expect((await ask('GET', PATH)).json).toEqual(OWN)
  })

  test('holds for 30 s where nothing else is said', async () => {
    const { ask } = startApp()
    expect((await ask('POST', PATH, { body: '{}' })).json).toEqual({ ...OWN, ttl: 30 })
  })

  test('is what a till waits for its print', async () => {
    const { ask, clock, kkt, post } = startApp()
    kkt.onFiscalize = () => new Promise(() => undefined)
    await ask('POST', PATH, { body: '{"kkt_print_timeout":1}' })
    const answer = post()
    await clock.advance(1000)
    expect((await answer).json).toMatchObject({ status: 'buffered' })
    expect(PRINT_TIMEOUT_MS).toBeGreaterThan(1000)
  })

  test.each<[unknown, string, string]>([
    [
      { sync_intervall: 1 },
      '/sync_intervall',
      'is not known here: did you mean "sync_interval"? There are sync_interval, ',
    ],
    [{ sync_interval: 0 }, '/sync_interval', 'takes a number of seconds from 0.05 to 3600'],
    [{ ofd_timeout: '5' }, '/ofd_timeout', 'takes a number of seconds from 0.05 to 300'],
    [{ ttl: 4000 }, '/ttl', 'takes a number of seconds from 0.05 to 3600'],
    [{ kkt_print_delay_min: 1 }, '/kkt_print_delay_min', 'takes at most kkt_print_delay_max, which is 0.5'],
  ])('%p is refused, and changes nothing', async (change, pointer, message) => {
    const { ask } = startApp()
    const { status, json } = await ask('POST', PATH, { body: JSON.stringify(change) })
    expect(status).toBe(422)
    expect(problemOf(json)).toMatchObject({
      code: 'invalid_body',
      errors: [{ pointer, message: expect.stringContaining(message) }],
    })
    expect((await ask('GET', PATH)).json).toEqual(OWN)
  })
})

test('each use of it is in the log and in the audit log, and what is refused or only read is not', async () => {
  const { ask, logLines, clock, journal } = startWholeApp({
    ofdControl: async () => Response.json({ permanent_failure: true }),
  })
  const uses = { config: '{"busy": 1}', reset: null, ofd: '{"permanent_failure": true}', settings: '{"ttl": 1}' }
  for (const [name, body] of Object.entries(uses)) {
    expect((await ask('POST', `/v1/kkt/_test/${name}`, { body })).status).toBe(200)
    await ask('GET', `/v1/kkt/_test/${name}`)
  }
  expect((await ask('POST', '/v1/kkt/_test/config', { body: '[]' })).status).toBe(422)
  await clock.advance(0)
  const used = Object.keys(uses).map((name) => `POST /v1/kkt/_test/${name}`)
  const { items } = journal.events.list({ receiptId: null, kind: 'command' }, null, 10)
  expect(items.map(({ detail }) => detail)).toEqual(used.toReversed())
  const logged = logLines.filter((line) => line.includes('"test_control_asked"'))
  expect(logged.map((line) => JSON.parse(line).detail)).toEqual(used)
})
