/** The events of the adapter's stream. */
import { z } from 'zod'
import { adapterHealth, bufferStatus } from './wire.ts'

const at = z.iso.datetime()

const transition = z.object({
  id: z.int().min(1),
  at,
  receipt_id: z.uuid().nullable(),
  from: z.string().nullable(),
  to: z.string(),
  detail: z.string().nullable(),
  by: z.string().nullable(),
})

const alert = z.object({
  name: z.string().regex(/^[a-z_]+$/),
  state: z.enum(['raised', 'ended']),
  at,
  detail: z.string().min(1),
})

const count = z.int().min(0)

/** Also an entry of `GET /v1/kkt/buffer/samples`. */
export const sample = z.strictObject({
  at,
  accepted: count,
  synced: count,
  queued: count,
  oldest_pending_age_seconds: z.number().min(0).nullable(),
})

const transitionKind = z.enum(['receipt', 'task', 'breaker', 'lease', 'odoo', 'command', 'kkt'])

const id = z.int().min(0).nullable()

export const streamEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('status'), id, data: bufferStatus }),
  z.object({ event: z.literal('health'), id, data: adapterHealth }),
  z.object({ event: transitionKind, id, data: transition }),
  z.object({ event: z.literal('alert'), id, data: alert }),
  z.object({ event: z.literal('sample'), id, data: sample }),
  z.object({ event: z.literal('reset'), id, data: z.object({ reason: z.string(), detail: z.string() }) }),
])
export type Told = z.infer<typeof streamEvent>
/** Without the samples, which are for charts. */
export type News = Exclude<Told, { event: 'sample' }>
export type Transition = z.infer<typeof transition> & { event: z.infer<typeof transitionKind> }
