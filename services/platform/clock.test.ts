import { describe, expect, test } from 'bun:test'
import { isoOrNull, systemClock } from './clock.ts'

describe('wait', () => {
  const LONG_MS = 3_600_000

  test('ends when its time is over', async () => {
    const startedMs = systemClock.monotonicMs()
    await systemClock.wait(5)
    expect(systemClock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(4)
  })

  test('ends at once for a signal that is aborted already', async () => {
    await systemClock.wait(LONG_MS, AbortSignal.abort())
  })

  test('ends when its signal is aborted', async () => {
    const stop = new AbortController()
    const waited = systemClock.wait(LONG_MS, stop.signal)
    stop.abort()
    await waited
  })
})

test('a moment is ISO 8601 in UTC, or null', () => {
  expect(isoOrNull(1_769_860_800_123)).toBe('2026-01-31T12:00:00.123Z')
  expect(isoOrNull(null)).toBeNull()
})
