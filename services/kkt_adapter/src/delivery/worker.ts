import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop } from '@kkt/platform/loop.ts'
import { Signal } from '@kkt/platform/signal.ts'
import type { Journal } from '../journal/journal.ts'
import type { Lease } from '../lease/lease.ts'
import type { Breaker } from './breaker.ts'
import type { Deliverer } from './deliver.ts'
import { Gate } from './gate.ts'
import { Lanes } from './lanes.ts'
import { LeftBehind } from './left_behind.ts'
import { ManualSync } from './manual_sync.ts'
import { Pass, type SyncReport } from './pass.ts'
import { Pump } from './pump.ts'
import { type Passes, TillQueues } from './till_queues.ts'

export type Worker = {
  /** Says that there may be a receipt to deliver. */
  nudge(): void
  /** Takes up the work that an earlier sender left unfinished. Await it before any new work. It never rejects. */
  recover(): Promise<void>
  /** Says that this process has got the lease, so that it takes up the earlier sender's unfinished work. */
  takeOver(): void
  /** Sends everything that may be sent now, and resolves when that has ended. */
  runOnce(): Promise<void>
  /** Tries everything that is pending now, once, even with an open breaker. A call during another one joins it. */
  syncNow(): Promise<SyncReport>
  start(): void
  /** Whether a receipt could be sent now by a process with the lease. @throws StorageFailure */
  wantsToSend(): boolean
  /** Whether a receipt is on the way. */
  isSending(): boolean
  /** Starts no more deliveries, and resolves when none is under way. */
  stop(): Promise<void>
}

type WorkerDeps = {
  journal: Journal
  deliverer: Deliverer
  breaker: Breaker
  lease: Lease
  clock: Clock
  logger: Logger
  random: () => number
  /** The longest time between two looks at the journal, for work that nobody signalled. */
  readonly intervalMs: number
  /** The number of tills that may have a receipt on the way at once. */
  maxInFlight: number
}

/** Delivers pending receipts: each till's one after another in FD order, different tills side by side. */
export function createWorker(deps: WorkerDeps): Worker {
  const { journal, deliverer, breaker, lease, clock, logger, maxInFlight } = deps
  const loop = createLoop({
    clock,
    turn: async () => {
      await pump.pump()
      return { kind: 'rest', ms: restMs() }
    },
  })
  const moved = new Signal()
  const passes: Passes = { current: Pass.none() }
  const lanes = new Lanes(deps)
  const leftBehind = new LeftBehind({ journal, lease, logger })
  const gate = new Gate({ breaker, lease, leftBehind, stopping: loop.stopping })
  const queues = new TillQueues({
    journal,
    deliverer,
    gate,
    lanes,
    leftBehind,
    passes,
    logger,
    loop,
    moved,
    maxInFlight,
  })
  const pump = new Pump({ journal, gate, lanes, leftBehind, queues, clock, logger, moved, maxInFlight })
  const manualSync = new ManualSync({ journal, breaker, gate, lanes, passes, pump, clock, loop })

  /** The time until work may be due without a signal. */
  function restMs(): number {
    const admission = breaker.admission()
    const waits = admission.kind === 'closed_off' ? [admission.waitMs] : lanes.waitsMs()
    return Math.max(1, Math.min(deps.intervalMs, ...waits.filter((ms) => ms > 0)))
  }

  return {
    nudge: loop.nudge,
    recover: () => pump.takeUp().catch((error) => logger.error('recovery_failed', errorFields(error))),
    takeOver() {
      leftBehind.suspectHalfSent()
      deliverer.takeOver()
      // Another sender may have delivered the failed receipts since.
      lanes.forgetIdle()
      loop.nudge()
    },
    runOnce: () => pump.pumpWhile(() => true),
    syncNow: () => manualSync.run(),
    wantsToSend() {
      const admission = breaker.admission()
      if (loop.stopping.aborted || admission.kind === 'closed_off') return false
      if (leftBehind.mayBeThere && journal.queries.counts().syncing > 0) return true
      const isProbe = admission.kind === 'probe'
      return journal.queries.posIdsToDeliver().some((posId) => !lanes.isHeldUp(posId, { isProbe }))
    },
    isSending: () => pump.isSending,
    start: loop.start,
    async stop() {
      await loop.stop()
      await pump.waitWhile(() => true)
    },
  }
}
