/** The state of a task, as an export holds it. */
import { z } from 'zod'
import type { TaskState } from './task_state.ts'

const error = z.strictObject({ code: z.int(), description: z.string() })
const expected = z.strictObject({ expectedFd: z.int(), fnNumber: z.string() })

export const savedState: z.ZodType<TaskState> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['wait', 'interrupted', 'canceled']) }),
  z.strictObject({ kind: z.literal('inProgress'), expected: expected.nullable() }),
  z.strictObject({
    kind: z.literal('blocked'),
    blocked: expected.extend({
      reason: z.enum(['connectionError', 'fnError', 'paperError']),
      error,
      ms: z.number().min(0),
    }),
  }),
  z.strictObject({
    kind: z.literal('ready'),
    result: z.looseObject({}).nullable(),
    warnings: z.looseObject({}).nullable(),
  }),
  z.strictObject({ kind: z.literal('error'), error }),
])
