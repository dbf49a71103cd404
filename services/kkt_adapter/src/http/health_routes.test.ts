import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import type { BreakerSnapshot } from '../delivery/breaker.ts'
import type { OdooState } from '../odoo/odoo_watch.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { openAccess } from '../testing/access_kit.ts'
import { deliveryWith } from '../testing/delivery_kit.ts'
import { HELD_HERE } from '../testing/kit.ts'
import { sharedApp } from '../testing/shared_app.ts'
import { TestKkt } from '../testing/test_kkt.ts'
import { nextDoc, setUp } from '../testing/transitions.ts'
import { createBufferStatus } from './buffer_status.ts'
import { healthRoutes } from './health_routes.ts'

const component = z.looseObject({ status: z.string() })
const answer = component.extend({ components: z.record(z.string(), component) })
const CLOSED: BreakerSnapshot = { state: 'CLOSED', failureCount: 0, openedAtMs: null, nextProbeAtMs: null }
const OPENED_AT_MS = Date.UTC(2026, 0, 31, 12)
const OPEN: BreakerSnapshot = {
  state: 'OPEN',
  failureCount: 3,
  openedAtMs: OPENED_AT_MS,
  nextProbeAtMs: OPENED_AT_MS + 10_000,
}

const handle = sharedApp(healthRoutes)

function reporting() {
  const parts = setUp()
  const { journal, clock } = parts
  const kkt = new TestKkt()
  kkt.clock = clock
  const told = {
    snapshot: CLOSED,
    odoo: 'online' as OdooState,
    redis: null as string | null,
    hasRedis: true,
    isOpen: false,
    certificate: { expiresAtMs: Date.UTC(2026, 5, 1), endsSoon: false, fault: null as string | null },
    hasTls: true,
    lease: HELD_HERE,
  }
  const breaker = {
    get snapshot() {
      return told.snapshot
    },
  }
  const delivery = deliveryWith(breaker)
  const deps = {
    journal,
    delivery,
    driver: kkt,
    kktState: () => kkt.state(),
    desk: { closesAtMs: () => null },
    wallMs: clock.wallMs,
    version: '1.2.3',
    access: openAccess(),
    get isOpen() {
      return told.isOpen
    },
    leaseState: () => told.lease,
    readStatus: createBufferStatus({
      journal,
      delivery,
      wallMs: clock.wallMs,
      maxSize: 4,
      alertThreshold: 0.75,
      odooState: () => told.odoo,
      leaseState: () => told.lease,
    }),
    get redis() {
      return told.hasRedis ? { failure: async () => told.redis } : null
    },
    get tls() {
      return told.hasTls ? { state: () => told.certificate } : null
    },
    machine: { freeBytes: async () => 1e9 },
    tills: null,
    odooState: () => told.odoo,
  }
  const ask = async () => {
    const response = await handle(deps, new Request('http://localhost/v1/health'))
    return { status: response.status, body: answer.parse(await response.json()) }
  }
  return { ...parts, kkt, told, ask }
}

test('all is well: 200, and each component says how it is', async () => {
  const { ask } = reporting()
  expect(await ask()).toEqual({
    status: 200,
    body: {
      status: 'healthy',
      version: '1.2.3',
      components: {
        buffer: { status: 'healthy', percent_full: 0, pending: 0, dlq_size: 0, last_failure: null },
        database: { status: 'healthy', type: 'SQLite', mode: 'WAL', error: null, advice: null, disk: 'enough' },
        circuit_breaker: { status: 'healthy', state: 'CLOSED', failure_count: 0, opened_at: null, next_probe_at: null },
        // Its own test tells of it.
        kkt: expect.objectContaining({ status: 'healthy', mode: 'real', unknown_outcomes: 0, without_paper: 0 }),
        sender_lease: { status: 'healthy', held_by: 'this_process', epoch: 1, fencing_token: 1, hosts: 'off' },
        redis: { status: 'healthy', error: null, advice: null },
        odoo: { status: 'healthy', state: 'online' },
        access: { status: 'healthy', mode: 'open', open: false, tokens: 0, error: null },
        tills: { status: 'off', error: null },
        tls: { status: 'healthy', expires_at: '2026-06-01T00:00:00.000Z', error: null },
      },
    },
  })
})

test('a mock KKT and a port that everyone reaches are shown, and change nothing else', async () => {
  const { ask, kkt, told } = reporting()
  kkt.isMock = true
  told.isOpen = true
  const { status, body } = await ask()
  expect([status, body.status]).toEqual([200, 'healthy'])
  expect(body.components).toMatchObject({
    kkt: { status: 'healthy', mode: 'mock' },
    access: { status: 'healthy', mode: 'open', open: true },
  })
})

type Reporting = ReturnType<typeof reporting>
type Trouble = [string, object, (parts: Reporting) => unknown]

const told = (change: Partial<Reporting['told']>) => (parts: Reporting) => void Object.assign(parts.told, change)
const ENDING = { expiresAtMs: Date.UTC(2026, 5, 1), endsSoon: true, fault: null }
const BROKEN = { expiresAtMs: Date.UTC(2026, 5, 1), endsSoon: false, fault: 'The files do not fit' }

const OF_LINKS: Trouble[] = [
  ['tls', { error: null, expires_at: '2026-06-01T00:00:00.000Z' }, told({ certificate: ENDING })],
  ['tls', { error: 'The files do not fit' }, told({ certificate: BROKEN })],
  ['redis', { error: 'not connected', advice: null }, told({ redis: 'not connected' })],
  [
    'redis',
    { error: 'WRONGPASS', advice: expect.stringContaining('REDIS_URL: correct it') },
    told({ redis: 'WRONGPASS' }),
  ],
]

describe('whatever fails without the tills having to care is degraded, with 200', () => {
  const troubles: Trouble[] = [
    ...OF_LINKS,
    [
      'buffer',
      { percent_full: 75, pending: 2, dlq_size: 1 },
      async ({ reach }) => {
        for (const status of ['pending', 'syncing', 'accepted', 'failed'] as const) await reach(status)
      },
    ],
    [
      'buffer',
      { dlq_size: 1, percent_full: 0, last_failure: { reason: 'refused' } },
      async ({ reach }) => {
        await reach('failed')
      },
    ],
    [
      'circuit_breaker',
      {
        state: 'OPEN',
        failure_count: 3,
        opened_at: '2026-01-31T12:00:00.000Z',
        next_probe_at: '2026-01-31T12:00:10.000Z',
      },
      ({ told }) => {
        told.snapshot = OPEN
      },
    ],
    [
      'circuit_breaker',
      { state: 'HALF_OPEN' },
      ({ told }) => {
        told.snapshot = { ...OPEN, state: 'HALF_OPEN' }
      },
    ],
    [
      'kkt',
      { kkt_number: null, fn_number: null, shift_number: null, last_fiscal_doc_number: null },
      ({ kkt }) => {
        Object.assign(kkt, { state: async () => null })
      },
    ],
    ['kkt', { unknown_outcomes: 1 }, ({ reach }) => reach('unknown')],
    [
      'kkt',
      { trouble: 'paper_out' },
      ({ kkt }) => {
        kkt.trouble = 'paper_out'
      },
    ],
    [
      'kkt',
      { without_paper: 1 },
      async ({ journal, reach }) => {
        const id = await reach('printing')
        await journal.write((tx) => tx.recordPrinted(id, nextDoc(), 'missing'))
      },
    ],
    [
      'sender_lease',
      { held_by: 'nobody', fencing_token: null },
      ({ told }) => {
        told.lease = { ...HELD_HERE, heldBy: 'nobody', fencingToken: null }
      },
    ],
    [
      'sender_lease',
      { held_by: 'another_host', hosts: 'elsewhere' },
      async ({ told, reach }) => {
        told.lease = { ...HELD_HERE, heldBy: 'another_host', fencingToken: null, hosts: 'elsewhere' }
        await reach('pending')
      },
    ],
    [
      'odoo',
      { state: 'offline' },
      ({ told }) => {
        told.odoo = 'offline'
      },
    ],
  ]
  for (const [name, details, trouble] of troubles) {
    test(`${name} ${JSON.stringify(details)}`, async () => {
      const parts = reporting()
      await trouble(parts)
      const { status, body } = await parts.ask()
      expect({ status, overall: body.status }).toEqual({ status: 200, overall: 'degraded' })
      const { [name]: troubled, ...others } = body.components
      expect(troubled).toMatchObject({ status: 'degraded', ...details })
      expect(Object.values(others).map((component) => component.status)).not.toContain('degraded')
    })
  }
})

const OTHERS = ['another_process', 'another_host'] as const
test.each(OTHERS)('one that stands by while %s sends is healthy', async (heldBy) => {
  const { ask, told } = reporting()
  told.lease = { heldBy, epoch: 7, fencingToken: null, hosts: 'elsewhere' }
  expect((await ask()).body).toMatchObject({
    status: 'healthy',
    components: { sender_lease: { status: 'healthy', held_by: heldBy, epoch: 7 } },
  })
})

test('what is not configured is off, and what is not known yet is no trouble', async () => {
  const { ask, told } = reporting()
  Object.assign(told, { hasRedis: false, hasTls: false, odoo: 'off' })
  expect((await ask()).body).toMatchObject({
    status: 'healthy',
    components: {
      redis: { status: 'off', error: null },
      tls: { status: 'off', expires_at: null, error: null },
      odoo: { status: 'off', state: 'off' },
    },
  })
  told.odoo = 'unknown'
  expect((await ask()).body).toMatchObject({
    status: 'healthy',
    components: { odoo: { status: 'healthy', state: 'unknown' } },
  })
})

test('a journal that cannot be written is unhealthy with 503, until it can be again', async () => {
  const { ask, db, journal } = reporting()
  db.exec('PRAGMA query_only = ON')
  await expect(journal.write((tx) => tx.recordEvent('odoo', null, 'online', null))).rejects.toThrow()
  for (let i = 0; i < 2; i++) {
    expect(await ask()).toMatchObject({
      status: 503,
      body: {
        status: 'unhealthy',
        components: { database: { status: 'unhealthy', error: 'SQLITE_READONLY' }, kkt: { status: 'healthy' } },
      },
    })
  }
  db.exec('PRAGMA query_only = OFF')
  expect(await ask()).toMatchObject({ status: 200, body: { status: 'healthy' } })
})

test('a journal that cannot be read: 503, with what can still be told', async () => {
  const { ask, journal, told } = reporting()
  const unreadable = () => {
    throw new StorageFailure('SQLITE_CORRUPT', {})
  }
  journal.queries.counts = unreadable
  Object.defineProperty(told, 'lease', { get: unreadable })
  const { status, body } = await ask()
  expect([status, body.status]).toEqual([503, 'unhealthy'])
  expect(body.components).toMatchObject({
    buffer: { status: 'degraded', percent_full: null, pending: null, dlq_size: null },
    database: { status: 'unhealthy', error: 'SQLITE_CORRUPT' },
    circuit_breaker: { status: 'healthy', state: 'CLOSED' },
    kkt: { status: 'degraded', fn_number: '9999000000000001', unknown_outcomes: null },
  })
})
