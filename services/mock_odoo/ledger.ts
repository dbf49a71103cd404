import { createRing } from '@kkt/fault-kit/ring.ts'
import { type Clock, isoOrNull } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import { type Heartbeat, heartbeat } from './schema.ts'

/** Heartbeats come for as long as the stack is up: the latest are kept, hours of them at the usual rhythm. */
const MAX_KEPT_HEARTBEATS = 1000

type Entry = { receivedAtMs: number; document: Heartbeat }
export type HeartbeatLedger = ReturnType<typeof createLedger>

/** The heartbeats that Odoo has accepted. */
export function createLedger(clock: Clock) {
  const kept = createRing<Entry>(MAX_KEPT_HEARTBEATS)
  let lastMs: number | null = null

  return {
    /** @returns when, in Unix milliseconds */
    take(document: Heartbeat): number {
      const receivedAtMs = clock.wallMs()
      kept.add({ receivedAtMs, document })
      lastMs = receivedAtMs
      return receivedAtMs
    },

    keptAtMost: MAX_KEPT_HEARTBEATS,
    /** Of all that came, also those no longer kept. */
    count: kept.total,
    list: () => kept.all().map(({ receivedAtMs, document }) => ({ ...document, received_at: isoOrNull(receivedAtMs) })),

    counters: () => ({ heartbeat_count: kept.total(), last_heartbeat: isoOrNull(lastMs) }),

    reset(): void {
      kept.fill([], 0)
      lastMs = null
    },

    saved: () => ({ total: kept.total(), lastMs, entries: kept.all() }),
    savedSchema: savedHeartbeats,
    restore(given: unknown): void {
      const saved = savedHeartbeats.parse(given)
      kept.fill(saved.entries, saved.total)
      lastMs = saved.lastMs
    },
  }
}

const savedHeartbeats = z.strictObject({
  total: z.int(),
  lastMs: z.number().nullable(),
  entries: z.array(z.strictObject({ receivedAtMs: z.number(), document: heartbeat })).max(MAX_KEPT_HEARTBEATS),
})
