/** The OFD's side of the wire. The form of a receipt's document is in receipt_form.ts. */
import { integer } from '@kkt/platform/settings.ts'
import { z } from 'zod'
import { MAX_KEPT_RECEIPTS } from './ledger_book.ts'
import { registerNumbers } from './register_document.ts'

/** An FN counts its documents in 32 bits. */
const MAX_FD = 0xffff_ffff

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
  receipt_id: z
    .string()
    .optional()
    .meta({ description: 'The receipt that this answer is about. Absent for a receipt that was sent without an id' }),
})
export const lookupParams = z.object({
  receipt_id: z.string().min(1).max(128).meta({ description: "The receipt's id" }),
})
export const found = accepted.extend({
  receipt_id: z.string().meta({ description: 'The receipt that this answer is about' }),
  status: z
    .enum(['accepted', 'rejected'])
    .meta({ description: 'Whether the OFD keeps it, or has rejected it after all' }),
})
export const absent = z.object({
  status: z.literal('not_found').meta({ description: 'The OFD has no such receipt' }),
  receipt_id: z.string().meta({ description: 'The id that was asked for' }),
})

/** The answers to a cash register that sends its documents by itself. */
export const documentAccepted = accepted.omit({ receipt_id: true }).extend(registerNumbers.shape)
export const documentFound = documentAccepted.extend({ status: found.shape.status })
export const documentParams = z.object({
  fn_number: registerNumbers.shape.fn_number,
  fd_number: integer({ min: 1, max: MAX_FD }).meta({ description: "The document's number (FD)" }),
})
export const documentAbsent = z.object({
  status: z.literal('not_found').meta({ description: 'The OFD has no such document' }),
  fn_number: z.string().meta({ description: 'The FN that was asked for' }),
  fd_number: z.int().meta({ description: 'The FD number that was asked for' }),
})
/** `documents` of the control side. */
export const documentsQuery = z.strictObject({
  fn_number: registerNumbers.shape.fn_number.optional().meta({ description: 'Only documents of this FN' }),
  kind: registerNumbers.shape.kind.optional().meta({ description: 'Only documents of this kind' }),
  limit: integer({ min: 1, max: MAX_KEPT_RECEIPTS })
    .prefault(String(MAX_KEPT_RECEIPTS))
    .meta({ description: 'The most that are listed: the newest' }),
})

export const refusal = z.object({ error: z.string().meta({ description: 'The reason' }) })

/** The counters in health, beside the state of the faults. */
export const counters = z.object({
  call_count: z
    .int()
    .meta({ description: 'Submissions since the reset, of receipts and of cash registers’ documents' }),
  receipts_received: z.int().meta({ description: 'Receipts taken, those from cash registers included' }),
  other_documents: z.int().meta({ description: 'Documents taken from cash registers that are no receipts' }),
  duplicates: z.int().meta({ description: 'Submissions of a document that was known' }),
  out_of_order: z.int().meta({
    description: 'Documents that were older than one that the till, or the cash register itself, had sent before',
  }),
  stale_fence: z.int().meta({ description: 'Calls with an outdated fencing token' }),
  judged_wrong: z.int().meta({
    description: 'Documents in which the judge found something wrong, taken or, by a strict judge, refused',
  }),
})
