/** The answers of the mock cash register on the network that only its own control side gives. */
import { z } from 'zod'

/** `unfinished`: the requests that are in its queue or at work. */
export const registerHealth = z.looseObject({ unfinished: z.int().min(0) })

const task = z.looseObject({
  task: z.looseObject({ type: z.string(), cashSum: z.number().optional() }),
  status: z.string(),
})
/** The requests for tasks, with the tasks as they were sent. */
export const registerRequests = z.object({
  requests: z.array(
    z.looseObject({
      uuid: z.string(),
      status: z.string(),
      received_at: z.string(),
      ended_at: z.string().nullable(),
      tasks: z.array(task),
    }),
  ),
})
export type RegisterRequest = z.infer<typeof registerRequests>['requests'][number]

/** A document of any kind. `user_attribute`: tag 1084 of a receipt. */
const registersDocument = z.looseObject({
  kind: z.string(),
  fd_number: z.int().min(1),
  fiscal_sign: z.string(),
  fiscal_datetime: z.string(),
  shift_number: z.int(),
  user_attribute: z.strictObject({ name: z.string(), value: z.string() }).nullable(),
  is_on_paper: z.boolean(),
})
export type RegistersDocument = z.infer<typeof registersDocument>
export const registerDocuments = z.object({ documents: z.array(registersDocument) })
