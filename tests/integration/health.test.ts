import { expect, test } from 'bun:test'
import { adapter, ofd } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { limits } from '../harness/limits.ts'
import { newPosId, receipt } from '../harness/receipts.ts'
import { onHealedStack, whenJustOpened } from '../harness/stack_state.ts'
import { deliversByKkt } from '../harness/under_test.ts'

onHealedStack()

/** Odoo counts as online after its second heartbeat. */
const whenHealthy = () =>
  eventually('the adapter to be healthy', () => adapter.health(), {
    withinMs: limits.heartbeatsMs(4),
    until: ({ status }) => status === 'healthy',
  })

test('everything is healthy when all services are there', async () => {
  const { components } = await whenHealthy()
  const { redis, ...always } = components
  expect(Object.fromEntries(Object.entries(always).map(([name, { status }]) => [name, status]))).toEqual({
    buffer: 'healthy',
    database: 'healthy',
    circuit_breaker: deliversByKkt ? 'off' : 'healthy',
    kkt: 'healthy',
    sender_lease: 'healthy',
    odoo: 'healthy',
    access: 'healthy',
    tills: 'off',
    tls: 'off',
  })
  expect(components).toMatchObject({
    circuit_breaker: { state: deliversByKkt ? 'ABSENT' : 'CLOSED' },
    odoo: { state: 'online' },
  })
})

const { REDIS_URL } = process.env
// It settles which host sends.
test.skipIf(!REDIS_URL || deliversByKkt)('Redis is healthy where the stack has one', async () => {
  const { components } = await eventually('Redis to be healthy', () => adapter.health(), {
    withinMs: limits.answerMs,
    until: ({ components }) => components.redis.status === 'healthy',
  })
  expect(components.redis.status).toBe('healthy')
})

test.skipIf(deliversByKkt)('an open breaker is degraded, not unhealthy: receipts are still taken', async () => {
  await whenHealthy()
  await ofd.configure({ permanent_failure: true })
  for (let i = 0; i < limits.breakerThreshold; i += 1) await adapter.print(receipt({ pos_id: newPosId('health') }))
  await whenJustOpened()
  expect(await adapter.health()).toMatchObject({
    status: 'degraded',
    components: { circuit_breaker: { status: 'degraded', state: 'OPEN' }, database: { status: 'healthy' } },
  })
  await adapter.print(receipt())

  await ofd.configure({ permanent_failure: false })
  await adapter.sync()
  expect((await whenHealthy()).components.circuit_breaker).toMatchObject({ status: 'healthy', state: 'CLOSED' })
})
