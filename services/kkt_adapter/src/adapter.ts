import type { MockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import type { CertificateKeeper } from '@kkt/platform/certificate.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import type { Connection } from '@kkt/platform/fetch.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { datesIn, localTimesIn } from '@kkt/platform/time_zone.ts'
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
import { shareState } from './kkt/shared_state.ts'
import type { Lease } from './lease/lease.ts'
import type { RedisLeases } from './lease/redis_leases.ts'
import type { RedisLink } from './lease/redis_link.ts'
import type { GaugesDeps, Machine } from './metrics/gauges.ts'
import { createMetrics, type Metrics, type Scraped } from './metrics/metrics.ts'
import type { HeartbeatBody } from './odoo/heartbeat.ts'
import { createOdooWatch, type OdooWatch } from './odoo/odoo_watch.ts'
import type { DriverJournal } from './printing/driver_journal.ts'
import { createPruner } from './pruner.ts'
import { createHeart, createLive, createStanding } from './standing.ts'
import { testSideOf } from './test_side.ts'
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
  /** The part of the journal that the driver needs. Null: the KKT keeps our ids itself. */
  driverJournal: DriverJournal | null
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
  { config, version, redis, machine }: Ground,
  {
    metrics,
    delivery,
    leaseState,
    kktState,
    odoo,
    odooState,
  }: Pick<GaugesDeps, 'delivery' | 'leaseState' | 'odooState' | 'kktState'> & { metrics: Metrics; odoo: OdooWatch },
): Scraped {
  return metrics.showing({
    version,
    kktState,
    redis,
    machine,
    maxSize: config.buffer.maxSize,
    delivery,
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
  const shared = shareState(driver, clock)
  const metrics = createMetrics({ journal, clock })
  const work = createWork(ground, { audit, metrics, kktState: shared })
  const { kktLease, senderLease, delivery, fiscalizer, desk, shiftWatch, confirmer } = work

  const odoo = createOdooWatch({ clock, onChange: (from, to) => audit('odoo', from, to) })
  const { odooState, leaseState, readStatus } = createStanding(ground, { delivery, kktLease, senderLease, odoo })
  const heartbeat = createHeart(ground, { readStatus, odoo })
  const pruner = prunerOf(ground, kktLease)

  pace.onChange(() => {
    delivery.nudge()
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
    desk,
    delivery,
    driver,
    kktState: shared.read,
    redis,
    tls,
    tills: ground.tills.file,
    rules: rulesOf(ground),
    localTimeAt: localTimesIn(config.kkt.timeZone),
    machine: ground.machine,
    logger,
    version,
    isOpen: config.isOpen,
    access: accessOf(ground),
    readStatus,
    odooState,
    leaseState,
    metrics: createScrape(ground, { metrics, delivery, leaseState, kktState: shared.read, odoo, odooState }),
    sampler: live.sampler,
    wallMs: clock.wallMs,
    shown: { kktId: config.kktId, alertThreshold: config.buffer.alertThreshold },
    testControl: testSideOf(ground, shared.forget),
    get printTimeoutMs() {
      return pace.now.printTimeoutMs
    },
    isStopping: () => isStopping,
  }

  const parts = [fiscalizer, shiftWatch, confirmer, delivery, heartbeat, pruner, metrics.loopLag, live.sampler]
  const ending = () => {
    isStopping = true
    live.end()
  }
  return {
    /** The parts that the HTTP side (`createApp`) uses. */
    served,
    ...lifeOf(ground, work, { parts, ending }),
  }
}

type Part = { start(): void; stop(): unknown } | null

/** @param ending is called at the beginning of a stop */
function lifeOf(
  { clock, redis }: Ground,
  { kktLease, senderLease, fiscalizer, delivery }: ReturnType<typeof createWork>,
  { parts, ending }: { parts: readonly Part[]; ending: () => void },
) {
  return {
    /** Settles receipts that a crash left unclear, for as long as a start may wait. Await it before any new work. It never rejects. */
    async recover(): Promise<void> {
      await kktLease.turn()
      await redis?.tried
      await senderLease?.turn()
      await fiscalizer.recover()
      await delivery.recover()
    },
    start(): void {
      for (const part of [kktLease, senderLease, ...parts]) part?.start()
    },
    /**
     * Ends the current work and releases the leases.
     * @param stopAnswering takes no more requests, and resolves when the current ones are answered
     */
    async stop(stopAnswering: () => Promise<void>): Promise<void> {
      ending()
      const finished = Promise.all([...parts.map((part) => part?.stop()), stopAnswering()])
      await Promise.race([finished, clock.wait(FINISH_MS)])
      fiscalizer.answerTills()
      delivery.abort()
      await Promise.race([finished, clock.wait(ABORT_MS)])
      await senderLease?.release()
      await kktLease.release()
    },
  }
}
