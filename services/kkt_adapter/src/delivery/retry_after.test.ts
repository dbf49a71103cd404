import { describe, expect, test } from 'bun:test'
import { retryAfterMs } from './retry_after.ts'

const NOW_MS = Date.UTC(2026, 0, 31, 12)

const read = (retryAfter: string | null, { status = 503, date }: { status?: number; date?: string } = {}) =>
  retryAfterMs(
    new Response('', {
      status,
      headers: { ...(retryAfter !== null && { 'retry-after': retryAfter }), ...(date !== undefined && { date }) },
    }),
    NOW_MS,
  )

test('seconds, of a 429 and a 503 alone', () => {
  expect([read('1'), read('120', { status: 429 })]).toEqual([1000, 120_000])
  for (const status of [200, 202, 301, 400, 401, 413, 500, 502, 504]) expect(read('1', { status })).toBeNull()
})

test('at most an hour', () => {
  expect([read('3600'), read('3601'), read('9'.repeat(400))]).toEqual([3_600_000, 3_600_000, 3_600_000])
  expect(read('Mon, 02 Feb 2026 12:00:00 GMT')).toBe(3_600_000)
})

describe('a date', () => {
  test.each([
    'Sat, 31 Jan 2026 12:00:30 GMT',
    'Saturday, 31-Jan-26 12:00:30 GMT',
    'Sat Jan 31 12:00:30 2026',
    ' Sat, 31 Jan 2026 12:00:30 GMT ',
  ])('in each of its forms: %s', (retryAfter) => {
    expect(read(retryAfter)).toBe(30_000)
  })

  test('goes by the clock of the OFD, where the answer tells it', () => {
    const date = 'Sat, 31 Jan 2026 11:59:30 GMT'
    expect(read('Sat, 31 Jan 2026 12:00:30 GMT', { date })).toBe(60_000)
    expect(read('Sat, 31 Jan 2026 12:00:30 GMT', { date: 'yesterday' })).toBe(30_000)
  })

  test('that is over asks for nothing', () => {
    expect(read('Sat, 31 Jan 2026 11:59:59 GMT')).toBeNull()
    expect(read('Sat, 31 Jan 2026 12:00:00 GMT')).toBeNull()
  })
})

test.each([
  ...['', '0', '-1', '+1', '1.5', '1e3', '0x10', '1, 2'],
  ...['soon', '2026-01-31T13:00:00Z', 'Infinity', 'Sat, 31 Foo 2026 12:00:30 GMT', 'Sat, 31 Jan 2026 25:61:61 GMT'],
  ...['Sat, 31 Jan 2026 12:00:30', 'Sat, 31 Jan 2026 12:00:30 +0100', '31 Jan 2026'],
])('%p asks for nothing', (retryAfter) => {
  expect(read(retryAfter)).toBeNull()
})

test('no header asks for nothing', () => {
  expect(read(null)).toBeNull()
})
