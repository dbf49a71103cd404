import { z } from 'zod'
import type { Correction, Original } from '../../domain/correction.ts'
import { readableText } from '../../domain/readable_text.ts'
import { said } from '../../domain/said.ts'
import { day, digits, receiptId } from './fields.ts'

const MAX_NUMBER_CHARACTERS = 32
const MAX_FD_NUMBER = 2 ** 32 - 1
const MAX_SIGN = 2 ** 32 - 1

export const settlementDate = day('The day of the settlement that is corrected, not after today (tag 1178)')
export const orderNumber = readableText(MAX_NUMBER_CHARACTERS).meta({
  description: "The number of the tax office's order (tag 1179)",
})
export const KIND = "On one's own, or by an order of the tax office (tag 1173)"

/** Makes a correction of the receipt's `type`. */
export const correction: z.ZodType<Correction> = z
  .discriminatedUnion(
    'type',
    [
      z.strictObject({
        type: z.literal('self').meta({ description: KIND }),
        date: settlementDate,
        number: orderNumber.exactOptional(),
      }),
      z.strictObject({
        type: z.literal('instruction').meta({ description: KIND }),
        date: settlementDate,
        number: orderNumber,
      }),
    ],
    { error: ({ code }) => (code === 'invalid_union' ? 'must be one of self, instruction' : undefined) },
  )
  .meta({ id: 'Correction' })

const mustBeSign = `must be text of 1 to 10 digits, at most ${MAX_SIGN}`

/** A receipt by its id, or a document by its numbers. */
export const originalFields = z.strictObject({
  receipt_id: receiptId.exactOptional(),
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

/** @returns undefined for fields that name nothing, or two things */
export function originalOf({
  receipt_id: receiptId,
  fn,
  fd,
  fpd,
}: z.output<typeof originalFields>): Original | undefined {
  const byNumbers = { fn, fd, fpd }
  if (receiptId !== undefined) return Object.keys(said(byNumbers)).length === 0 ? { receiptId } : undefined
  if (fn === undefined || fd === undefined || fpd === undefined) return undefined
  return { fnNumber: fn, fdNumber: fd, fiscalSign: fpd }
}

export const original = originalFields
  .transform((fields, context): Original => {
    const named = originalOf(fields)
    if (named !== undefined) return named
    context.addIssue('must have receipt_id only, or fn, fd and fpd')
    return z.NEVER
  })
  .meta({ id: 'Original' })
