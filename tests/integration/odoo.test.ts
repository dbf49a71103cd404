import { beforeEach, expect, test } from 'bun:test'
import { adapter, odoo, ofd } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { limits } from '../harness/limits.ts'
import { newPosId, receipt } from '../harness/receipts.ts'
import { onHealedStack, whenOpen, whenSynced } from '../harness/stack_state.ts'
import { deliversByKkt } from '../harness/under_test.ts'

onHealedStack()

/** Enough heartbeats for any change of state, and one that may be under way. */
const FLIP_HEARTBEATS = 4
const FAILURES_TO_OFFLINE = 3
const SUCCESSES_TO_ONLINE = 2

const whenOdooIs = (wanted: 'online' | 'offline') =>
  eventually(`Odoo to be ${wanted}`, async () => (await adapter.health()).components.odoo.state, {
    withinMs: limits.heartbeatsMs(FLIP_HEARTBEATS),
    until: (state) => state === wanted,
  })

const changes = async () => (await adapter.events({ kind: 'odoo', limit: 10 })).events

beforeEach(async () => {
  await whenOdooIs('online')
  await odoo.reset()
})

test('heartbeats come by themselves, with the KKT and its state', async () => {
  await odoo.wait({ heartbeats: 2 }, limits.heartbeatsMs(2))
  const { version } = await adapter.health()
  const heartbeats = await odoo.ledger()
  expect(heartbeats.length).toBeGreaterThanOrEqual(2)
  for (const heartbeat of heartbeats) {
    expect(heartbeat).toEqual({ kkt_id: limits.kktId, status: 'online', buffer_fullness: 0, pending: 0, version })
  }
})

test('a heartbeat has the buffer’s fullness, and says that the OFD is away', async () => {
  await ofd.configure({ permanent_failure: true })
  const posId = newPosId('heartbeat')
  for (let i = 0; i < 5; i += 1) await adapter.print(receipt({ pos_id: posId }))
  for (let tries = 0; tries < limits.breakerThreshold; tries += 1) await adapter.sync()
  // A register is silent about an outage of minutes, and its FN keeps the receipts.
  if (!deliversByKkt) await whenOpen()
  const told = await eventually('a heartbeat that tells of it', async () => (await odoo.ledger()).at(-1), {
    withinMs: limits.heartbeatsMs(2),
    until: (heartbeat) => heartbeat?.pending === 5 && (heartbeat.status === 'online') === deliversByKkt,
  })
  expect(told?.buffer_fullness).toBeCloseTo(deliversByKkt ? 0 : 5 / limits.bufferMaxSize, 3)
})

test(`${FAILURES_TO_OFFLINE} failures in a row make Odoo offline, ${SUCCESSES_TO_ONLINE} successes online again`, async () => {
  const [before] = await changes()
  const plenty = 1_000
  await odoo.configure({ failure_count: plenty })
  await whenOdooIs('offline')
  expect(plenty - (await odoo.health()).failure_count).toBeGreaterThanOrEqual(FAILURES_TO_OFFLINE)

  await odoo.reset()
  await whenOdooIs('online')
  expect((await odoo.health()).heartbeat_count).toBeGreaterThanOrEqual(SUCCESSES_TO_ONLINE)

  const [online, offline, earlier] = await changes()
  expect(online).toMatchObject({ from: 'offline', to: 'online' })
  expect(offline).toMatchObject({ from: 'online', to: 'offline' })
  expect(earlier).toEqual(before)
})

test.each([1, FAILURES_TO_OFFLINE - 1])('%d failures change nothing', async (failures) => {
  const before = await changes()
  await odoo.configure({ failure_count: failures })
  await eventually('the failures to be over', () => odoo.health(), {
    withinMs: limits.heartbeatsMs(failures),
    until: ({ failure_count }) => failure_count === 0,
  })
  await odoo.reset()
  await odoo.wait({ heartbeats: 1 }, limits.heartbeatsMs(1))
  expect((await adapter.health()).components.odoo.state).toBe('online')
  expect(await changes()).toEqual(before)
})

test('with Odoo away, receipts are printed and delivered as usual', async () => {
  await odoo.configure({ permanent_failure: true })
  await whenOdooIs('offline')
  const { receipt_id } = await adapter.print(receipt())
  await whenSynced(receipt_id)
  expect((await adapter.health()).components.odoo.status).not.toBe('healthy')
})

test.each([
  ['unavailable', false],
  ['expired_token', false],
  ['html_with_200', false],
  ['reset_before_effect', false],
  ['wrong_schema', true],
  ['effect_then_error', true],
  ['fin_mid_body', true],
])('%s makes Odoo offline, and the log says whether the heartbeat was taken', async (fault, effect) => {
  await odoo.configure({ [fault]: true })
  await whenOdooIs('offline')
  const struck = await odoo.calls({ fault })
  expect(struck.length).toBeGreaterThanOrEqual(FAILURES_TO_OFFLINE)
  expect(struck.every((call) => call.effect === effect)).toBe(true)
  await odoo.configure({ [fault]: null })
  await whenOdooIs('online')
})
