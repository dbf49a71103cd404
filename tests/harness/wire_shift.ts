/** The shift, the drawer and the tasks of the KKT, as the contract has them. */
import { z } from 'zod'

const count = z.int().min(0)
const roubles = z.number().multipleOf(0.01)
const instant = z.iso.datetime()

const ofOperation = z.strictObject({
  count,
  sum: roubles,
  payments: z.strictObject({ cash: roubles, card: roubles, prepaid: roubles, credit: roubles, other: roubles }),
})
const operations = { sale: ofOperation, refund: ofOperation, buy: ofOperation, buy_refund: ofOperation }
const movements = z.strictObject({ count, sum: roubles })

const totals = z.strictObject({
  ...operations,
  corrections: z.strictObject({ count, ...operations }),
  cash_in: movements,
  cash_out: movements,
})

const drawer = { drawer: roubles.nullable(), drawer_counted_by: z.enum(['kkt', 'adapter']).nullable() }

export const shiftNow = z.strictObject({
  state: z.enum(['closed', 'opened', 'expired']),
  number: count,
  opened_at: instant.nullable(),
  expires_at: instant.nullable(),
  closes_at: instant.nullable(),
  totals,
  ...drawer,
})

const shiftDocument = z.object({
  kind: z.enum(['shift_opening', 'shift_closing']),
  fiscal_doc_number: z.int().min(1),
  fiscal_sign: z.string().regex(/^\d{1,10}$/),
  fn_number: z.string().regex(/^\d{16}$/),
  shift_number: z.int().min(1),
  receipt_count: count.optional(),
  document_count: count.optional(),
})

/** A task that is done. */
export const taskDone = z.strictObject({
  task_id: z.uuid(),
  status: z.literal('done'),
  fiscal_doc: shiftDocument.nullable(),
  totals: totals.nullable(),
  ...drawer,
  message: z.string().min(1),
  warnings: z.array(z.strictObject({ code: z.string(), message: z.string().min(1) })),
})

export const shiftList = z.object({
  shifts: z.array(
    z.object({
      fn_number: z.string(),
      number: count,
      opening: shiftDocument.nullable(),
      closing: shiftDocument.nullable(),
      totals: totals.nullable(),
    }),
  ),
  next_cursor: z.string().nullable(),
})
