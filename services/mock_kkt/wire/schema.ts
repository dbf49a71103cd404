/** The wire of the service. Unknown fields are ignored, as the real one does. */
import { MAX_ID_LENGTH } from '@kkt/fault-kit/fields.ts'
import { z } from 'zod'

const uuid = z.string().min(1).max(MAX_ID_LENGTH)

/** The most tasks of one request: far more than a till sends. */
const MAX_TASKS = 100

export const submission = z.looseObject({
  uuid: uuid.meta({ description: 'Its name, given by the client. A second request of this name gets 409' }),
  request: z
    .array(z.unknown())
    .min(1)
    .max(MAX_TASKS)
    .meta({ description: 'The tasks, done in order. The first that fails interrupts the rest' }),
  callbacks: z
    .looseObject({
      resultUrl: z
        .string()
        .regex(/^https?:\/\//, 'must be a URL that begins with http:// or https://')
        .optional()
        .meta({ description: 'The results are posted there once, at the end' }),
    })
    .optional()
    .meta({ description: 'Addresses of the client' }),
  lockUuid: z
    .string()
    .max(MAX_ID_LENGTH)
    .optional()
    .meta({ description: 'Taken and not used: no device can be locked' }),
})

export const accepted = z.object({
  number: z.int().meta({ description: 'Its place in the queue, from 1' }),
  uuid: z.string().meta({ description: 'Its name' }),
  isBlocked: z.boolean().meta({ description: 'Whether the queue stands still' }),
  blockedUUID: z.string().meta({ description: 'The request that it waits for. Empty where it does not' }),
})

export const error = z
  .object({
    error: z
      .object({
        code: z.int().meta({ description: 'The number of the error' }),
        description: z.string().meta({ description: 'The error in words' }),
      })
      .meta({ description: 'The reason' }),
  })
  .meta({ id: 'ServiceError' })

const taskError = z
  .object({
    code: z.int().meta({ description: "The driver's number of it. 0: there is none" }),
    description: z.string().meta({ description: 'The error in words' }),
  })
  .nullable()

const taskStatus = z.enum(['wait', 'inProgress', 'ready', 'error', 'interrupted', 'blocked', 'canceled'])
const taskResult = z.object({
  status: taskStatus.meta({ description: 'Where the task stands' }),
  error: taskError.meta({ description: 'Null while the task waits or is at work' }),
  result: z.looseObject({}).nullable().meta({ description: "The task's result, by its type" }),
  warnings: z.looseObject({}).optional().meta({ description: 'Warnings about the task' }),
})

export const results = z.object({
  results: z.array(taskResult).meta({ description: 'One for each task, in order' }),
})

export const queueStatus = z.object({
  number: z.int().meta({ description: 'Requests that have not ended' }),
  canceled: z.int().meta({ description: 'Requests that were deleted' }),
  ready: z.int().meta({ description: 'Requests that have ended' }),
  isBlocked: z.boolean().meta({ description: 'Whether the queue stands still' }),
  blockReason: z
    .enum(['paperError', 'connectionError', 'fnError'])
    .optional()
    .meta({ description: 'The reason. Absent where the queue goes on' }),
  blockedUUID: z.string().optional().meta({ description: 'The request that it waits for' }),
})

export const serverInfo = z.object({
  serverVersion: z.string().meta({ description: 'The version of the service' }),
  driverVersion: z.string().meta({ description: 'The version of the driver' }),
  os: z.string().meta({ description: 'The system' }),
  currentDateTime: z.string().meta({ description: "The service's time" }),
})

/** The counters in health, beside the state of the faults. */
export const counters = z.object({
  requests: z.int().meta({ description: 'Requests that are kept' }),
  unfinished: z.int().meta({ description: 'Those that have not ended' }),
  receipts_made: z.int().meta({ description: 'Receipts that their tasks have made' }),
})

/** The body of an answer that says nothing. */
export const nothing = z.object({})

/** The answer to a query, which differs by the query. */
export const queryAnswer = z.looseObject({})

/** A receipt, as the control side lists it. */
export const ledgerRow = z.object({
  receipt_id: z.string().meta({ description: 'The uuid of its request' }),
  pos_id: z.null().meta({ description: 'The register knows no tills' }),
  kkt_id: z.null().meta({ description: 'The service has one register' }),
  task_type: z.string().meta({ description: 'The type of its task' }),
  fiscal_doc_number: z.int().meta({ description: "The document's number in the FN" }),
  fn_number: z.string().meta({ description: 'The FN that holds it' }),
  total: z.number().nullable().meta({ description: 'Its total. Null where the FN no longer tells it' }),
  made_at: z.iso.datetime().nullable().meta({ description: 'The end of its request' }),
})

/** A request, as the control side lists it. */
export const requestRow = z.object({
  number: z.int().meta({ description: 'The ordinal of its arrival, from 1' }),
  uuid: z.string().meta({ description: 'Its name' }),
  status: taskStatus.meta({ description: 'Of the task that failed or is at work, or else of the last one' }),
  received_at: z.iso.datetime().nullable().meta({ description: 'The time at which it was taken' }),
  ended_at: z.iso.datetime().nullable().meta({ description: 'The time of its end. Null before that' }),
  tasks: z
    .array(taskResult.extend({ task: z.unknown().meta({ description: 'The task as it was sent' }) }))
    .meta({ description: 'Its tasks, each with what became of it' }),
})

/** A document of the FN, as the control side lists it. */
export const documentRow = z.object({
  kind: z
    .enum(['receipt', 'shift_opening', 'shift_closing', 'registration', 'ofd_report'])
    .meta({ description: 'Its kind' }),
  fn_number: z.string().meta({ description: 'The FN that holds it' }),
  fd_number: z.int().meta({ description: 'Its number in the FN' }),
  fiscal_sign: z.string().meta({ description: "The FN's signature" }),
  fiscal_datetime: z.string().meta({ description: "Its time, by the register's clock" }),
  shift_number: z.int().meta({ description: 'The shift that it belongs to' }),
  user_attribute: z
    .object({
      name: z.string().meta({ description: 'Tag 1085' }),
      value: z.string().meta({ description: 'Tag 1086' }),
    })
    .nullable()
    .meta({ description: 'The tag 1084 of a receipt, by which a client may know its own' }),
  is_on_paper: z.boolean().meta({ description: 'Whether it was printed. An electronic receipt counts as printed' }),
  is_sent: z.boolean().meta({ description: 'Whether the OFD has it' }),
})

export const swappedFn = z.object({
  old_fn_number: z.string().meta({ description: 'The FN that was taken out' }),
  new_fn_number: z.string().meta({ description: 'The FN that is in the register now. It is registered' }),
})
