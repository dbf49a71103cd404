import { z } from 'zod'
import { defineFault, PASS } from '../fault.ts'

const takesStatus = 'takes a whole number from 400 to 599'
const takesId = 'takes a string of 1 to 128 characters'
const id = z.string(takesId).min(1, takesId).max(128, takesId)

const rule = z
  .strictObject(
    {
      pos_id: id.optional(),
      receipt_id: id.optional(),
      status: z.int(takesStatus).min(400, takesStatus).max(599, takesStatus),
    },
    { error: (issue) => (issue.code === 'invalid_type' ? 'takes null or {pos_id?, receipt_id?, status}' : undefined) },
  )
  .refine((given) => given.pos_id !== undefined || given.receipt_id !== undefined, 'takes pos_id, receipt_id or both')

/** Receipts of this till, or this one receipt, are answered with the given error status and not taken. Where both are given, both must match. */
export const refuse = defineFault({
  name: 'refuse',
  stage: 'before_effect',
  config: rule.nullable(),
  initial: null,
  inHealth: false,
  decide: (refused, { operation, about }) => {
    if (refused === null || operation !== 'submit') return PASS
    const { status, ...wanted } = refused
    const matches = Object.entries(wanted).every(([field, value]) => about[field] === value)
    return matches ? { kind: 'answer', status, body: { error: 'Receipt refused' } } : PASS
  },
})
