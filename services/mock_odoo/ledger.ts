import { count, LEDGER_ROOM, moment, newestThatFit } from '@kkt/fault-kit/saved.ts'
import { type Clock, isoOrNull } from '@kkt/platform/clock.ts'
import { createRing } from '@kkt/platform/ring.ts'
import { z } from 'zod'
import { type Heartbeat, heartbeat } from './schema.ts'

/** Heartbeats come for as long as the stack is up. The newest are kept: hours of them at the usual interval. */
const MAX_KEPT_HEARTBEATS = 1000

type Entry = { receivedAtMs: number; document: Heartbeat }
export type HeartbeatLedger = ReturnType<typeof createLedger>

export function createLedger(clock: Clock) {
  const kept = createRing<Entry>(MAX_KEPT_HEARTBEATS)
  let lastMs: number | null = null

  return {
    /** @returns the time of receipt in Unix milliseconds */
    take(document: Heartbeat): number {
      const receivedAtMs = clock.wallMs()
      kept.add({ receivedAtMs, document })
      lastMs = receivedAtMs
      return receivedAtMs
    },

    keptAtMost: MAX_KEPT_HEARTBEATS,
    /** The number of heartbeats, including those no longer kept. */
    count: kept.total,
    counts: () => true,
    list: () => kept.all().map(({ receivedAtMs, document }) => ({ ...document, received_at: isoOrNull(receivedAtMs) })),

    counters: () => ({ heartbeat_count: kept.total(), last_heartbeat: isoOrNull(lastMs) }),

    reset(): void {
      kept.fill([], 0)
      lastMs = null
    },

    saved: () => ({ total: kept.total(), lastMs, entries: newestThatFit(kept.all(), LEDGER_ROOM, (entry) => entry) }),
    savedForm: savedHeartbeats.transform((saved) => ({
      restore() {
        kept.fill(saved.entries, saved.total)
        lastMs = saved.lastMs
      },
    })),
  }
}

const savedHeartbeats = z
  .strictObject({
    total: count,
    lastMs: moment.nullable(),
    entries: z.array(z.strictObject({ receivedAtMs: moment, document: heartbeat })).max(MAX_KEPT_HEARTBEATS),
  })
  .refine(({ total, entries }) => total >= entries.length, {
    path: ['total'],
    message: 'must be at least the number of entries',
  })
  .refine(({ total, lastMs }) => (total === 0) === (lastMs === null), {
    path: ['lastMs'],
    message: 'must be given when total is more than 0, and be null when it is 0',
  })
