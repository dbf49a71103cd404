/** The forms of the control side's answers. Its routes do not check them; tests do. */
import { z } from 'zod'
import type { shownCall } from '../calls.ts'
import { type Finding, MAX_FINDINGS } from '../finding.ts'
import { NEAR_MISSES } from '../goal.ts'
import { MAX_PIECE_LENGTH, type shownWire } from '../wire.ts'

const idOrNull = (description: string) => z.string().nullable().meta({ description })

/** The things that a mock found wrong with a document. */
export const findingsForm: z.ZodType<readonly Finding[]> = z
  .array(
    z
      .object({
        tag: z.int().nullable().meta({ description: 'The tag of the FFD. Null for a field that has none' }),
        pointer: z.string().meta({ description: 'The place: a JSON Pointer into the body' }),
        code: z.string().meta({ description: 'The check that found it' }),
        message: z.string().meta({
          description: 'Continues a sentence that begins with the name of the place: `is missing`',
        }),
      })
      .meta({ id: 'Finding' }),
  )
  .meta({ description: `What is wrong with the document, ${MAX_FINDINGS} findings at most. Empty where nothing is` })

const callFields = {
  number: z.int().meta({ description: "The call's ordinal since the reset, from 1" }),
  time: z.iso.datetime().nullable().meta({ description: 'The time of its arrival' }),
  operation: z.enum(['submit', 'lookup']).meta({ description: 'Whether it sent a document or asked about one' }),
  receipt_id: idOrNull('The receipt that it was about. Null where it named none'),
  pos_id: idOrNull('The till of that receipt. Null where it named none'),
  kkt_id: idOrNull('The KKT that sent it. Null where it named none'),
  attempt: z.int().meta({
    description:
      'The ordinal of the submission of this receipt, from 1. For a look-up: the number of submissions so far',
  }),
  fault: z.string().nullable().meta({ description: 'The last fault that struck. Null without one' }),
  effect: z.boolean().meta({ description: 'Whether the mock took something new' }),
  reply_sent: z.boolean().meta({ description: 'Whether the whole answer was sent' }),
  status: z.int().nullable().meta({ description: 'The answered status. Null while, or where, nothing was answered' }),
  under_way: z.boolean().meta({ description: 'Whether the outcome is still open' }),
  findings: findingsForm,
  task: z
    .object({
      type: z.string().meta({ description: 'Its type' }),
      status: z
        .string()
        .nullable()
        .meta({ description: 'The status of all tasks of the call. Null before the first begins' }),
      fd_number: z.int().nullable().meta({ description: 'The document that was made. Null without one' }),
    })
    .optional()
    .meta({ description: 'The first task that it sent, where the mock does tasks' }),
}
export const callForm: z.ZodType<ReturnType<typeof shownCall>> = z.object(callFields).meta({ id: 'Call' })

const piece = (description: string) =>
  z
    .object({
      text: z.string().meta({ description: `Its beginning, ${MAX_PIECE_LENGTH} characters at most` }),
      length: z.int().meta({ description: 'The length of the whole, in UTF-16 units' }),
    })
    .nullable()
    .meta({ description })

const wireForm: z.ZodType<ReturnType<typeof shownWire> | null> = z
  .object({
    sent: piece('The body that came. Null where none came, or none that is text'),
    answered: piece('The body that was answered. Null where nothing was'),
    struck: z
      .array(
        z.object({
          fault: z.string().meta({ description: "The fault's name" }),
          summary: z.string().meta({ description: 'The effect of the fault' }),
        }),
      )
      .meta({ description: 'Each fault that struck, in order' }),
  })
  .nullable()

const count = (description: string) => z.int().meta({ description })

export const callsPage = z.object({
  count: count('All kept calls that match'),
  kept_at_most: count('The mock keeps so many calls, the newest'),
  calls: z.array(callForm).meta({ description: 'Oldest first' }),
})

export const callWhole = z.object({
  ...callFields,
  wire_kept_of: count('Bodies are kept of so many calls, the newest'),
  wire: wireForm.meta({ description: 'The bodies of the call. Null where they are no longer kept' }),
})

/** @param row the form of one document */
export const ledgerPage = (counted: string, row: z.ZodType) =>
  z.object({
    count: count(`All kept ${counted} that match`),
    kept_at_most: count(`The mock keeps so many ${counted}, the newest`),
    [counted]: z.array(row).meta({ description: 'Oldest first' }),
  })

const numbers = (description: string) => z.record(z.string(), z.int()).meta({ description })

/** @param ledger the mock's own counters */
export const countersForm = (ledger: z.ZodObject) =>
  z.object({
    calls: count('All calls since the reset'),
    submits: count('Those that sent a document'),
    lookups: count('Those that asked about one'),
    by_outcome: numbers('The number of calls by their status; `none` got no answer, and `cut` a part of one'),
    by_fault: numbers('The number of strikes by their fault'),
    ...ledger.shape,
  })

export const reached = z.looseObject({
  status: z.literal('reached').meta({ description: 'The goal is reached. Beside it stands the counter' }),
})

/** @param ledger the mock's own counters */
export const notReached = (ledger: z.ZodObject) =>
  z.looseObject({
    status: z
      .enum(['timeout', 'reset'])
      .meta({ description: 'The time is over, or a reset came. Beside it: the counter' }),
    came_instead: z
      .object({
        counters: countersForm(ledger).meta({ description: 'All counters' }),
        last_calls: z
          .array(
            z.object({
              ...callFields,
              why_not: z.array(z.string()).meta({ description: 'The reasons why it does not count' }),
            }),
          )
          .meta({ description: `The newest calls that do not count, ${NEAR_MISSES} at most` }),
      })
      .optional()
      .meta({ description: 'Only after a time-out' }),
  })

export const faultsForm = z.object({
  faults: z
    .array(
      z.object({
        name: z.string().meta({ description: "The fault's field in the configuration" }),
        summary: z.string().meta({ description: 'The effect of the fault' }),
        operation: z
          .enum(['submit', 'lookup', 'any'])
          .meta({ description: 'The calls that it strikes unless it is said' }),
        parameters: z.looseObject({}).meta({ description: 'The fields of its plan, as JSON Schema' }),
        bare_number: z.string().nullable().meta({ description: 'The parameter that a bare number sets' }),
        example: z.looseObject({}).meta({ description: 'A configuration that puts it on' }),
        off: z.union([z.boolean(), z.string(), z.int()]).meta({ description: 'The value that ends it' }),
      }),
    )
    .meta({ description: 'In the order in which they strike' }),
})
