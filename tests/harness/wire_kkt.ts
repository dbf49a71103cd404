/** The answers of the mock KKT's control side. */
import { z } from 'zod'

const count = z.int().min(0)

/** The faults of the mock KKT. */
export const kktFaults = z.strictObject({
  reply_lost: count,
  connection_lost: count,
  lookup_lost: count,
  busy: count,
  gone: z.boolean(),
  paper_out: z.boolean(),
  shift_expired: z.boolean(),
  fn_full: z.boolean(),
  slow_print_seconds: z.number().min(0),
  clock_behind_seconds: z.number().min(0),
})
export type KktFaults = z.infer<typeof kktFaults>

const numbers = { fiscal_doc_number: z.int().min(1), on_paper: z.boolean() }
const fnReceipt = z.strictObject({
  ...numbers,
  kind: z.literal('receipt'),
  receipt_id: z.uuid(),
  shift_number: z.int().min(1),
  receipt_number: z.int().min(1),
})
const fnDocument = z.discriminatedUnion('kind', [
  fnReceipt,
  z.strictObject({
    ...numbers,
    kind: z.enum(['registration', 'shift_opening', 'shift_closing']),
    receipt_id: z.null(),
    shift_number: count,
    receipt_number: z.null(),
  }),
])
/** A document in the FN. */
export type FnDocument = z.infer<typeof fnDocument>
/** The document of a receipt in the FN. */
export type FnReceipt = z.infer<typeof fnReceipt>
export const isOfReceipt = (document: FnDocument): document is FnReceipt => document.kind === 'receipt'
export const kktDocuments = z.strictObject({ count, documents: z.array(fnDocument) })

/** The adapter's intervals, in seconds. */
export const pace = z.strictObject({
  sync_interval: z.number(),
  circuit_breaker_timeout: z.number(),
  odoo_heartbeat_interval: z.number(),
  ofd_timeout: z.number(),
  kkt_print_delay_min: z.number(),
  kkt_print_delay_max: z.number(),
  kkt_print_timeout: z.number(),
  ttl: z.number().nullable(),
})
export type Pace = Omit<z.infer<typeof pace>, 'ttl'>
