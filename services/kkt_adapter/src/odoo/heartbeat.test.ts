import { expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { createHeartbeat, type HeartbeatBody } from './heartbeat.ts'
import { createOdooWatch } from './odoo_watch.ts'

const INTERVAL_MS = 10_000

function setUp(answer: (body: HeartbeatBody, signal: AbortSignal) => boolean | Promise<boolean> = () => true) {
  const clock = new TestClock()
  const told = { answer, changes: [] as string[], sent: [] as HeartbeatBody[], bodyFails: false }
  const odoo = createOdooWatch({ clock, onChange: (from, to) => told.changes.push(`${from}>${to}`) })
  const heartbeat = createHeartbeat({
    send: async (body, signal) => {
      told.sent.push(body)
      return told.answer(body, signal)
    },
    body: () => {
      if (told.bodyFails) throw new Error('the journal cannot be read')
      return { kkt_id: 'KKT-001', status: 'online', buffer_fullness: 0.5, pending: told.sent.length, version: '1' }
    },
    intervalMs: INTERVAL_MS,
    clock,
    odoo,
  })
  return { clock, told, odoo, heartbeat }
}

test('started, it sends at once and then at every interval, each time how things stand then', async () => {
  const { clock, told, heartbeat } = setUp()
  heartbeat.start()
  await settle()
  await clock.advance(2 * INTERVAL_MS - 1)
  expect(told.sent.map(({ pending }) => pending)).toEqual([0, 1])
  await clock.advance(1)
  expect(told.sent).toHaveLength(3)
  await heartbeat.stop()
  await clock.advance(5 * INTERVAL_MS)
  expect(told.sent).toHaveLength(3)
})

test('stopped while an answer is awaited, it lets go, and takes nothing from how that ended', async () => {
  const { told, odoo, heartbeat } = setUp(
    (_body, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(true))
      }),
  )
  heartbeat.start()
  await settle()
  await heartbeat.stop()
  expect({ state: odoo.state, changes: told.changes }).toEqual({ state: 'unknown', changes: [] })
})

test('a heartbeat that cannot be made says nothing of Odoo, and the next is sent in its time', async () => {
  const { clock, told, odoo, heartbeat } = setUp()
  await heartbeat.runOnce()
  told.bodyFails = true
  heartbeat.start()
  await clock.advance(5 * INTERVAL_MS)
  expect({ sent: told.sent.length, state: odoo.state }).toEqual({ sent: 1, state: 'online' })
  told.bodyFails = false
  await clock.advance(INTERVAL_MS)
  expect(told.sent).toHaveLength(2)
  await heartbeat.stop()
})
