/** The answers of the mock KKT's control side. */
import { z } from 'zod'

const count = z.int().min(0)

/** The reasons why a KKT that answers makes no document, or none on paper. */
export const kktTrouble = z.enum([
  'busy',
  'paper_out',
  'cover_open',
  'printer_fault',
  'shift_expired',
  'clock_behind',
  'fn_full',
  'fn_expired',
  'fn_broken',
  'fn_unsent_too_long',
  'not_registered',
])

/** The faults of the mock KKT. */
export const kktFaults = z.strictObject({
  reply_lost: count,
  closing_reply_lost: count,
  connection_lost: count,
  lookup_lost: count,
  busy: count,
  receipt_refused: count,
  gone: z.boolean(),
  paper_out: z.boolean(),
  paper_near_end: z.boolean(),
  cover_open: z.boolean(),
  printer_fault: z.boolean(),
  shift_expired: z.boolean(),
  not_registered: z.boolean(),
  fn_full: z.boolean(),
  fn_nearly_full: z.boolean(),
  fn_expired: z.boolean(),
  fn_broken: z.boolean(),
  fn_days_left: count.nullable(),
  unsent_for_days: count,
  keeps_no_drawer_sum: z.boolean(),
  task_lookup_untellable: z.boolean(),
  slow_print_seconds: z.number().min(0),
  clock_behind_seconds: z.number().min(0),
  clock_ahead_seconds: z.number().min(0),
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
const fnNumber = z.string().regex(/^\d{16}$/)
export const kktDocuments = z.strictObject({ fn_number: fnNumber, count, documents: z.array(fnDocument) })
export const replacedFn = z.strictObject({ old_fn_number: fnNumber, new_fn_number: fnNumber })

/** The tasks that are no receipts, as the mock KKT remembers them. */
export const kktTasks = z.strictObject({
  tasks: z.array(
    z.strictObject({
      number: z.int().min(1),
      task_id: z.uuid(),
      kind: z.enum(['open_shift', 'close_shift', 'x_report', 'cash_in', 'cash_out', 'copy']),
      shift_number: count,
      amount: z.number().nullable(),
      fiscal_doc_number: z.int().min(1).nullable(),
    }),
  ),
})

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
