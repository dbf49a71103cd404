import { describe, expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { createHeartbeat, type HeartbeatBody } from './heartbeat.ts'

const INTERVAL_MS = 10_000

function setUp(answer: (body: HeartbeatBody, signal: AbortSignal) => boolean | Promise<boolean> = () => true) {
  const clock = new TestClock()
  const told = { answer, changes: [] as string[], sent: [] as HeartbeatBody[], bodyFails: false }
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
    onChange: (from, to) => told.changes.push(`${from}>${to}`),
  })
  /** Sends one heartbeat for each letter: `S` is accepted, `F` is not. Returns the states after each. */
  const run = async (outcomes: string) => {
    const states: string[] = []
    for (const outcome of outcomes) {
      told.answer = () => outcome === 'S'
      await heartbeat.runOnce()
      states.push(heartbeat.state)
    }
    return states.join(' ')
  }
  return { clock, told, heartbeat, run }
}

describe('from the answers it tells whether Odoo lives', () => {
  test('nothing is known before the first answer', () => {
    expect(setUp().heartbeat.state).toBe('unknown')
  })

  test.each([
    ['the first answer is enough at the start', 'S', 'online'],
    ['losses at the start end with an answer, too', 'FFS', 'unknown unknown online'],
    ['three losses in a row are an outage, also at the start', 'FFF', 'unknown unknown offline'],
    ['fewer are not', 'SFF', 'online online online'],
    ['those in a row count, not those in all', 'SFFSFFSF', 'online online online online online online online online'],
    ['two answers in a row end an outage', 'FFFSS', 'unknown unknown offline offline online'],
    ['one does not', 'FFFSFSFS', 'unknown unknown offline offline offline offline offline offline'],
    [
      'a second outage takes three losses again',
      'FFFSSFFF',
      'unknown unknown offline offline online online online offline',
    ],
  ])('%s: %s', async (_what, outcomes, states) => {
    expect(await setUp().run(outcomes)).toBe(states)
  })

  test('each change is told once', async () => {
    const { told, run } = setUp()
    await run('SSFFFFFSSSFFF')
    expect(told.changes).toEqual(['unknown>online', 'online>offline', 'offline>online', 'online>offline'])
  })
})

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
  const { told, heartbeat } = setUp(
    (_body, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(true))
      }),
  )
  heartbeat.start()
  await settle()
  await heartbeat.stop()
  expect({ state: heartbeat.state, changes: told.changes }).toEqual({ state: 'unknown', changes: [] })
})

test('a heartbeat that cannot be made says nothing of Odoo, and the next is sent in its time', async () => {
  const { clock, told, heartbeat, run } = setUp()
  await run('S')
  told.bodyFails = true
  heartbeat.start()
  await clock.advance(5 * INTERVAL_MS)
  expect({ sent: told.sent.length, state: heartbeat.state }).toEqual({ sent: 1, state: 'online' })
  told.bodyFails = false
  await clock.advance(INTERVAL_MS)
  expect(told.sent).toHaveLength(2)
  await heartbeat.stop()
})
