import { describe, expect, test } from 'bun:test'
import { LONG, SEED, seededRandom } from '@kkt/platform/testing.ts'
import { adapterHealth, bufferStatus } from '../wire.ts'
import type { News } from '../wire_stream.ts'
import { lineOf, screenOf } from './screen.ts'
import { after, lost, NOTHING_SEEN, reconnected, type Seen } from './seen.ts'

const NOW_MS = Date.UTC(2026, 0, 31, 12, 30)
const AT = '2026-01-31T12:00:00.000Z'
const ID = '01a20425-88ce-7000-be2d-76eab0eb441e'
const SIZE = { columns: 80, rows: 24 }

const status = (change: object = {}): News => ({
  event: 'status',
  id: 41,
  data: bufferStatus.parse({
    total_capacity: 100,
    current_queued: 25,
    percent_full: 25,
    network_status: 'offline',
    total_receipts: 150,
    unprinted: 1,
    printing: 1,
    unknown: 0,
    untold: 0,
    untraced: 0,
    unclear_tasks: 0,
    refused: 0,
    without_paper: 0,
    corrections_half_done: 0,
    twins: 0,
    pending: 24,
    syncing: 0,
    synced: 125,
    failed: 0,
    closed: 0,
    dlq_size: 0,
    alert: false,
    oldest_pending_age_seconds: 61.5,
    circuit_breaker: { state: 'OPEN', failure_count: 3, opened_at: AT, next_probe_at: AT },
    sender_lease: { held_by: 'this_process', fencing_token: 12, hosts: 'held' },
    last_sync_at: AT,
    last_failure: { at: AT, reason: 'the OFD answered 503', receipt_id: ID },
    ...change,
  }),
})

const health: News = {
  event: 'health',
  id: null,
  data: adapterHealth.parse({
    status: 'degraded',
    version: '0.1.0',
    components: {
      buffer: { status: 'healthy', dlq_size: 0, last_failure: null },
      database: { status: 'healthy' },
      circuit_breaker: { status: 'degraded', state: 'OPEN' },
      kkt: {
        status: 'healthy',
        mode: 'mock',
        kkt_number: 'KKT-001',
        shift_number: 3,
        last_fiscal_doc_number: 150,
        trouble: null,
        unknown_outcomes: 0,
        without_paper: 0,
        fn_number: '9999000000000001',
        shift_state: 'opened',
        unsent_count: 0,
      },
      sender_lease: { status: 'healthy' },
      redis: { status: 'healthy' },
      odoo: { status: 'healthy', state: 'online' },
      access: { status: 'healthy', mode: 'open', open: true, tokens: 0 },
      tills: { status: 'off' },
      tls: { status: 'off' },
    },
  }),
}

const alert = (name: string, state: 'raised' | 'ended' = 'raised', detail = 'Mend the way to the OFD.'): News => ({
  event: 'alert',
  id: null,
  data: { name, state, at: AT, detail },
})

const moved = (id: number, to = 'synced', detail: string | null = null): News => ({
  event: 'receipt',
  id,
  data: { id, at: AT, receipt_id: ID, from: 'syncing', to, detail, by: null },
})

const saw = (...told: News[]): Seen => told.reduce((seen, one) => after(seen, one, NOW_MS), reconnected(NOTHING_SEEN))
const shown = (seen: Seen, size = SIZE, nowMs = NOW_MS) => screenOf(seen, { url: 'http://localhost:8001', nowMs, size })

test('the state, the alerts with their action, and the last transitions', () => {
  expect(shown(saw(status(), health, alert('breaker_open'), moved(42, 'pending', 'a reset')))).toEqual([
    'KKT adapter 0.1.0  http://localhost:8001  live  12:30:00',
    '',
    'network       offline   health degraded',
    'buffer        [#####...............] 25 % 25 of 100',
    'receipts      unprinted 1  pending 24  synced 125',
    'oldest        62 s   last delivered 12:00:00',
    'breaker       OPEN   failures 3   next probe 12:00:00',
    'sender lease  this_process   token 12   hosts held',
    'KKT           fit   KKT-001   shift 3   document 150   without paper 0',
    'around        journal healthy   Redis healthy   Odoo online',
    'last failure  12:00:00 the OFD answered 503',
    '',
    '! breaker_open: Mend the way to the OFD.',
    '',
    'Transitions',
    `  12:00:00 ${ID}  syncing → pending  a reset`,
  ])
})

test('before anything is known, and while the adapter is away', () => {
  expect(shown(NOTHING_SEEN).slice(0, 3)).toEqual([
    'KKT adapter   http://localhost:8001  connecting  12:30:00',
    '',
    'Nothing is known yet.',
  ])
  expect(shown(lost(saw(status()), 'it answers 503'))[0]).toContain('NOT REACHED (it answers 503), trying again')
})

test('the oldest grows older while nothing is told', () => {
  expect(shown(saw(status()), SIZE, NOW_MS + 10_000)[5]).toBe('oldest        72 s   last delivered 12:00:00')
})

test('rare states are shown where there are some', () => {
  const [, , , , receipts] = shown(saw(status({ failed: 2, closed: 1 })))
  expect(receipts).toBe('receipts      unprinted 1  pending 24  synced 125  failed 2  closed 1')
})

test('an alert that has ended, and those from before a new stream, are gone', () => {
  expect(shown(saw(status(), alert('a'), alert('b'), alert('a', 'ended')))).toContain('! b: Mend the way to the OFD.')
  expect(shown(saw(status(), alert('a'), alert('a', 'ended')))).toContain('No alert.')
  expect(shown(reconnected(saw(status(), alert('a'))))).toContain('No alert.')
})

describe('the screen is never exceeded', () => {
  const long = 'Mend the way to the OFD, and then look whether receipts go out again. '.repeat(3)
  const crowded = saw(
    status({ last_failure: { at: AT, reason: `\u001b[31m${long}`, receipt_id: ID } }),
    health,
    ...Array.from({ length: 8 }, (_, i) => alert(`alert_${i}`, 'raised', long)),
    ...Array.from({ length: 300 }, (_, i) => moved(i + 1, 'pending', long)),
  )

  test('at 80 × 24, and the newest transitions are still there', () => {
    const lines = shown(crowded)
    expect(lines).toHaveLength(24)
    expect(Math.max(...lines.map((line) => [...line].length))).toBe(80)
    expect(lines.at(-1)).toStartWith(`  12:00:00 ${ID}`)
    expect(lines.filter((line) => line.startsWith('! …'))).toEqual(['! … 8 alerts in all: see GET /v1/kkt/stream'])
    expect(lines.join('')).not.toContain('\u001b')
  })

  test(`at any size (SEED=${SEED})`, () => {
    const draw = seededRandom()
    for (let round = 0; round < (LONG ? 200 : 50); round += 1) {
      const size = { columns: 1 + draw(120), rows: 1 + draw(60) }
      const lines = shown(crowded, size)
      expect(lines.length).toBeLessThanOrEqual(size.rows)
      expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(size.columns)
    }
  })
})

test('in lines: one for each event', () => {
  const told = [status(), health, alert('dead_letters'), alert('dead_letters', 'ended'), moved(1)]
  expect(told.map(lineOf)).toEqual([
    'status: unprinted 1  pending 24  synced 125; breaker OPEN',
    'health: journal healthy   Redis healthy   Odoo online',
    '12:00:00  alert raised: dead_letters. Mend the way to the OFD.',
    '12:00:00  alert ended: dead_letters',
    `12:00:00 ${ID}  syncing → synced`,
  ])
})

test('the last event is remembered, to go on behind it', () => {
  expect(saw(status(), moved(42), alert('a')).lastEventId).toBe(42)
})
