import type { CertificateKeeper } from '@kkt/platform/certificate.ts'
import { iso } from '@kkt/platform/clock.ts'
import { Elysia } from 'elysia'
import type { Access } from '../access/access.ts'
import { tillsOf } from '../access/caller.ts'
import type { Delivery } from '../delivery/delivery.ts'
import type { LeaseState } from '../lease/lease_state.ts'
import type { RedisLink } from '../lease/redis_link.ts'
import type { Machine } from '../metrics/gauges.ts'
import type { OdooState } from '../odoo/odoo_watch.ts'
import { readable } from '../sqlite/storage_failure.ts'
import { answerLanguage } from './answer_language.ts'
import { type ReadBufferStatus, wireBreaker } from './buffer_status.ts'
import { type ComponentStatus, type Health, healthForAll, healthIn } from './health_answer.ts'
import { type KktComponentDeps, kktComponent } from './kkt_component.ts'
import { ADAPTER_WORDS } from './words/words.ts'

/** The same limit as in services/observe/alerts.yml. */
const LOW_DISK_BYTES = 512 * 1024 * 1024

export type HealthDeps = KktComponentDeps & {
  version: string
  /** Other machines may reach the port. */
  isOpen: boolean
  access: Pick<Access, 'mode' | 'callerOf' | 'state'>
  readStatus: ReadBufferStatus
  delivery: Pick<Delivery, 'way' | 'breaker'>
  leaseState: () => LeaseState
  redis: Pick<RedisLink, 'failure'> | null
  tls: Pick<CertificateKeeper, 'state'> | null
  /** The settings of the tills. Null where no file gives them. */
  tills: { fault(): string | null } | null
  machine: Pick<Machine, 'freeBytes'>
  odooState: () => OdooState
}

/** Reads each component's state. It asks the KKT and Redis, and never rejects over a journal that cannot be read. */
export async function readHealth(deps: HealthDeps): Promise<Health> {
  const [database, kkt, redis] = await Promise.all([databaseComponent(deps), kktComponent(deps), redisComponent(deps)])
  const components = {
    buffer: bufferComponent(deps),
    database,
    circuit_breaker: breakerComponent(deps),
    kkt,
    sender_lease: leaseComponent(deps),
    redis,
    odoo: odooComponent(deps.odooState()),
    access: accessComponent(deps),
    tills: tillsComponent(deps),
    tls: tlsComponent(deps),
  }
  const status = worst(Object.values(components).map((component) => component.status))
  return { status, version: deps.version, components }
}

/** 200 as long as receipts can be journaled. Every other failure makes it `degraded`, which tills can ignore. */
export const healthRoutes = (deps: HealthDeps) =>
  new Elysia({ name: 'health' }).get(
    '/v1/health',
    async ({ set, request }) => {
      const health = await readHealth(deps)
      if (health.status === 'unhealthy') set.status = 503
      const caller = deps.access.callerOf(request)
      if (caller === null) return { status: health.status }
      const seen = tillsOf(caller) === null ? health : forTill(health)
      return healthIn(answerLanguage(request, set), seen)
    },
    { response: { 200: healthForAll, 503: healthForAll } },
  )

/** The last failure may be of another till's receipt. A till finds that of its own in `last_error` of the receipt. */
const forTill = ({ components, ...health }: Health): Health => ({
  ...health,
  components: { ...components, buffer: { ...components.buffer, last_failure: null } },
})

const { advice: ADVICE } = ADAPTER_WORDS.en

const ok = (fine: boolean, otherwise: ComponentStatus): ComponentStatus => (fine ? 'healthy' : otherwise)

function worst(statuses: ComponentStatus[]): 'healthy' | 'degraded' | 'unhealthy' {
  if (statuses.includes('unhealthy')) return 'unhealthy'
  return statuses.includes('degraded') ? 'degraded' : 'healthy'
}

async function databaseComponent({ journal, machine }: HealthDeps) {
  const [error, freeBytes] = await Promise.all([journal.failure(), machine.freeBytes()])
  const advice = error === null ? null : ADVICE.onJournal(error)
  return {
    status: ok(error === null, 'unhealthy'),
    type: 'SQLite',
    mode: 'WAL',
    error,
    advice,
    disk: roomIn(freeBytes),
  }
}

/** In words, because the number of bytes would change at each reading. */
function roomIn(freeBytes: number | null): 'enough' | 'low' | null {
  if (freeBytes === null) return null
  return freeBytes < LOW_DISK_BYTES ? 'low' : 'enough'
}

function bufferComponent({ readStatus }: HealthDeps) {
  const buffer = readable(readStatus)
  return {
    status: ok(buffer !== null && !buffer.alert, 'degraded'),
    percent_full: buffer?.percent_full ?? null,
    pending: buffer?.pending ?? null,
    dlq_size: buffer?.dlq_size ?? null,
    last_failure: buffer?.last_failure ?? null,
  }
}

function breakerComponent({ delivery }: HealthDeps) {
  const { snapshot } = delivery.breaker
  if (snapshot.state === 'ABSENT') return { status: 'off' as const, ...wireBreaker(snapshot) }
  return { status: ok(snapshot.state === 'CLOSED', 'degraded'), ...wireBreaker(snapshot) }
}

function leaseComponent({ leaseState, journal }: HealthDeps) {
  const state = readable(leaseState)
  const counts = readable(journal.queries.counts)
  // A standby process is healthy, unless it holds receipts that the sending host cannot send.
  const isStuck = state?.heldBy === 'another_host' && (counts?.pending ?? 0) > 0
  return {
    status: ok(state !== null && state.heldBy !== 'nobody' && !isStuck, 'degraded'),
    held_by: state?.heldBy ?? null,
    epoch: state?.epoch ?? null,
    fencing_token: state?.fencingToken ?? null,
    hosts: state?.hosts ?? null,
  }
}

async function redisComponent({ redis }: HealthDeps) {
  if (!redis) return { status: 'off' as const, error: null, advice: null }
  const error = await redis.failure()
  return { status: ok(error === null, 'degraded'), error, advice: error && ADVICE.onRedis(error) }
}

function odooComponent(state: OdooState) {
  if (state === 'off') return { status: 'off' as const, state }
  return { status: ok(state !== 'offline', 'degraded'), state }
}

function tillsComponent({ tills }: HealthDeps) {
  if (!tills) return { status: 'off' as const, error: null }
  const error = tills.fault()
  return { status: ok(error === null, 'degraded'), error }
}

function accessComponent({ access, isOpen }: HealthDeps) {
  const { tokens, fault } = access.state()
  const { mode } = access
  return { status: ok(fault === null, 'degraded'), mode, open: isOpen && mode === 'open', tokens, error: fault }
}

function tlsComponent({ tls }: HealthDeps) {
  if (!tls) return { status: 'off' as const, expires_at: null, error: null }
  const { expiresAtMs, endsSoon, fault } = tls.state()
  return { status: ok(!endsSoon && fault === null, 'degraded'), expires_at: iso(expiresAtMs), error: fault }
}
