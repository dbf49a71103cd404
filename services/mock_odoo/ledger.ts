import { type Clock, isoOrNull } from '@kkt/platform/clock.ts'
import type { Heartbeat } from './schema.ts'

/** Heartbeats come for as long as the stack is up: the latest are kept, hours of them at the usual rhythm. */
const MAX_KEPT_HEARTBEATS = 1000

type Entry = { receivedAtMs: number; document: Heartbeat }
export type HeartbeatLedger = ReturnType<typeof createLedger>

/**
 * The heartbeats that Odoo has accepted.
 * @param onTaken called after each
 */
export function createLedger({ clock, onTaken }: { clock: Clock; onTaken: () => void }) {
  let kept: Entry[] = []
  let count = 0

  return {
    /** @returns when, in Unix milliseconds */
    take(document: Heartbeat): number {
      const receivedAtMs = clock.wallMs()
      kept.push({ receivedAtMs, document })
      if (kept.length > MAX_KEPT_HEARTBEATS) kept.shift()
      count += 1
      onTaken()
      return receivedAtMs
    },

    /** Of all that came, also those no longer kept. */
    count: () => count,

    list: (kktId: string | undefined) =>
      kept
        .filter(({ document }) => kktId === undefined || document.kkt_id === kktId)
        .map(({ receivedAtMs, document }) => ({ ...document, received_at: isoOrNull(receivedAtMs) })),

    counters: () => ({ heartbeat_count: count, last_heartbeat: isoOrNull(kept.at(-1)?.receivedAtMs ?? null) }),

    reset(): void {
      kept = []
      count = 0
    },
  }
}
