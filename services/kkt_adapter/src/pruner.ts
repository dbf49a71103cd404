import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop } from '@kkt/platform/loop.ts'
import type { Journal } from './journal/journal.ts'

const EVERY_MS = 60 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000
/**
 * The retention advances at most this many times as fast as time at work. A host that is on for a little more than
 * three hours a day keeps up. A wall clock must be wrong for a day of work before receipts delivered today are removed.
 */
const FASTEST = 8
/** Small enough that a receipt that arrives in between hardly waits. */
export const BATCH = 160
/** Many times the duration of a batch, so that other writers to this buffer find its lock free most of the time. */
export const PAUSE_MS = 50

type PrunerDeps = {
  journal: Journal
  clock: Clock
  logger: Logger
  retentionDays: number
  /** The part of a receipt that refunds need is kept for so long. */
  refundsKeptDays: number
  /** Of the adapters on one buffer, only the holder's time counts. */
  isHolder: () => boolean
}

/** Removes ended receipts and audit entries that are older than the retention, in small batches. */
export function createPruner(deps: PrunerDeps) {
  const { journal, clock, logger } = deps
  const tellFailed = (error: unknown) => logger.warn('prune_failed', errorFields(error))
  const loop = createLoop({
    clock,
    turn: async () => {
      await runOnce().catch(tellFailed)
      return { kind: 'rest', ms: EVERY_MS }
    },
  })
  let lookedAtMs = clock.monotonicMs()

  async function keptFrom(): Promise<number> {
    const nowMs = clock.monotonicMs()
    const byMs = deps.isHolder() ? Math.floor((nowMs - lookedAtMs) * FASTEST) : 0
    const fromMs = await journal.write((tx) => tx.moveKeptFrom(deps.retentionDays * DAY_MS, byMs))
    lookedAtMs = nowMs
    return fromMs
  }

  async function pruneOriginals(receiptsBeforeMs: number): Promise<void> {
    const { retentionDays, refundsKeptDays } = deps
    const beforeMs = receiptsBeforeMs - (refundsKeptDays - retentionDays) * DAY_MS
    while (!loop.stopping.aborted) {
      const removed = await journal.write((tx) => tx.pruneOriginals(beforeMs, BATCH))
      if (removed < BATCH) return
      await clock.wait(PAUSE_MS, loop.stopping)
    }
  }

  async function runOnce(): Promise<void> {
    const beforeMs = await keptFrom()
    const gone = { receipts: 0, events: 0 }
    let eventsAfter = 0
    for (;;) {
      const batch = await journal.write((tx) => tx.prune(beforeMs, BATCH, eventsAfter))
      gone.receipts += batch.receipts
      gone.events += batch.events
      if (batch.receipts < BATCH && batch.eventsAfter === null) break
      eventsAfter = batch.eventsAfter ?? eventsAfter
      await clock.wait(PAUSE_MS, loop.stopping)
      if (loop.stopping.aborted) break
    }
    await pruneOriginals(beforeMs)
    if (gone.receipts + gone.events > 0) logger.info('pruned', gone)
  }

  return {
    runOnce,
    start: loop.start,
    async stop(): Promise<void> {
      await loop.stop()
      // The time worked since the last look counts, too.
      await keptFrom().catch(tellFailed)
    },
  }
}
