import { Elysia } from 'elysia'
import { z } from 'zod'
import { breakerAnswer, type ReadBufferStatus } from '../buffer/status.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { OdooState } from '../odoo/heartbeat.ts'
import type { RedisLink } from '../redis.ts'
import type { Lease } from '../sync/lease.ts'

const componentStatus = z.enum(['healthy', 'degraded', 'unhealthy', 'off'])
type ComponentStatus = z.infer<typeof componentStatus>
const status = { status: componentStatus }

const healthAnswer = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  version: z.string(),
  components: z.object({
    buffer: z.object({ ...status, percent_full: z.number(), pending: z.int(), dlq_size: z.int() }),
    database: z.object({ ...status, type: z.string(), mode: z.string(), error: z.string().nullable() }),
    circuit_breaker: breakerAnswer.extend(status),
    kkt: z.object({
      ...status,
      kkt_number: z.string().nullable(),
      fn_number: z.string().nullable(),
      shift_number: z.int().nullable(),
      last_fiscal_doc_number: z.int().nullable(),
      unknown_outcomes: z.int(),
    }),
    sender_lease: z.object({ ...status, held: z.boolean(), epoch: z.int() }),
    redis: z.object({ ...status, error: z.string().nullable() }),
    odoo: z.object({ ...status, state: z.enum(['unknown', 'online', 'offline', 'off']) }),
  }),
})

export type HealthDeps = {
  version: string
  journal: Journal
  readStatus: ReadBufferStatus
  driver: KktDriver
  lease: Lease
  redis: RedisLink | null
  odooState: () => OdooState
}

/** 200 as long as receipts can be journaled. Whatever else fails makes it `degraded`: the tills need not care. */
export const healthRoutes = (deps: HealthDeps) =>
  new Elysia({ name: 'health' }).get(
    '/v1/health',
    async ({ set }) => {
      const [failure, kkt, redis] = await Promise.all([
        deps.journal.failure(),
        kktComponent(deps),
        redisComponent(deps),
      ])
      const components = {
        ...journalComponents(deps),
        database: { status: ok(failure === null, 'unhealthy'), type: 'SQLite', mode: 'WAL', error: failure },
        kkt,
        redis,
        odoo: odooComponent(deps.odooState()),
      }
      const overall = worst(Object.values(components).map((component) => component.status))
      if (overall === 'unhealthy') set.status = 503
      return { status: overall, version: deps.version, components }
    },
    { response: { 200: healthAnswer, 503: healthAnswer } },
  )

const ok = (fine: boolean, otherwise: ComponentStatus): ComponentStatus => (fine ? 'healthy' : otherwise)

function worst(statuses: ComponentStatus[]): 'healthy' | 'degraded' | 'unhealthy' {
  if (statuses.includes('unhealthy')) return 'unhealthy'
  return statuses.includes('degraded') ? 'degraded' : 'healthy'
}

function journalComponents({ readStatus, lease }: HealthDeps) {
  const buffer = readStatus()
  const { held, epoch, holder } = lease.state
  return {
    buffer: {
      status: ok(!buffer.alert, 'degraded'),
      percent_full: buffer.percent_full,
      pending: buffer.pending,
      dlq_size: buffer.dlq_size,
    },
    circuit_breaker: { status: ok(buffer.circuit_breaker.state === 'CLOSED', 'degraded'), ...buffer.circuit_breaker },
    // A process that stands by while another one sends is as it should be.
    sender_lease: { status: ok(held || holder !== null, 'degraded'), held, epoch },
  }
}

async function kktComponent({ driver, journal }: HealthDeps) {
  const state = await driver.state()
  const unknownOutcomes = journal.queries.counts().unknown
  return {
    status: ok(state !== null && unknownOutcomes === 0, 'degraded'),
    kkt_number: state?.kktNumber ?? null,
    fn_number: state?.fnNumber ?? null,
    shift_number: state?.shiftNumber ?? null,
    last_fiscal_doc_number: state?.lastFdNumber ?? null,
    unknown_outcomes: unknownOutcomes,
  }
}

async function redisComponent({ redis }: HealthDeps) {
  if (!redis) return { status: 'off' as const, error: null }
  const error = await redis.failure()
  return { status: ok(error === null, 'degraded'), error }
}

function odooComponent(state: OdooState) {
  if (state === 'off') return { status: 'off' as const, state }
  return { status: ok(state !== 'offline', 'degraded'), state }
}
