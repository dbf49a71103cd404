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
  /** Says that there is something to deliver. */
  nudge(): void
  /** Takes up what a sender before us left half done. To be awaited before any new work; it never rejects. */
  recover(): Promise<void>
  /** Says that the lease is ours: what a sender before us left half done has to be taken up. */
  takeOver(): void
  /** Sends all that may be sent now, and resolves when that has ended. */
  runOnce(): Promise<void>
  /** Tries everything that is pending now, once, breaker or not. A call during another one joins it. */
  syncNow(): Promise<SyncReport>
  start(): void
  /** Whether there is something that could be sent now, by a process that may. @throws StorageFailure */
  wantsToSend(): boolean
  /** Whether something is under way. */
  isSending(): boolean
  /** Starts nothing more, and resolves when nothing is under way. */
  stop(): Promise<void>
}

/** Delivers what is pending: each till's receipts one after another in FD order, different tills side by side. */
export function createWorker(deps: {
  journal: Journal
  deliverer: Deliverer
  breaker: Breaker
  lease: Lease
  clock: Clock
  logger: Logger
  random: () => number
  /** The backstop: nothing waits longer than this. */
  readonly intervalMs: number
  /** How many tills' receipts are under way at once. */
  maxInFlight: number
}): Worker {
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

  /** Until the next moment at which something may be due that nobody will signal. */
  function restMs(): number {
    const admission = breaker.admission()
    const waits = admission.kind === 'closed_off' ? [admission.waitMs] : lanes.waitsMs()
    return Math.max(1, Math.min(deps.intervalMs, ...waits.filter((ms) => ms > 0)))
  }

  return {
    nudge: loop.nudge,
    recover: () => pump.takeUp().catch((error) => logger.error('recovery_failed', errorFields(error))),
    takeOver() {
      leftBehind.suspect()
      deliverer.takeOver()
      // What failed here another sender may have delivered since.
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
