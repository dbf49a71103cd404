/** The OFD's side of the wire, separate on purpose: the adapter's schema would accept the adapter's own mistakes. */
import { z } from 'zod'

const id = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)
const roubles = z.number().positive()
/** A gift has the price 0. */
const price = z.number().nonnegative()
const ordinal = z.int().positive()

// Loose throughout: an OFD takes documents with unknown fields, and keeps those fields.
const item = z.looseObject({
  // Characters, not UTF-16 units: a name may hold 128 characters that take two units each.
  name: z.string().regex(/^.{1,128}$/su, 'takes 1 to 128 characters'),
  price,
  quantity: z.number().positive(),
  total: price,
  vat_rate: z.literal([0, 5, 7, 10, 20, 22]).nullable(),
})

const fiscalDoc = z.looseObject({
  fiscal_doc_number: ordinal,
  fiscal_sign: z.string().regex(/^\d{10}$/),
  fiscal_datetime: z.iso.datetime({ offset: true }),
  fn_number: z.string().regex(/^\d{16}$/),
  kkt_number: z.string().min(1),
  shift_number: ordinal,
  receipt_number: ordinal,
  total: roubles,
  qr_code_data: z.string().min(1),
})

export const receipt = z.looseObject({
  receipt_id: z.uuid(),
  pos_id: id,
  kkt_id: id,
  type: z.enum(['sale', 'refund']),
  items: z.array(item).min(1).max(100),
  payments: z
    .array(z.looseObject({ type: z.enum(['cash', 'card', 'other']), amount: roubles }))
    .min(1)
    .max(10),
  total: roubles,
  fiscal_doc: fiscalDoc,
})
export type Receipt = z.infer<typeof receipt>

/** The highest token that a sender may have: its successor is still exact in a JavaScript number. */
export const MAX_TOKEN = 2 ** 52
const fencingToken = z
  .string()
  .regex(/^\d{1,16}$/, 'takes a whole number')
  .transform(Number)
  .refine((token) => token <= MAX_TOKEN, `takes at most ${MAX_TOKEN}`)
  .optional()
export const receiptHeaders = z.object({ 'fencing-token': fencingToken })
export const lookupHeaders = z.object({ 'fencing-token': fencingToken, 'kkt-id': z.string().max(64).optional() })

export const accepted = z.object({
  status: z.literal('accepted'),
  ofd_id: z.string(),
  timestamp: z.int(),
  receipt_id: z.string(),
})
export const lookupParams = z.object({ receipt_id: z.string().min(1).max(128) })
export const found = accepted.extend({ status: z.enum(['accepted', 'rejected']) })
export const absent = z.object({ status: z.literal('not_found'), receipt_id: z.string() })
export const refusal = z.object({ error: z.string() })

/** The counters in health, beside the state of the faults. */
export const counters = z.object({
  call_count: z.int(),
  receipts_received: z.int(),
  duplicates: z.int(),
  out_of_order: z.int(),
  stale_fence: z.int(),
})
