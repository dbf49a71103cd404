import { describe, expect, test } from 'bun:test'
import type { BreakerSnapshot } from '../delivery/breaker.ts'
import { MAX_REFUSED } from '../journal/retention.ts'
import type { OdooState } from '../odoo/odoo_watch.ts'
import { deliveryWith } from '../testing/delivery_kit.ts'
import { HELD_HERE } from '../testing/kit.ts'
import { setUp } from '../testing/transitions.ts'
import { createBufferStatus, statusAnswer } from './buffer_status.ts'

const CLOSED: BreakerSnapshot = { state: 'CLOSED', failureCount: 0, openedAtMs: null, nextProbeAtMs: null }

function reading({ maxSize = 10, alertThreshold = 0.8 } = {}) {
  const parts = setUp()
  const told = { snapshot: CLOSED, odoo: 'off' as OdooState, lease: HELD_HERE }
  const breaker = {
    get snapshot() {
      return told.snapshot
    },
  }
  const read = createBufferStatus({
    journal: parts.journal,
    delivery: deliveryWith(breaker),
    maxSize,
    alertThreshold,
    odooState: () => told.odoo,
    leaseState: () => told.lease,
    wallMs: parts.clock.wallMs,
  })
  return { ...parts, told, read }
}

test('an empty buffer', () => {
  const { read } = reading()
  expect(read()).toEqual({
    total_capacity: 10,
    current_queued: 0,
    percent_full: 0,
    network_status: 'online',
    total_receipts: 0,
    unprinted: 0,
    printing: 0,
    unknown: 0,
    untold: 0,
    untraced: 0,
    unclear_tasks: 0,
    refused: 0,
    without_paper: 0,
    corrections_half_done: 0,
    twins: 0,
    pending: 0,
    syncing: 0,
    synced: 0,
    failed: 0,
    closed: 0,
    dlq_size: 0,
    alert: false,
    circuit_breaker: { state: 'CLOSED', failure_count: 0, opened_at: null, next_probe_at: null },
    sender_lease: { held_by: 'this_process', fencing_token: 1, hosts: 'off' },
    oldest_pending_age_seconds: null,
    last_sync_at: null,
    last_failure: null,
  })
})

test('each state is counted where it belongs', async () => {
  const { read, reach } = reading({ maxSize: 100 })
  const times = {
    accepted: 1,
    printing: 2,
    unknown: 3,
    refused: 4,
    pending: 5,
    syncing: 6,
    synced: 7,
    failed: 8,
    closed: 9,
  } as const
  for (const [status, count] of Object.entries(times) as [keyof typeof times, number][]) {
    for (let n = 0; n < count; n++) await reach(status)
  }
  expect(read()).toMatchObject({
    total_receipts: 45,
    unprinted: 6,
    printing: 2,
    unknown: 3,
    pending: 11,
    syncing: 6,
    synced: 7,
    failed: 8,
    closed: 9,
    current_queued: 17,
    percent_full: 17,
    dlq_size: 8,
  })
})

describe('how full', () => {
  test('is in percent with one decimal', async () => {
    const { read, reach } = reading({ maxSize: 3 })
    const seen = []
    for (let n = 0; n < 3; n++) {
      await reach('pending')
      seen.push(read().percent_full)
    }
    expect(seen).toEqual([33.3, 66.7, 100])
  })

  test('is never above 100, though requeued receipts may be more than there are places', async () => {
    const { read, reach } = reading({ maxSize: 2 })
    for (let n = 0; n < 3; n++) await reach('pending')
    expect(read()).toMatchObject({ current_queued: 3, percent_full: 100, alert: true })
  })

  test('alerts from the threshold on', async () => {
    const { read, reach } = reading({ maxSize: 10, alertThreshold: 0.2 })
    await reach('pending')
    expect(read().alert).toBe(false)
    await reach('accepted')
    expect(read().alert).toBe(true)
  })

  test('alerts while a dead letter is there, however empty the buffer is', async () => {
    const { read, reach, journal } = reading()
    const id = await reach('failed')
    expect(read()).toMatchObject({ percent_full: 0, dlq_size: 1, alert: true })
    await journal.write((tx) => tx.closeDeadLetter(id, 'sent by hand'))
    expect(read()).toMatchObject({ dlq_size: 0, alert: false })
  })

  test('alerts when nearly as many refused receipts are there as are kept', async () => {
    const { read, reach } = reading({ alertThreshold: 2 / MAX_REFUSED })
    await reach('refused')
    expect(read()).toMatchObject({ refused: 1, alert: false })
    await reach('refused')
    expect(read()).toMatchObject({ refused: 2, alert: true })
  })
})

test('the last failure is told with its time and its receipt, in status whatever else gets through', async () => {
  const { read, reach, journal, clock } = reading()
  const id = await reach('syncing')
  await journal.write((tx) => tx.recordUndelivered(id, 'the OFD answered 503', true))
  const at = new Date(clock.wallMs()).toISOString()
  clock.setWallBy(5000)
  await reach('synced')
  expect(read().last_failure).toEqual({ at, reason: 'the OFD answered 503', receipt_id: id })
})

describe('times', () => {
  test('the oldest undelivered receipt ages from its printing, and never below nought', async () => {
    const { read, reach, clock } = reading()
    await reach('accepted')
    expect(read().oldest_pending_age_seconds).toBeNull()
    await reach('pending')
    clock.setWallBy(61_500)
    await reach('syncing')
    expect(read().oldest_pending_age_seconds).toBe(61.5)
    clock.setWallBy(-3_600_000)
    expect(read().oldest_pending_age_seconds).toBe(0)
  })

  test('the last sync and the breaker’s are ISO 8601', async () => {
    const { read, reach, told } = reading()
    await reach('synced')
    const openedAtMs = Date.UTC(2026, 0, 31, 12, 0, 1)
    told.snapshot = { state: 'OPEN', failureCount: 5, openedAtMs, nextProbeAtMs: openedAtMs + 60_000 }
    expect(read()).toMatchObject({
      last_sync_at: '2026-01-31T12:00:00.000Z',
      circuit_breaker: {
        state: 'OPEN',
        failure_count: 5,
        opened_at: '2026-01-31T12:00:01.000Z',
        next_probe_at: '2026-01-31T12:01:01.000Z',
      },
    })
    expect(statusAnswer.parse(read())).toEqual(read())
  })
})

test.each([
  ['online', 'CLOSED', 0, 'off'],
  ['online', 'CLOSED', 0, 'unknown'],
  ['online', 'CLOSED', 0, 'online'],
  ['degraded', 'CLOSED', 0, 'offline'],
  ['degraded', 'CLOSED', 1, 'online'],
  ['degraded', 'HALF_OPEN', 5, 'online'],
  ['offline', 'OPEN', 5, 'online'],
  ['offline', 'OPEN', 5, 'offline'],
] as const)(
  'the network is %s when the breaker is %s after %p failures and Odoo is %s',
  (network, state, failureCount, odoo) => {
    const { read, told } = reading()
    told.snapshot = { ...CLOSED, state, failureCount }
    told.odoo = odoo
    expect(read().network_status).toBe(network)
  },
)

describe('with the lease elsewhere the network is', () => {
  test.each([
    ['degraded', 'another_host', 'elsewhere'],
    ['degraded', 'nobody', 'refused'],
    ['online', 'another_process', 'not_asked'],
    ['online', 'this_process', 'yielding'],
  ] as const)('%s when it has something to deliver and %s may (%s), else online', async (network, heldBy, hosts) => {
    const { read, reach, told } = reading()
    told.lease = { heldBy, epoch: 1, fencingToken: null, hosts }
    await reach('synced')
    await reach('accepted')
    expect(read().network_status).toBe('online')
    await reach('pending')
    expect(read().network_status).toBe(network)
    expect(statusAnswer.parse(read())).toEqual(read())
  })
})
