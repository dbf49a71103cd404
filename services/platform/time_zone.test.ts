import { describe, expect, test } from 'bun:test'
import { datesIn, isTimeZone, localTimesIn, timesOfDayIn } from './time_zone.ts'

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

describe('a time of day', () => {
  const next = (zone: string, time: string, after: string) =>
    new Date(timesOfDayIn(zone)(time, Date.parse(after))).toISOString()

  test.each([
    ['is that of the same day where it is still to come', '2026-01-31T12:00:00Z', '2026-01-31T20:00:00.000Z'],
    ['is that of the next day from its own instant on', '2026-01-31T20:00:00Z', '2026-02-01T20:00:00.000Z'],
    ['is that of the zone’s day, which has begun before ours', '2026-01-31T22:30:00Z', '2026-02-01T20:00:00.000Z'],
  ])('%s', (_what, after, wanted) => {
    expect(next('Europe/Moscow', '23:00', after)).toBe(wanted)
  })

  test('goes by the hours of its day where clocks are put forward and back', () => {
    expect(next('Europe/Berlin', '23:00', '2026-03-28T23:30:00Z')).toBe('2026-03-29T21:00:00.000Z')
    expect(next('Europe/Berlin', '23:00', '2026-10-24T22:30:00Z')).toBe('2026-10-25T22:00:00.000Z')
    expect(next('Europe/Berlin', '02:30', '2026-03-28T23:30:00Z')).toBe('2026-03-29T01:30:00.000Z')
  })

  test('that clocks skip comes an hour off, and of one that they show twice it is one of the two', () => {
    expect(next('America/New_York', '02:30', '2026-03-08T05:00:00Z')).toBe('2026-03-08T06:30:00.000Z')
    expect(next('America/New_York', '01:30', '2026-11-01T04:30:00Z')).toBe('2026-11-01T05:30:00.000Z')
    expect(next('Europe/Berlin', '02:30', '2026-10-24T23:30:00Z')).toBe('2026-10-25T01:30:00.000Z')
  })

  test('is that of the next date also behind a day of 23 hours, and within one of 25', () => {
    expect(next('Europe/Berlin', '12:00', '2026-03-28T22:30:00Z')).toBe('2026-03-29T10:00:00.000Z')
    expect(next('Europe/Berlin', '00:05', '2026-10-24T22:10:00Z')).toBe('2026-10-25T23:05:00.000Z')
  })
})

test.each([
  ['Europe/Kaliningrad', '2025-12-31T23:04'],
  ['Europe/Moscow', '2026-01-01T00:04'],
  ['Asia/Kamchatka', '2026-01-01T09:04'],
])('in %s it is another hour of the same instant', (zone, local) => {
  expect(localTimesIn(zone)(Date.UTC(2025, 11, 31, 21, 4, 59))).toBe(local)
})
