import { describe, expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { createWaitRoom } from './wait_room.ts'

const TIMEOUT_MS = 10_000

function build() {
  const clock = new TestClock(0)
  const advance = (ms: number) => clock.advance(ms)
  const sleepers = () => clock.waiting
  let count = 0
  const room = createWaitRoom(clock)
  const grow = (by: number) => {
    count += by
    room.changed()
  }
  const until = (target: number, gone = new AbortController().signal) =>
    room.until(() => count >= target, TIMEOUT_MS, gone)
  return { room, grow, until, advance, leftOver: () => room.size() + sleepers() }
}

test('what is there already is not waited for', async () => {
  const { until, grow, leftOver } = build()
  expect(await until(0)).toBe('reached')
  grow(2)
  expect(await until(1)).toBe('reached')
  expect(await until(2)).toBe('reached')
  expect(leftOver()).toBe(0)
})

test('the change that reaches the count ends the wait, an earlier one does not', async () => {
  const { until, grow, room } = build()
  const waited = until(3)
  grow(2)
  await settle()
  expect(room.size()).toBe(1)
  grow(1)
  expect(await waited).toBe('reached')
})

test('each waits for its own count', async () => {
  const { until, grow, room } = build()
  const [first, second] = [until(1), until(2)]
  grow(1)
  expect(await first).toBe('reached')
  expect(room.size()).toBe(1)
  grow(1)
  expect(await second).toBe('reached')
})

test('the time ends it, not before', async () => {
  const { until, advance, room } = build()
  const waited = until(1)
  await advance(TIMEOUT_MS - 1)
  await settle()
  expect(room.size()).toBe(1)
  await advance(1)
  expect(await waited).toBe('timeout')
})

test('a reset ends it', async () => {
  const { until, room } = build()
  const waited = until(1)
  room.reset()
  expect(await waited).toBe('reset')
})

describe('nothing is left over when the wait ends', () => {
  const ways: Record<string, (built: ReturnType<typeof build>, gone: AbortController) => void> = {
    reached: ({ grow }) => grow(1),
    timeout: ({ advance }) => advance(TIMEOUT_MS),
    reset: ({ room }) => room.reset(),
    'the client gone': (_, gone) => gone.abort(),
  }
  for (const [name, end] of Object.entries(ways)) {
    test(name, async () => {
      const built = build()
      const gone = new AbortController()
      const waited = built.until(1, gone.signal)
      expect(built.leftOver()).toBe(2)
      end(built, gone)
      await waited
      await settle()
      expect(built.leftOver()).toBe(0)
    })
  }

  test('the client gone before the wait began', async () => {
    const { until, leftOver } = build()
    await until(1, AbortSignal.abort())
    expect(leftOver()).toBe(0)
  })
})
