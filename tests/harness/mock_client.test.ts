import { afterAll, beforeEach, expect, test } from 'bun:test'
import { createMockOdoo } from '@kkt/mock-odoo/app.ts'
import { createMockOfd } from '@kkt/mock-ofd/app.ts'
import { idOf, receipt } from '@kkt/mock-ofd/testing.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { openPort } from '@kkt/platform/serve.ts'
import { odooClient, ofdClient } from './mock_client.ts'

const logger = createLogger('mock', 'error', () => undefined)
async function start(create: typeof createMockOfd | typeof createMockOdoo) {
  const { app, listenOn } = create({ clock: systemClock, logger })
  const port = await openPort((request) => app.fetch(request), { hostname: '127.0.0.1', port: 0 })
  listenOn(port)
  return port
}
const ports = [await start(createMockOfd), await start(createMockOdoo)]
const [ofdUrl = '', odooUrl = ''] = ports.map(({ port }) => `http://127.0.0.1:${port}`)
const ofd = ofdClient(ofdUrl)
const odoo = odooClient(odooUrl)

beforeEach(async () => {
  await Promise.all([ofd.reset(), odoo.reset()])
})
afterAll(async () => {
  await Promise.all(ports.map((port) => port.stop('now')))
})

test('every fault of both catalogues is documented as the client expects, and its example can be put on', async () => {
  const ofOfd = await ofd.faults()
  const ofOdoo = await odoo.faults()
  expect(ofOfd.map(({ name }) => name)).toContain('refuse')
  expect(ofOdoo.map(({ name }) => name)).not.toContain('refuse')
  for (const { example, name } of ofOfd) {
    if (name !== 'refuse_to_accept') expect(await ofd.configure(example)).toHaveProperty(name)
  }
})

test('calls and counters record each request', async () => {
  await ofd.configure({ failure_count: 1 })
  for (const fd of [1, 2]) await ofd.post('/receipt', receipt(fd))
  expect(await ofd.calls({ fault: 'failure_count' })).toMatchObject([{ number: 1, status: 503, effect: false }])
  expect(await ofd.callInFull(1)).toMatchObject({ status: 503, wire: { struck: [{ fault: 'failure_count' }] } })
  expect(await ofd.counters()).toMatchObject({ calls: 2, by_fault: { failure_count: 1 }, receipts_received: 1 })
})

test('a wait is for a counter or a call, and a time-out quotes what came instead', async () => {
  const reached = ofd.wait({ receipt_id: idOf(2) }, 10_000)
  for (const fd of [1, 2]) await ofd.post('/receipt', receipt(fd))
  expect(await reached).toMatchObject({ status: 'reached' })
  expect(await ofd.wait({ receipts: 2 }, 1_000)).toEqual({ status: 'reached', receipts: 2 })
  await expect(ofd.wait({ receipts: 3 }, 0)).rejects.toThrow(/408.*came_instead/)
  await odoo.post('/kkt/heartbeat', { kkt_id: 'K', status: 'online', buffer_fullness: 0 })
  expect(await odoo.wait({ heartbeats: 1 }, 1_000)).toMatchObject({ heartbeats: 1 })
})

test('the stream begins with the configuration and reports each call, however long', async () => {
  const over = new AbortController()
  const events = ofd.stream(over.signal)
  expect((await events.next()).value).toMatchObject({ event: 'config', data: { failure_count: 0 } })
  const [long, short] = [receipt(1, { pos_id: 'A'.repeat(64) }), receipt(2)]
  for (const sent of [long, short]) await ofd.post('/receipt', sent)
  for (const { pos_id } of [long, short]) {
    expect((await events.next()).value).toMatchObject({ event: 'call', data: { pos_id, effect: true } })
  }
  over.abort()
  await expect(events.next()).rejects.toThrow()
})

test('an exported state can be imported', async () => {
  await ofd.post('/receipt', receipt(1))
  await ofd.configure({ effect_delay: 3 })
  const state = await ofd.exportState()
  await ofd.reset()
  expect(await ofd.ledger()).toEqual([])
  expect((await ofd.importState(state)).counters.calls).toBe(1)
  expect(await ofd.ledger()).toHaveLength(1)
  expect(await ofd.configure({})).toMatchObject({ effect_delay: 3 })
})
