import type { Ground } from './adapter.ts'
import { ofdUrl } from './config.ts'
import { createBreaker } from './delivery/breaker.ts'
import { createDeliverer } from './delivery/deliver.ts'
import { createOfdClient } from './delivery/ofd_client.ts'
import { createOfdSend } from './delivery/ofd_connection.ts'
import { createWorker } from './delivery/worker.ts'
import { createJournalLease } from './lease/journal_lease.ts'
import { createSenderLease, type SenderLease } from './lease/sender_lease.ts'
import type { Metrics } from './metrics/metrics.ts'
import { createFiscalizer } from './printing/fiscalize.ts'

/** A cut-off OFD gets its time-out to finish, but no longer than this: a crash must not delay a receipt. */
const MAX_SETTLE_MS = 5000

type WorkDeps = { audit: (kind: 'breaker', from: string, to: string) => void; metrics: Metrics }

function createDelivery(
  { config, clock, random, logger, journal, sendToOfd, pace }: Ground,
  { lease, audit, metrics }: WorkDeps & { lease: SenderLease },
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

/** Makes the printer and the sender. Each is nudged when this process gets its lease. */
export function createWork(ground: Ground, { audit, metrics }: WorkDeps) {
  const { config, clock, random, logger, journal, driver, pace } = ground
  const kktLease = createJournalLease({ journal, clock, logger, self: ground.self, name: config.kktId })
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

  const { breaker, ofd, worker } = createDelivery(ground, { lease: senderLease, audit, metrics })
  const fiscalizer = createFiscalizer({
    journal,
    driver,
    lease: kktLease,
    clock,
    logger,
    random,
    acceptedLoss: config.acceptedLoss,
    onPrinted: worker.nudge,
  })
  kktLease.onTaken(() => {
    fiscalizer.nudge()
    worker.takeOver()
    senderLease.nudge()
  })
  senderLease.holdFor(worker)
  senderLease.onTaken(worker.nudge)
  return { kktLease, senderLease, breaker, ofd, worker, fiscalizer }
}
