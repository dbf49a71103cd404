import { z } from 'zod'
import { readableText } from '../domain/readable_text.ts'
import type { TaskId } from '../domain/task.ts'
import { idempotencyKey } from './idempotency_key.ts'
import { someRoubles } from './receipt_body/fields.ts'
import { cashier } from './receipt_body/people.ts'

/** A sentence or two: the audit log and the slip show it. */
const MAX_REASON_CHARACTERS = 256

export const taskId = z
  .guid('must be a task_id, which is a UUID')
  .transform((id) => id.toLowerCase() as TaskId)
  .meta({ description: "The task's id, a UUID, as an answer gave it" })

const reason = (description: string) =>
  readableText(MAX_REASON_CHARACTERS)
    .optional()
    .meta({ description: `${description}. No control character` })

export const cashBody = z.strictObject({
  amount: someRoubles('The sum'),
  reason: reason('What it is for, for the slip and the audit log'),
})

export const shiftBody = z.strictObject({
  cashier: cashier
    .meta({ description: 'The cashier that the document names. Without it: that of the settings for all tills' })
    .optional(),
})

export const noFields = z.strictObject({})

export const settleBody = z.strictObject({
  done: z.boolean('must be true or false').meta({ description: 'Whether the KKT has done it' }),
  reason: reason('How that was found out, for the audit log'),
})

export const keyRequired = z.object({ 'idempotency-key': idempotencyKey })

/** Where a task is harmless to repeat, or known by the number of its shift. */
export const keyOptional = z.object({ 'idempotency-key': idempotencyKey.optional() })
