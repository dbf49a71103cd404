/** Odoo's side of the wire, separate on purpose: the adapter's schema would accept the adapter's own mistakes. */
import { z } from 'zod'

// Loose: Odoo ignores unknown fields, and tests may want to see them.
export const heartbeat = z.looseObject({
  kkt_id: z.string().min(1).max(64).meta({ description: "The cash register's name" }),
  status: z.enum(['online', 'degraded', 'offline']).meta({ description: 'The way from the adapter to the OFD' }),
  buffer_fullness: z
    .number()
    .min(0)
    .max(1)
    .meta({ description: "The share of the adapter's buffer that is in use, from 0 to 1" }),
})
export type Heartbeat = z.infer<typeof heartbeat>

export const accepted = z.object({
  status: z.literal('accepted').meta({ description: 'The heartbeat was taken' }),
  timestamp: z.int().meta({ description: 'The time of receipt, in Unix seconds' }),
})

/** The counters in health, beside the state of the faults. */
export const counters = z.object({
  heartbeat_count: z.int().meta({ description: 'Heartbeats taken since the reset' }),
  last_heartbeat: z.iso.datetime().nullable().meta({ description: 'The time of the newest. Null before the first' }),
})
