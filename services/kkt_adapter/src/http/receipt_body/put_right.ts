/** The body of `POST /v1/kkt/correction`. */
import { z } from 'zod'
import { CORRECTION_TYPES, type DocumentNumbers } from '../../domain/correction.ts'
import type { ReceiptContent, ReceiptId } from '../../domain/receipt.ts'
import { receiptBody } from '../receipt_schema.ts'
import { KIND, orderNumber, originalFields, originalOf, settlementDate } from './correction.ts'
import { oneOf } from './fields.ts'

/** A wrong receipt of this adapter, or any with its numbers and its body. */
export type Wrong =
  | { kind: 'known'; id: ReceiptId }
  | { kind: 'told'; numbers: DocumentNumbers; content: ReceiptContent }

/** Why it is put right, as far as it was said. An order of the tax office has its number. */
type Reason = { type: 'self'; number: string | undefined } | { type: 'instruction'; number: string }

export type PutRight = { reason: Reason; date: string | undefined } & (
  | { wrong: Wrong; right: ReceiptContent | null }
  | { wrong: null; right: ReceiptContent; date: string }
)

const wrong = originalFields
  .extend({ receipt: receiptBody.meta({ description: 'Its body, beside its numbers' }).exactOptional() })
  .transform(({ receipt, ...named }, context): Wrong => {
    const of = originalOf(named)
    if (of?.receiptId !== undefined && receipt === undefined) return { kind: 'known', id: of.receiptId as ReceiptId }
    if (of !== undefined && of.receiptId === undefined && receipt !== undefined) {
      return { kind: 'told', numbers: of, content: receipt }
    }
    context.addIssue('must have receipt_id only, or fn, fd, fpd and receipt')
    return z.NEVER
  })

const fields = z.strictObject({
  wrong: wrong
    .meta({
      description:
        'The receipt that was wrong: by its `receipt_id`, or by the numbers of its document and its body. Without it: the settlement was never fiscalised',
    })
    .optional(),
  right: receiptBody
    .meta({
      description:
        'The receipt as it should have been, with the rates of its own time. Without it: the wrong one is only taken back',
    })
    .optional(),
  type: oneOf(CORRECTION_TYPES, KIND),
  date: settlementDate.optional().meta({
    description:
      'The day of the settlement, not after today (tag 1178). Without it: that of the wrong receipt, which has to have its `receipt_id` then',
  }),
  number: orderNumber.optional(),
})

type Fields = z.output<typeof fields>

export const putRightBody = fields.transform((body, context): PutRight => {
  const faults = [...faultsOf(body)]
  for (const fault of faults) context.addIssue({ code: 'custom', ...fault })
  const wanted = faults.length === 0 ? wantedOf(body) : null
  return wanted ?? z.NEVER
})

type Fault = { path: string[]; message: string }

function* faultsOf({ wrong, right, type, date, number }: Fields): Iterable<Fault> {
  if (wrong === undefined && right === undefined) yield { path: ['right'], message: 'must be there where wrong is not' }
  if (date === undefined && wrong?.kind !== 'known') {
    yield { path: ['date'], message: 'must be there where wrong has no receipt_id' }
  }
  if (type === 'instruction' && number === undefined) {
    yield { path: ['number'], message: "must be there: the tax office's order has a number" }
  }
  if (right?.correction !== undefined) {
    yield { path: ['right', 'correction'], message: 'must not be there: type, date and number say it' }
  }
  if (right?.refundOf !== undefined) {
    yield { path: ['right', 'refund_of'], message: 'must not be there: tag 1192 has the wrong document' }
  }
  if (right?.attribute !== undefined && wrong !== undefined) {
    yield { path: ['right', 'attribute'], message: 'must not be there: tag 1192 has the wrong document' }
  }
}

/** @returns null for fields that have a fault */
function wantedOf({ wrong, right, type, date, number }: Fields): PutRight | null {
  const reason: Reason | null =
    type === 'self' ? { type, number } : number === undefined ? null : { type: 'instruction', number }
  if (reason === null) return null
  if (wrong !== undefined) return { reason, date, wrong, right: right ?? null }
  return right === undefined || date === undefined ? null : { reason, date, wrong: null, right }
}
