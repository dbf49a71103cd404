import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop, type NextTurn } from '@kkt/platform/loop.ts'
import { createRing } from '@kkt/platform/ring.ts'
import type { Committed } from '../journal/group_commit.ts'
import type { Journal } from '../journal/journal.ts'
import type { ReadBufferStatus } from './buffer_status.ts'

/** A chart 180 samples wide has one for every few pixels. */
export const SAMPLE_INTERVAL_MS = 5000
const KEPT_MS = 15 * 60 * 1000

/** `accepted` and `synced`: the receipts that this process took and delivered since the sample before. */
export type Sample = {
  atMs: number
  accepted: number
  synced: number
  queued: number
  oldestPendingAgeSeconds: number | null
}

type SamplerDeps = { journal: Pick<Journal, 'onCommit'>; readStatus: ReadBufferStatus; clock: Clock; logger: Logger }

/**
 * Notes every few seconds how many receipts came and went. The notes are in memory and bounded: a restart begins with
 * none. A journal that cannot be read leaves a gap.
 */
export function createSampler({ journal, readStatus, clock, logger }: SamplerDeps) {
  const ring = createRing<Sample>(KEPT_MS / SAMPLE_INTERVAL_MS)
  const listeners: ((sample: Sample) => void)[] = []
  let accepted = 0
  let synced = 0

  journal.onCommit(({ logged }: Committed) => {
    for (const { kind, from, to, receiptIds } of logged) {
      if (kind !== 'receipt') continue
      if (from === null) accepted += receiptIds.length
      else if (to === 'synced') synced += receiptIds.length
    }
  })

  function take(): void {
    const { current_queued: queued, oldest_pending_age_seconds: oldestPendingAgeSeconds } = readStatus()
    const sample = { atMs: clock.wallMs(), accepted, synced, queued, oldestPendingAgeSeconds }
    accepted = 0
    synced = 0
    ring.add(sample)
    for (const tell of listeners) tell(sample)
  }

  const loop = createLoop({
    clock,
    async turn(): Promise<NextTurn> {
      try {
        take()
      } catch (error) {
        logger.warn('sample_failed', errorFields(error))
      }
      return { kind: 'rest', ms: SAMPLE_INTERVAL_MS }
    },
  })
  return {
    start: loop.start,
    stop: loop.stop,
    /** Oldest first. */
    samples: ring.all,
    /** Calls `tell` with each new sample. */
    onSample(tell: (sample: Sample) => void): void {
      listeners.push(tell)
    },
  }
}

export type Sampler = ReturnType<typeof createSampler>
