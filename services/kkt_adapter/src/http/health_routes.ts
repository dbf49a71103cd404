import type { CertificateKeeper } from '@kkt/platform/certificate.ts'
import { iso } from '@kkt/platform/clock.ts'
import { whole } from '@kkt/platform/whole.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import type { BreakerSnapshot } from '../delivery/breaker.ts'
import type { Journal } from '../journal/journal.ts'
import { KKT_TROUBLES, type KktDriver } from '../kkt/driver.ts'
import type { LeaseState } from '../lease/lease_state.ts'
import { redisAdvice } from '../lease/redis_advice.ts'
import type { RedisLink } from '../lease/redis_link.ts'
import type { OdooState } from '../odoo/odoo_watch.ts'
import { readable } from '../sqlite/storage_failure.ts'
import { journalAdvice } from './adapter_problems.ts'
import { breakerAnswer, heldBy, hostState, lastFailure, type ReadBufferStatus, wireBreaker } from './buffer_status.ts'

const componentStatus = z
  .enum(['healthy', 'degraded', 'unhealthy', 'off'])
  .meta({ description: '`off`: the settings leave this part out' })
type ComponentStatus = z.infer<typeof componentStatus>
const status = { status: componentStatus }

export const healthAnswer = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']).meta({
    description:
      '`healthy`: all is well. `degraded`: receipts are taken, and something needs a look. `unhealthy`: no receipt can be journaled',
  }),
  version: z.string().meta({ description: "The adapter's version" }),
  components: z
    .object({
      // Null when the journal cannot be read.
      buffer: z
        .object({
          ...status,
          percent_full: z.number().nullable().meta({
            description: 'The share of the capacity that is in use, in percent. Null when the journal cannot be read',
          }),
          pending: whole.nullable().meta({
            description: 'Printed receipts that the OFD is not known to hold. Null when the journal cannot be read',
          }),
          dlq_size: whole.nullable().meta({ description: 'Dead letters. Null when the journal cannot be read' }),
          last_failure: lastFailure.meta({
            description: 'The last failure to print or to deliver that is still open. Null without one',
          }),
        })
        .meta({ description: 'How full the buffer is' }),
      database: z
        .object({
          ...status,
          type: z.string().meta({ description: 'The database' }),
          mode: z.string().meta({ description: 'Its journal mode' }),
          error: z.string().nullable().meta({ description: "SQLite's code of its failure. Null without one" }),
          advice: z.string().nullable().meta({ description: 'How to mend the failure. Null without one' }),
        })
        .meta({ description: 'The journal' }),
      circuit_breaker: breakerAnswer.extend(status).meta({ description: 'The guard of the way to the OFD' }),
      kkt: z
        .object({
          ...status,
          kkt_number: z
            .string()
            .nullable()
            .meta({ description: 'The number of the cash register. Null when it does not answer' }),
          fn_number: z
            .string()
            .nullable()
            .meta({ description: 'The number of its fiscal memory. Null when it does not answer' }),
          shift_number: whole.nullable().meta({ description: 'The number of its shift. Null when it does not answer' }),
          last_fiscal_doc_number: whole
            .nullable()
            .meta({ description: 'The number of its last document. Null when it does not answer' }),
          trouble: z
            .enum(KKT_TROUBLES)
            .nullable()
            .meta({ description: 'The reason why it does not print. Null without one' }),
          unknown_outcomes: whole.nullable().meta({
            description: 'Receipts whose outcome at the KKT is not known yet. Null when the journal cannot be read',
          }),
          without_paper: whole
            .nullable()
            .meta({ description: 'Documents that did not come out on paper. Null when the journal cannot be read' }),
        })
        .meta({ description: 'The cash register' }),
      // Null when the journal cannot be read.
      sender_lease: z
        .object({
          ...status,
          held_by: heldBy.nullable(),
          epoch: whole
            .nullable()
            .meta({ description: 'The number of the holder of the lease. Null when the journal cannot be read' }),
          fencing_token: whole
            .nullable()
            .meta({ description: 'Grows with each holder. Null where this process holds none' }),
          hosts: hostState.nullable(),
        })
        .meta({ description: 'The right to send for this KKT' }),
      redis: z
        .object({
          ...status,
          error: z.string().nullable().meta({ description: "Redis' code of its failure. Null without one" }),
          advice: z.string().nullable().meta({ description: 'How to mend the failure. Null where that is not known' }),
        })
        .meta({ description: 'Where hosts with one KKT_ID settle who sends' }),
      odoo: z
        .object({
          ...status,
          state: z
            .enum(['unknown', 'online', 'offline', 'off'])
            .meta({ description: '`unknown`: no heartbeat was answered yet' }),
        })
        .meta({ description: 'The receiver of heartbeats' }),
      tls: z
        .object({
          ...status,
          expires_at: z.string().nullable().meta({ description: 'When the certificate ends. Null without TLS' }),
          error: z.string().nullable().meta({
            description: 'Why the certificate in the files is not served. The earlier one is. Null without one',
          }),
        })
        .meta({ description: 'The certificate for clients: `degraded` from 14 days before its end' }),
    })
    .meta({ description: 'The state of each part' }),
})

export type Health = z.input<typeof healthAnswer>

export type HealthDeps = {
  version: string
  journal: Journal
  readStatus: ReadBufferStatus
  breaker: { readonly snapshot: BreakerSnapshot }
  driver: KktDriver
  leaseState: () => LeaseState
  redis: Pick<RedisLink, 'failure'> | null
  tls: Pick<CertificateKeeper, 'state'> | null
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
    tls: tlsComponent(deps),
  }
  const status = worst(Object.values(components).map((component) => component.status))
  return { status, version: deps.version, components }
}

/** 200 as long as receipts can be journaled. Every other failure makes it `degraded`, which tills can ignore. */
export const healthRoutes = (deps: HealthDeps) =>
  new Elysia({ name: 'health' }).get(
    '/v1/health',
    async ({ set }) => {
      const health = await readHealth(deps)
      if (health.status === 'unhealthy') set.status = 503
      return health
    },
    { response: { 200: healthAnswer, 503: healthAnswer } },
  )

const ok = (fine: boolean, otherwise: ComponentStatus): ComponentStatus => (fine ? 'healthy' : otherwise)

function worst(statuses: ComponentStatus[]): 'healthy' | 'degraded' | 'unhealthy' {
  if (statuses.includes('unhealthy')) return 'unhealthy'
  return statuses.includes('degraded') ? 'degraded' : 'healthy'
}

async function databaseComponent({ journal }: HealthDeps) {
  const error = await journal.failure()
  const advice = error === null ? null : `${journalAdvice(error)}.`
  return { status: ok(error === null, 'unhealthy'), type: 'SQLite', mode: 'WAL', error, advice }
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

function breakerComponent({ breaker }: HealthDeps) {
  const { snapshot } = breaker
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

async function kktComponent({ driver, journal }: HealthDeps) {
  const state = await driver.state()
  const counts = readable(journal.queries.counts)
  const withoutPaper = readable(journal.queries.countWithoutPaper)
  return {
    status: ok(state !== null && state.trouble === null && counts?.unknown === 0 && withoutPaper === 0, 'degraded'),
    kkt_number: state?.kktNumber ?? null,
    fn_number: state?.fnNumber ?? null,
    shift_number: state?.shiftNumber ?? null,
    last_fiscal_doc_number: state?.lastFdNumber ?? null,
    trouble: state?.trouble ?? null,
    unknown_outcomes: counts?.unknown ?? null,
    without_paper: withoutPaper,
  }
}

async function redisComponent({ redis }: HealthDeps) {
  if (!redis) return { status: 'off' as const, error: null, advice: null }
  const error = await redis.failure()
  return { status: ok(error === null, 'degraded'), error, advice: error && redisAdvice(error) }
}

function odooComponent(state: OdooState) {
  if (state === 'off') return { status: 'off' as const, state }
  return { status: ok(state !== 'offline', 'degraded'), state }
}

function tlsComponent({ tls }: HealthDeps) {
  if (!tls) return { status: 'off' as const, expires_at: null, error: null }
  const { expiresAtMs, endsSoon, fault } = tls.state()
  return { status: ok(!endsSoon && fault === null, 'degraded'), expires_at: iso(expiresAtMs), error: fault }
}
