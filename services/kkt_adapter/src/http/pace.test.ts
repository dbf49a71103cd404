import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { PACE } from '../testing/app_kit.ts'
import { PaceKeeper } from './pace.ts'

function keeper() {
  const clock = new TestClock()
  const pace = new PaceKeeper(PACE, clock)
  let woken = 0
  pace.onChange(() => {
    woken += 1
  })
  return { clock, pace, woken: () => woken }
}

test('what is asked for holds for a while, and then the settings do again', async () => {
  const { clock, pace, woken } = keeper()
  pace.ask({ syncIntervalMs: 300 }, 30_000)
  expect([pace.now, pace.leftMs, woken()]).toEqual([{ ...PACE, syncIntervalMs: 300 }, 30_000, 1])
  await clock.advance(29_999)
  expect(pace.now.syncIntervalMs).toBe(300)
  await clock.advance(1)
  expect([pace.now, pace.leftMs]).toEqual([PACE, 0])
})

test('asking once more adds to what holds and renews it, but not what is over', async () => {
  const { clock, pace } = keeper()
  pace.ask({ syncIntervalMs: 300 }, 1000)
  await clock.advance(900)
  pace.ask({ ofdTimeoutMs: 500 }, 1000)
  await clock.advance(900)
  expect(pace.now).toEqual({ ...PACE, syncIntervalMs: 300, ofdTimeoutMs: 500 })
  await clock.advance(100)
  pace.ask({ ofdTimeoutMs: 700 }, 1000)
  expect(pace.now).toEqual({ ...PACE, ofdTimeoutMs: 700 })
})

test('a reset brings the settings back at once', () => {
  const { pace, woken } = keeper()
  pace.ask({ syncIntervalMs: 300 }, 30_000)
  pace.reset()
  expect([pace.now, pace.leftMs, woken()]).toEqual([PACE, 0, 2])
})
