import { describe, expect, test } from 'bun:test'
import { iso, isoOrNull, systemClock } from './clock.ts'

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

test('a moment that no four digits of a year reach is the last that they do', () => {
  expect([iso(2 ** 53), iso(1e300)]).toEqual(Array(2).fill('9999-12-31T23:59:59.999Z'))
  expect([iso(-(2 ** 53)), isoOrNull(-1e300)]).toEqual(Array(2).fill('0000-01-01T00:00:00.000Z'))
})
