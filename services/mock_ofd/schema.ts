/** The OFD's side of the wire, separate on purpose: the adapter's schema would accept the adapter's own mistakes. */
import { z } from 'zod'

const id = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)
const roubles = (description: string) =>
  z
    .number()
    .positive()
    .meta({ description: `${description}, in roubles` })
/** A gift has the price 0. */
const price = (description: string) =>
  z
    .number()
    .nonnegative()
    .meta({ description: `${description}, in roubles` })
const ordinal = (description: string) => z.int().positive().meta({ description })

// Loose throughout: an OFD takes documents with unknown fields, and keeps those fields.
const item = z
  .looseObject({
    // Characters, not UTF-16 units: a name may hold 128 characters that take two units each.
    name: z
      .string()
      .regex(/^.{1,128}$/su, 'takes 1 to 128 characters')
      .meta({ description: 'The name on the receipt', minLength: 1, maxLength: 128, pattern: undefined }),
    price: price('The price of one unit'),
    quantity: z.number().positive().meta({ description: 'In units of the thing sold' }),
    total: price("The item's sum"),
    vat_rate: z.literal([0, 5, 7, 10, 20, 22]).nullable().meta({ description: 'In percent. Null: without VAT' }),
  })
  .meta({ id: 'Item' })

const fiscalDoc = z
  .looseObject({
    fiscal_doc_number: ordinal("The document's number (FD), counted by the FN"),
    fiscal_sign: z
      .string()
      .regex(/^\d{1,10}$/)
      .meta({ description: "The FN's signature of the document (FPD)" }),
    fiscal_datetime: z.iso.datetime({ offset: true }).meta({ description: "By the KKT's clock" }),
    fn_number: z
      .string()
      .regex(/^\d{16}$/)
      .meta({ description: 'The number of the fiscal memory' }),
    kkt_number: z.string().min(1).meta({ description: 'The number of the cash register' }),
    shift_number: ordinal('The number of the shift'),
    receipt_number: ordinal('Counted within the shift'),
    total: roubles("The receipt's sum"),
    qr_code_data: z.string().min(1).meta({ description: "The text of the receipt's QR code" }),
  })
  .meta({ id: 'FiscalDocument' })

export const receipt = z.looseObject({
  receipt_id: z.uuid().meta({ description: "The receipt's id. A receipt that is sent again gets its first answer" }),
  pos_id: id.meta({ description: "The till's name" }),
  kkt_id: id.meta({ description: "The cash register's name" }),
  type: z.enum(['sale', 'refund']).meta({ description: 'A sale, or the return of a sale' }),
  items: z.array(item).min(1).max(100).meta({ description: 'The things sold' }),
  payments: z
    .array(
      z
        .looseObject({
          type: z.enum(['cash', 'card', 'other']).meta({ description: 'The way of paying' }),
          amount: roubles('The sum paid in this way'),
        })
        .meta({ id: 'Payment' }),
    )
    .min(1)
    .max(10)
    .meta({ description: 'The ways of paying' }),
  total: roubles("The receipt's sum"),
  fiscal_doc: fiscalDoc.meta({ description: 'The document as the FN made it' }),
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
  .meta({
    description: 'Grows with each sender. A lower one than the highest seen of this KKT is refused',
    type: 'integer',
    pattern: undefined,
    minimum: 0,
    maximum: MAX_TOKEN,
  })
export const receiptHeaders = z.object({ 'fencing-token': fencingToken })
export const lookupHeaders = z.object({
  'fencing-token': fencingToken,
  'kkt-id': z.string().max(64).optional().meta({ description: 'The KKT whose sender asks' }),
})

export const accepted = z.object({
  status: z.literal('accepted').meta({ description: 'The OFD holds the receipt' }),
  ofd_id: z.string().meta({ description: "The OFD's own name of the receipt" }),
  timestamp: z.int().meta({ description: 'The time of its first receipt, in Unix seconds' }),
  receipt_id: z.string().meta({ description: 'The receipt that this answer is about' }),
})
export const lookupParams = z.object({
  receipt_id: z.string().min(1).max(128).meta({ description: "The receipt's id" }),
})
export const found = accepted.extend({
  status: z
    .enum(['accepted', 'rejected'])
    .meta({ description: 'Whether the OFD keeps it, or has rejected it after all' }),
})
export const absent = z.object({
  status: z.literal('not_found').meta({ description: 'The OFD has no such receipt' }),
  receipt_id: z.string().meta({ description: 'The id that was asked for' }),
})
export const refusal = z.object({ error: z.string().meta({ description: 'The reason' }) })

/** The counters in health, beside the state of the faults. */
export const counters = z.object({
  call_count: z.int().meta({ description: 'Submissions since the reset' }),
  receipts_received: z.int().meta({ description: 'Receipts taken' }),
  duplicates: z.int().meta({ description: 'Submissions of a receipt that was known' }),
  out_of_order: z
    .int()
    .meta({ description: 'Receipts whose document was older than one that the till had sent before' }),
  stale_fence: z.int().meta({ description: 'Calls with an outdated fencing token' }),
})
