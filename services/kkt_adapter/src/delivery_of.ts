import type { Ground } from './adapter.ts'
import { ofdUrl } from './config.ts'
import { createBreaker } from './delivery/breaker.ts'
import { createByRegister } from './delivery/by_register.ts'
import { createDeliverer } from './delivery/deliver.ts'
import { type Delivery, overHttp } from './delivery/delivery.ts'
import { createOfdClient } from './delivery/ofd_client.ts'
import { createOfdSend } from './delivery/ofd_connection.ts'
import { createWorker } from './delivery/worker.ts'
import type { SharedState } from './kkt/shared_state.ts'
import type { JournalLease } from './lease/journal_lease.ts'
import { createSenderLease, type SenderLease } from './lease/sender_lease.ts'
import type { Metrics } from './metrics/metrics.ts'
import { type Confirmer, createConfirmer } from './printing/confirmer.ts'

/** A cut-off OFD gets its time-out to finish, but no longer than this: a crash must not delay a receipt. */
const MAX_SETTLE_MS = 5000

export type WorkDeps = {
  audit: (kind: 'breaker', from: string, to: string) => void
  metrics: Metrics
  kktState: SharedState
}

/** The way to the OFD by DELIVERY. `senderLease`: null where the KKT alone delivers. `confirmer`: null where it knows how far. */
export type DeliveryParts = { delivery: Delivery; senderLease: SenderLease | null; confirmer: Confirmer | null }

export function createDelivery(ground: Ground, kktLease: JournalLease, deps: WorkDeps): DeliveryParts {
  return ground.config.delivery === 'kkt' ? byKkt(ground, kktLease, deps) : byAdapter(ground, kktLease, deps)
}

function byKkt({ clock, logger, journal, pace }: Ground, lease: JournalLease, deps: WorkDeps): DeliveryParts {
  const { metrics, kktState } = deps
  const delivery = createByRegister({
    journal,
    lease,
    clock,
    logger,
    watch: metrics.delivery,
    ask: kktState.fresh,
    get intervalMs() {
      return pace.now.syncIntervalMs
    },
  })
  return { delivery, senderLease: null, confirmer: null }
}

function byAdapter(ground: Ground, kktLease: JournalLease, deps: WorkDeps): DeliveryParts {
  const { config, clock, logger, journal, pace } = ground
  const { confirmThrough } = ground.driver
  const senderLease = createSenderLease({
    own: kktLease,
    hosts: ground.hosts,
    journal,
    clock,
    logger,
    name: config.kktId,
    get turnMs() {
      return pace.now.syncIntervalMs
    },
  })
  const { worker, breaker, ofd } = createSending(ground, senderLease, deps)
  senderLease.holdFor(worker)
  senderLease.onTaken(worker.nudge)
  const confirmer = confirmThrough && createConfirmer({ journal, confirmThrough, lease: kktLease, clock, logger })
  return { delivery: overHttp({ worker, breaker, ofd }), senderLease, confirmer }
}

function createSending(
  { config, clock, random, logger, journal, sendToOfd, pace }: Ground,
  lease: SenderLease,
  { audit, metrics }: WorkDeps,
) {
  const breaker = createBreaker({
    threshold: config.breaker.threshold,
    get timeoutMs() {
      return pace.now.breakerTimeoutMs
    },
    clock,
    onChange: (from, to) => audit('breaker', from, to),
  })
  const ofd = createOfdClient({
    url: ofdUrl(config),
    get timeoutMs() {
      return pace.now.ofdTimeoutMs
    },
    kktId: config.kktId,
    clock,
    send: createOfdSend({ send: sendToOfd, clock, onRetryAfter: breaker.waitAtLeast }),
  })
  const deliverer = createDeliverer({
    journal,
    ofd,
    breaker,
    lease,
    clock,
    logger,
    maxRetryAttempts: config.sync.maxRetryAttempts,
    get settleMs() {
      return Math.min(pace.now.ofdTimeoutMs, MAX_SETTLE_MS)
    },
    watch: metrics.delivery,
  })
  const worker = createWorker({
    journal,
    deliverer,
    breaker,
    lease,
    clock,
    logger,
    random,
    maxInFlight: config.sync.maxInFlight,
    get intervalMs() {
      return pace.now.syncIntervalMs
    },
  })
  return { ofd, breaker, worker }
}
