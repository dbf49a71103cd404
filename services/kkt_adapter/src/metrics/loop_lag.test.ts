import { expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { valuesOf } from '../testing/samples.ts'
import { createLoopLag, LAG_EVERY_MS } from './loop_lag.ts'
import { createRegistry } from './registry.ts'

test('a timer that comes late is the lag of the loop', async () => {
  const clock = new TestClock()
  const registry = createRegistry()
  let lateMs = 0
  const lag = createLoopLag(registry, {
    wallMs: clock.wallMs,
    monotonicMs: clock.monotonicMs,
    after: (ms, work) => clock.after(ms + lateMs, work),
    wait: (ms, signal) => clock.wait(ms + lateMs, signal),
  })
  const told = async () => {
    const { kkt_adapter_event_loop_lag_seconds_count: count, kkt_adapter_event_loop_lag_seconds_sum: sum } = valuesOf(
      await registry.text(),
    )
    return { count, sum }
  }
  lag.start()
  await settle()
  expect(await told()).toEqual({ count: 0, sum: 0 })
  await clock.advance(LAG_EVERY_MS)
  expect(await told()).toEqual({ count: 1, sum: 0 })
  lateMs = 300
  await clock.advance(LAG_EVERY_MS)
  await clock.advance(LAG_EVERY_MS + lateMs)
  expect(await told()).toEqual({ count: 3, sum: 0.3 })
  await lag.stop()
  expect(clock.waiting).toBe(0)
})
