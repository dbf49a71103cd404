import type { Clock } from '@kkt/platform/clock.ts'
import { createLoop } from '@kkt/platform/loop.ts'
import type { MetricRegistry } from './registry.ts'

/** Often enough to meet most stalls that a till would notice, and rare enough to cost nothing. */
export const LAG_EVERY_MS = 500

/** From a free event loop to one that stood still for as long as a till waits. */
const LAG_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/**
 * Measures how late the event loop is, by a timer. `monitorEventLoopDelay` would do so with less, but Deno's reports
 * microseconds for a loop that stood still for 200 ms.
 */
export function createLoopLag(registry: MetricRegistry, clock: Clock) {
  const lag = registry.histogram(
    'kkt_adapter_event_loop_lag_seconds',
    'How late a timer of the event loop was.',
    LAG_SECONDS,
  )
  let dueMs: number | null = null
  return createLoop({
    clock,
    turn: async () => {
      const nowMs = clock.monotonicMs()
      if (dueMs !== null) lag.observe(Math.max(0, nowMs - dueMs) / 1000)
      dueMs = nowMs + LAG_EVERY_MS
      return { kind: 'backoff', ms: LAG_EVERY_MS }
    },
  })
}
