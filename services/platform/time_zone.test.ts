import { expect, test } from 'bun:test'
import { datesIn, isTimeZone } from './time_zone.ts'

test.each(['Europe/Moscow', 'Asia/Kamchatka', 'UTC'])('%s is a zone', (name) => {
  expect(isTimeZone(name)).toBe(true)
})

test.each(['', 'Moscow', '+03:00', 'UTC+3', 'Europe/Mosco'])('%p is none', (name) => {
  expect(isTimeZone(name)).toBe(false)
})

test.each([
  ['Europe/Kaliningrad', '2025-12-31'],
  ['Europe/Moscow', '2026-01-01'],
  ['Asia/Kamchatka', '2026-01-01'],
])('in %s the year ends at its own midnight', (zone, date) => {
  expect(datesIn(zone)(Date.UTC(2025, 11, 31, 21, 0))).toBe(date)
  expect(datesIn(zone)(Date.UTC(2025, 0, 2, 9, 0))).toBe('2025-01-02')
})

test('a day begins at its midnight, to the millisecond, and back again', () => {
  const dateAt = datesIn('Europe/Moscow')
  const midnightMs = Date.UTC(2025, 11, 31, 21)
  expect([midnightMs - 1, midnightMs, midnightMs - 1].map(dateAt)).toEqual(['2025-12-31', '2026-01-01', '2025-12-31'])
})
