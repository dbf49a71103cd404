import { expect, test } from 'bun:test'
import type { Clock } from '@kkt/platform/clock.ts'
import { eventually } from './eventually.ts'

function fakeClock(): Pick<Clock, 'monotonicMs' | 'wait'> & { waits: number[] } {
  const waits: number[] = []
  return {
    waits,
    monotonicMs: () => waits.reduce((sum, ms) => sum + ms, 0),
    wait: async (ms) => {
      waits.push(ms)
    },
  }
}

test('the first value that satisfies is returned, without a pause', async () => {
  const clock = fakeClock()
  expect(await eventually('a value', () => 'here', { withinMs: 1000, clock })).toBe('here')
  expect(clock.waits).toEqual([])
})

test('the value is read again at growing intervals until it satisfies', async () => {
  const clock = fakeClock()
  let reads = 0
  const value = await eventually('the fourth', () => ++reads, { withinMs: 1000, until: (n) => n === 4, clock })
  expect(value).toBe(4)
  expect(clock.waits).toEqual([5, 10, 20])
})

test('at the limit it fails after a last look, with what was awaited, for how long, and the last value', async () => {
  const clock = fakeClock()
  const wait = eventually('all to be synced', async () => ({ pending: 3 }), {
    withinMs: 100,
    until: (status) => status.pending === 0,
    clock,
  })
  await expect(wait).rejects.toThrow('waited 100 ms for all to be synced; last seen: { pending: 3 }')
  expect(clock.waits).toEqual([5, 10, 20, 25, 25, 15])
})

test('a read that throws is not repeated', async () => {
  const clock = fakeClock()
  const failing = () => {
    throw new Error('the answer was a 500')
  }
  await expect(eventually('anything', failing, { withinMs: 1000, clock })).rejects.toThrow('the answer was a 500')
  expect(clock.waits).toEqual([])
})
