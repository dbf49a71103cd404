import { describe, expect, test } from 'bun:test'
import {
  adapterMs,
  type Happening,
  type Live,
  MOST_SAMPLES,
  NOTHING_KNOWN,
  overall,
  perMinute,
  reduce,
} from './state.ts'
import { health, sample, status } from './testing.ts'

const after = (happenings: readonly Happening[], from: Live = NOTHING_KNOWN) => happenings.reduce(reduce, from)

test('a connection, its loss and its return are told, and each return is news for all lists', () => {
  expect(NOTHING_KNOWN.connection).toBe('connecting')
  const live = after([{ kind: 'opened' }])
  expect(live).toMatchObject({ connection: 'live', news: 1 })
  const lost = after([{ kind: 'status', status: status({ pending: 3 }), nowMs: 0 }, { kind: 'lost' }], live)
  // The last that was known stays on the page.
  expect(lost).toMatchObject({ connection: 'lost', status: { pending: 3 }, news: 2 })
  expect(after([{ kind: 'opened' }], lost)).toMatchObject({ connection: 'live', news: 3 })
})

test('alerts hold until they end, and each connection begins with none', () => {
  const alert = { name: 'breaker_open', state: 'raised', detail: 'Wait.' } as const
  const raised = after([{ kind: 'opened' }, { kind: 'alert', alert }])
  expect(raised.raised).toEqual({ breaker_open: 'Wait.' })
  expect(after([{ kind: 'alert', alert: { ...alert, state: 'ended' } }], raised).raised).toEqual({})
  expect(after([{ kind: 'lost' }], raised).raised).toEqual({ breaker_open: 'Wait.' })
  expect(after([{ kind: 'lost' }, { kind: 'opened' }], raised).raised).toEqual({})
})

test('an adapter with an alert is not shown as one in health', () => {
  expect(overall({ health: null, raised: { a: '' } })).toBeNull()
  expect(overall({ health: health(), raised: {} })).toBe('healthy')
  expect(overall({ health: health(), raised: { a: '' } })).toBe('degraded')
  expect(overall({ health: { ...health(), status: 'unhealthy' }, raised: { a: '' } })).toBe('unhealthy')
})

test('a status takes the place of the former, whatever was missed in between', () => {
  const live = after([
    { kind: 'status', status: status({ pending: 3, total_receipts: 3 }), nowMs: 10 },
    { kind: 'status', status: status({ synced: 3, total_receipts: 3 }), nowMs: 20 },
  ])
  expect(live).toMatchObject({ status: { pending: 0, synced: 3 }, news: 2 })
})

test('receipts move where a status has more of them than the one before, and not at the first', () => {
  const first = after([{ kind: 'status', status: status({ total_receipts: 9, synced: 9 }), nowMs: 10 }])
  expect(first.moved).toEqual(NOTHING_KNOWN.moved)
  const came = after([{ kind: 'status', status: status({ total_receipts: 10, synced: 9 }), nowMs: 20 }], first)
  expect(came.moved).toEqual({ acceptedAtMs: 20, syncedAtMs: Number.NEGATIVE_INFINITY })
  const went = after([{ kind: 'status', status: status({ total_receipts: 10, synced: 10 }), nowMs: 30 }], came)
  expect(went.moved).toEqual({ acceptedAtMs: 20, syncedAtMs: 30 })
})

test('samples are bounded, however long the page is open', () => {
  const day = Array.from(
    { length: 17_280 },
    (_, i): Happening => ({ kind: 'sample', sample: sample({ queued: i }), nowMs: 0 }),
  )
  const { samples } = after(day)
  expect([samples.length, samples.at(-1)?.queued]).toEqual([MOST_SAMPLES, 17_279])
  const many = Array.from({ length: 1000 }, () => sample())
  const read = after([{ kind: 'samples', samples: { now: sample().at, interval_seconds: 5, samples: many }, nowMs: 0 }])
  expect(read.samples).toHaveLength(MOST_SAMPLES)
})

test('the adapter’s clock is known from its samples, so that a wrong clock of the browser does not matter', () => {
  const at = '2026-11-29T12:00:00.000Z'
  const live = after([{ kind: 'sample', sample: sample({ at }), nowMs: Date.parse(at) - 3_600_000 }])
  expect(adapterMs(live, 5)).toBe(3_600_005)
})

describe('receipts a minute', () => {
  test('are those of the minute before each sample', () => {
    const samples = Array.from({ length: 24 }, (_, i) => sample({ accepted: i < 12 ? 10 : 0, synced: 1 }))
    const { accepted, synced } = perMinute(samples, 5)
    expect([accepted[0], accepted[11], accepted[17], accepted[23]]).toEqual([120, 120, 60, 0])
    expect(new Set(synced)).toEqual(new Set([12]))
  })

  test('are none without samples', () => expect(perMinute([], 5)).toEqual({ accepted: [], synced: [] }))
})
