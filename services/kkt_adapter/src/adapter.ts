import type { CertificateKeeper } from '@kkt/platform/certificate.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import type { Connection } from '@kkt/platform/fetch.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { datesIn } from '@kkt/platform/time_zone.ts'
import { createAccess } from './access/access.ts'
import type { TokenKeeper } from './access/token_keeper.ts'
import type { AppDeps } from './app.ts'
import type { Config } from './config.ts'
import { logAccepted } from './http/accepted_log.ts'
import { readHealth } from './http/health_routes.ts'
import type { PaceKeeper } from './http/pace.ts'
import type { SaleRules } from './http/receipt_routes.ts'
import type { Journal } from './journal/journal.ts'
import type { KktDriver } from './kkt/driver.ts'
import type { MockKkt } from './kkt/mock/mock_kkt.ts'
import type { Lease } from './lease/lease.ts'
import type { RedisLeases } from './lease/redis_leases.ts'
import type { RedisLink } from './lease/redis_link.ts'
import type { GaugesDeps, Machine } from './metrics/gauges.ts'
import { createMetrics, type Metrics, type Scraped } from './metrics/metrics.ts'
import type { HeartbeatBody } from './odoo/heartbeat.ts'
import { createOdooWatch, type OdooWatch } from './odoo/odoo_watch.ts'
import { createPruner } from './pruner.ts'
import { createHeart, createLive, createStanding } from './standing.ts'
import { testControlOf } from './test_side.ts'
import type { TillSettings } from './till_settings.ts'
import { createWork } from './work.ts'

/** At a stop, printing and sending get this long. Then waiting tills are answered and sending is cut off. */
const FINISH_MS = 1200
const ABORT_MS = 200

/** The adapter's surroundings: disk, device, network, time, and this process's identity. */
export type Ground = {
  config: Config
  version: string
  clock: Clock
  /** From 0 to below 1. */
  random: () => number
  logger: Logger
  journal: Journal
  driver: KktDriver
  /** The same device when it is a mock, for the test control; otherwise null. */
  mockKkt: MockKkt | null
  pace: PaceKeeper
  /** From `processIdentity`. */
  self: string
  sendToOfd: (request: Request, connection: Connection) => Promise<Response>
  /** The leases shared with other hosts of the same KKT, and the Redis link for health. Null without Redis. */
  hosts: RedisLeases | null
  redis: RedisLink | null
  /** The settings of the tills. */
  tills: TillSettings
  /** The certificate that clients see. Null without TLS. */
  tls: Pick<CertificateKeeper, 'state'> | null
  /** The tokens of clients. Null where all is open. */
  tokens: Pick<TokenKeeper, 'tokens' | 'fault'> | null
  machine: Machine
  /** Sends a heartbeat. Resolves to whether Odoo accepted it. Null without Odoo. */
  sendHeartbeat: ((body: HeartbeatBody, signal: AbortSignal) => Promise<boolean>) | null
}

function createScrape(
  { config, version, driver, redis, machine }: Ground,
  {
    metrics,
    breaker,
    leaseState,
    odoo,
    odooState,
  }: Pick<GaugesDeps, 'breaker' | 'leaseState' | 'odooState'> & { metrics: Metrics; odoo: OdooWatch },
): Scraped {
  return metrics.showing({
    version,
    driver,
    redis,
    machine,
    maxSize: config.buffer.maxSize,
    breaker,
    leaseState,
    odooState,
    odooSilenceMs: () => odoo.silenceMs,
  })
}

const auditOf =
  ({ logger, journal }: Ground) =>
  (kind: 'breaker' | 'odoo', from: string, to: string): void => {
    logger.info(`${kind}_changed`, { from, to })
    journal
      .write((tx) => tx.recordEvent(kind, from, to, null))
      .catch((error) => logger.warn('event_not_recorded', errorFields(error)))
  }

const rulesOf = ({ config, tills }: Ground): SaleRules => ({
  defaultsOf: tills.of,
  refusesBadVat: config.refusesBadVat,
  dateAt: datesIn(config.kkt.timeZone),
  refundsNeedSynced: config.refundsNeedSynced,
})

const accessOf = ({ tokens, config, tls, clock }: Ground) =>
  createAccess({
    keeper: tokens,
    cookie: { kktId: config.kktId, isSecure: tls !== null },
    monotonicMs: clock.monotonicMs,
  })

const prunerOf = ({ journal, clock, logger, config }: Ground, lease: Lease) =>
  createPruner({
    journal,
    clock,
    logger,
    retentionDays: config.retentionDays,
    refundsKeptDays: config.refundsKeptDays,
    isHolder: () => lease.token() !== null,
  })

/** Assembles the adapter. Real and simulated surroundings look the same in here. */
export function createAdapter(ground: Ground) {
  const { config, version, clock, logger, journal, driver, redis, tls, pace } = ground

  logAccepted(ground)
  const audit = auditOf(ground)
  const metrics = createMetrics({ journal, clock })
  const { kktLease, senderLease, breaker, ofd, worker, fiscalizer } = createWork(ground, { audit, metrics })

  const odoo = createOdooWatch({ clock, onChange: (from, to) => audit('odoo', from, to) })
  const { odooState, leaseState, readStatus } = createStanding(ground, { breaker, kktLease, senderLease, odoo })
  const heartbeat = createHeart(ground, { readStatus, odoo })
  const pruner = prunerOf(ground, kktLease)

  pace.onChange(() => {
    worker.nudge()
    heartbeat?.nudge()
  })

  const live = createLive(ground, { readStatus, readHealth: () => readHealth(served) })
  let isStopping = false
  const served: AppDeps = {
    journal,
    waits: live.waits,
    stream: live.stream,
    monotonicMs: clock.monotonicMs,
    fiscalizer,
    worker,
    driver,
    breaker,
    redis,
    tls,
    tills: ground.tills.file,
    rules: rulesOf(ground),
    machine: ground.machine,
    logger,
    version,
    isOpen: config.isOpen,
    access: accessOf(ground),
    readStatus,
    odooState,
    leaseState,
    metrics: createScrape(ground, { metrics, breaker, leaseState, odoo, odooState }),
    sampler: live.sampler,
    wallMs: clock.wallMs,
    shown: { kktId: config.kktId, alertThreshold: config.buffer.alertThreshold },
    testControl: testControlOf(ground),
    get printTimeoutMs() {
      return pace.now.printTimeoutMs
    },
    isStopping: () => isStopping,
  }

  return {
    /** The parts that the HTTP side (`createApp`) uses. */
    served,
    /** Settles receipts that a crash left unclear. Await it before any new work. It never rejects. */
    async recover(): Promise<void> {
      await kktLease.turn()
      await redis?.tried
      await senderLease.turn()
      await fiscalizer.recover()
      await worker.recover()
    },
    start(): void {
      for (const part of [kktLease, senderLease, fiscalizer, worker, heartbeat, pruner, metrics.loopLag, live.sampler])
        part?.start()
    },
    /**
     * Ends the current work and releases the leases.
     * @param stopAnswering takes no more requests, and resolves when the current ones are answered
     */
    async stop(stopAnswering: () => Promise<void>): Promise<void> {
      isStopping = true
      live.end()
      const parts = [fiscalizer, worker, heartbeat, pruner, metrics.loopLag, live.sampler].map((part) => part?.stop())
      const finished = Promise.all([...parts, stopAnswering()])
      await Promise.race([finished, clock.wait(FINISH_MS)])
      fiscalizer.answerTills()
      ofd.abort()
      await Promise.race([finished, clock.wait(ABORT_MS)])
      await senderLease.release()
      await kktLease.release()
    },
  }
}
