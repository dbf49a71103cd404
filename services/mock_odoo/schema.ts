/** Odoo's side of the wire, separate on purpose: the adapter's schema would accept the adapter's own mistakes. */
import { z } from 'zod'

// Loose: Odoo ignores unknown fields, and tests may want to see them.
export const heartbeat = z.looseObject({
  kkt_id: z.string().min(1).max(64),
  status: z.enum(['online', 'degraded', 'offline']),
  buffer_fullness: z.number().min(0).max(1),
})
export type Heartbeat = z.infer<typeof heartbeat>

export const accepted = z.object({ status: z.literal('accepted'), timestamp: z.int() })

/** The counters in health, beside the state of the faults. */
export const counters = z.object({ heartbeat_count: z.int(), last_heartbeat: z.iso.datetime().nullable() })
