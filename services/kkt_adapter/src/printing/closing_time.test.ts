import { expect, test } from 'bun:test'
import { closesAtMs, createClosingTimes } from './closing_time.ts'

const HOUR_MS = 3_600_000
const at = (time: string) => Date.parse(`2026-01-${time}:00Z`)
const MOSCOW = 'Europe/Moscow'
const opened = (openedAtMs: number) => ({
  kind: 'opened' as const,
  number: 1,
  openedAtMs,
  expiresAtMs: openedAtMs + 24 * HOUR_MS,
})

test('a closed shift is not closed', () => {
  const times = createClosingTimes({ closeAt: '23:00', timeZone: MOSCOW })
  expect(times({ kind: 'closed', number: 1 }, { wallMs: 0, kktClockMs: 0 })).toBeNull()
})

// Moscow is 3 hours ahead of UTC.
test.each([
  ['in the morning, closes that evening', '31T05:00', '31T20:00'],
  ['after that time, closes before its 24 hours are over', '31T20:30', '32T20:00'],
  ['a moment after that time, closes 10 minutes before its 24 hours are over', '30T20:05', '31T19:55'],
])('a shift that opens %s', (_what, openedAt, closesAt) => {
  const openedAtMs = at(openedAt)
  const times = createClosingTimes({ closeAt: '23:00', timeZone: MOSCOW })(opened(openedAtMs), {
    wallMs: 5,
    kktClockMs: 5,
  })
  const wanted = closesAt.startsWith('32') ? at('31T20:00') + 24 * HOUR_MS : at(closesAt)
  expect(times && closesAtMs(times)).toBe(wanted)
})

test('without a setting a shift closes 10 minutes before its 24 hours are over', () => {
  const openedAtMs = at('31T05:00')
  const times = createClosingTimes({ closeAt: null, timeZone: MOSCOW })(opened(openedAtMs), {
    wallMs: 5,
    kktClockMs: 5,
  })
  expect(times).toEqual({ quietFromMs: null, atLatestMs: openedAtMs + 24 * HOUR_MS - 600_000 })
})

test('times are by our clock, though the KKT counts the hours by its own', () => {
  const openedAtMs = at('31T05:00')
  const clocks = { wallMs: at('31T10:00'), kktClockMs: at('31T11:00') }
  const times = createClosingTimes({ closeAt: '23:00', timeZone: MOSCOW })(opened(openedAtMs), clocks)
  expect(times).toEqual({ quietFromMs: at('31T20:00'), atLatestMs: openedAtMs + 23 * HOUR_MS - 600_000 })
})
