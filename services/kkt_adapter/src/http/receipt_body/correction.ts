import { z } from 'zod'
import type { Correction, Original } from '../../domain/correction.ts'
import { readableText } from '../../domain/readable_text.ts'
import { said } from '../../domain/said.ts'
import { day, digits } from './fields.ts'

const MAX_NUMBER_CHARACTERS = 32
const MAX_FD_NUMBER = 2 ** 32 - 1
const MAX_SIGN = 2 ** 32 - 1

const date = day('The day of the settlement that is corrected (tag 1178)')
const number = readableText(MAX_NUMBER_CHARACTERS).meta({
  description: "The number of the tax office's order (tag 1179)",
})
const KIND = "On one's own, or by an order of the tax office (tag 1173)"

/** Makes a correction of the receipt's `type`. */
export const correction: z.ZodType<Correction> = z
  .discriminatedUnion(
    'type',
    [
      z.strictObject({ type: z.literal('self').meta({ description: KIND }), date, number: number.exactOptional() }),
      z.strictObject({ type: z.literal('instruction').meta({ description: KIND }), date, number }),
    ],
    { error: ({ code }) => (code === 'invalid_union' ? 'must be one of self, instruction' : undefined) },
  )
  .meta({ id: 'Correction' })

const mustBeSign = `must be text of 1 to 10 digits, at most ${MAX_SIGN}`

export const original = z
  .strictObject({
    receipt_id: z
      .guid('must be a receipt_id, which is a UUID')
      .transform((id) => id.toLowerCase())
      .meta({ description: "The receipt's id, as an answer gave it" })
      .exactOptional(),
    fn: digits(/^[0-9]{16}$/, [16], 'The number of the FN that holds it').exactOptional(),
    fd: z
      .int(`must be a whole number from 1 to ${MAX_FD_NUMBER}`)
      .min(1)
      .max(MAX_FD_NUMBER)
      .meta({ description: "The document's number (FD)" })
      .exactOptional(),
    fpd: z
      .string(mustBeSign)
      .regex(/^[0-9]{1,10}$/, mustBeSign)
      .refine((sign) => Number(sign) <= MAX_SIGN, mustBeSign)
      .meta({ description: "The document's sign (FPD)" })
      .exactOptional(),
  })
  .transform(({ receipt_id: receiptId, fn, fd, fpd }, context): Original => {
    const byNumbers = { fn, fd, fpd }
    if (receiptId !== undefined && Object.keys(said(byNumbers)).length === 0) return { receiptId }
    if (receiptId === undefined && fn !== undefined && fd !== undefined && fpd !== undefined) {
      return { fnNumber: fn, fdNumber: fd, fiscalSign: fpd }
    }
    context.addIssue('must have receipt_id only, or fn, fd and fpd')
    return z.NEVER
  })
  .meta({ id: 'Original' })
