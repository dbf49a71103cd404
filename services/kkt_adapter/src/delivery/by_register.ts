import { errorFields } from '@kkt/platform/logger.ts'
import { createLoop } from '@kkt/platform/loop.ts'
import type { Journal } from '../journal/journal.ts'
import { type Delivery, NO_BREAKER } from './delivery.ts'
import type { SyncReport } from './pass.ts'
import { RegisterLook, type RegisterLookDeps } from './register_look.ts'

/** The least time between two looks. A report takes several requests, and the register prints in between. */
const GAP_MS = 2000

type ByRegisterDeps = RegisterLookDeps & {
  /** The longest time between two looks. */
  readonly intervalMs: number
}

/**
 * The register hands its documents to the OFD by itself. The adapter only watches: it asks soon after a print, then at intervals
 * that double.
 */
export function createByRegister(deps: ByRegisterDeps): Delivery {
  const { journal, lease, clock, logger } = deps
  const looks = new RegisterLook(deps)
  let pauseMs = GAP_MS
  const loop = createLoop({
    clock,
    turn: async () => {
      await runOnce()
      const gapMs = Math.min(GAP_MS, deps.intervalMs)
      await clock.wait(gapMs, loop.stopping)
      const ms = Math.max(gapMs, Math.min(deps.intervalMs, pauseMs)) - gapMs
      pauseMs = Math.min(deps.intervalMs, pauseMs * 2)
      return { kind: 'rest', ms }
    },
  })

  async function runOnce(): Promise<void> {
    try {
      await reclaim()
      await looks.take()
      if (!looks.isWaiting()) pauseMs = deps.intervalMs
    } catch (error) {
      logger.warn('register_not_watched', errorFields(error))
    }
  }

  /** Receipts that were on the way over HTTP when the settings changed. They are delivered by the KKT, or shown as of an old FN. */
  async function reclaim(): Promise<void> {
    const since = lease.token()
    if (since !== null && journal.queries.counts().syncing > 0) await lease.write((tx) => tx.reclaimSyncing(), since)
  }

  function nudge(): void {
    pauseMs = GAP_MS
    loop.nudge()
  }

  const sync = async (): Promise<SyncReport> => {
    const startedMs = clock.monotonicMs()
    const before = journal.queries.counts().pending
    const look = await looks.take()
    const synced = look.kind === 'told' ? look.synced : 0
    return {
      synced,
      failed: 0,
      skipped: Math.max(0, before - synced),
      remaining: journal.queries.counts().pending,
      durationMs: clock.monotonicMs() - startedMs,
      ended: ENDED[look.kind],
    }
  }
  let underWay: Promise<SyncReport> | null = null

  return {
    way: 'kkt',
    breaker: { snapshot: NO_BREAKER },
    network: () => looks.network(),
    untraced: () => untracedIn(journal),
    nudge,
    recover: () => reclaim().catch((error) => logger.error('recovery_failed', errorFields(error))),
    takeOver: nudge,
    syncNow() {
      underWay ??= sync().finally(() => {
        underWay = null
      })
      return underWay
    },
    isSending: () => false,
    start: loop.start,
    stop: loop.stop,
    abort: () => undefined,
  }
}

/** A KKT tells only of the FN that is in it. */
function untracedIn({ fiscalMemories, handedOver }: Journal): number {
  const fnNumber = fiscalMemories.inKkt()?.fnNumber
  return fnNumber === undefined ? 0 : handedOver.pendingOfOthers(fnNumber)
}

const ENDED = { told: 'kkt_told', silent: 'kkt_silent', not_holder: 'not_sender' } as const
