import { defineFault } from '@kkt/fault-kit/fault.ts'
import { wholeNumber } from '@kkt/fault-kit/fields.ts'
import { z } from 'zod'

/** The driver's own numbers end before this. */
const MAX_CODE = 1000

export const taskError = defineFault({
  name: 'task_error',
  summary: 'A task ends with the error `code` at a step, and no document is made.',
  example: { code: 44, at: 'close', times: 1 },
  stage: 'task',
  operation: 'submit',
  bareNumber: 'code',
  parameters: {
    code: wholeNumber("the driver's number of the error", { min: 1, max: MAX_CODE }).default(2),
    at: z
      .enum(['open', 'position', 'close'], 'takes open, position or close')
      .default('open')
      .meta({ description: 'the step: opening the document, a position, or closing it' }),
  },
  begin:
    ({ code, at }) =>
    () => ({ kind: 'in_task', how: { kind: 'error', code, at } }),
})
