/** The call log, as an export holds it. */
import { z } from 'zod'
import { type Call, type CallRecords, MAX_COUNTED_SUBJECTS, MAX_KEPT_CALLS } from './calls.ts'
import { MAX_ID_LENGTH } from './fields.ts'
import { checkNumbers, count, recordOf, savedFindings } from './saved.ts'

/** More than the numbers of statuses and of faults together. */
const MAX_OUTCOMES = 600
const MAX_FAULTS = 200

const callShown = (shown: z.output<typeof savedCall>): Call => ({
  number: shown.number,
  atMs: Date.parse(shown.time),
  operation: shown.operation,
  receiptId: shown.receipt_id,
  posId: shown.pos_id,
  kktId: shown.kkt_id,
  attempt: shown.attempt,
  fault: shown.fault,
  effect: shown.effect,
  status: shown.status,
  isReplied: shown.reply_sent,
  isUnderWay: shown.under_way,
  findings: shown.findings,
  task: shown.task ? { type: shown.task.type, status: shown.task.status, fdNumber: shown.task.fd_number } : null,
  wire: null,
})

const idOrNull = z.string().max(MAX_ID_LENGTH).nullable()
const faultName = z.string().max(64)
const savedTask = z.strictObject({
  type: z.string().max(MAX_ID_LENGTH),
  status: z.string().max(MAX_ID_LENGTH).nullable(),
  fd_number: z.int().nullable(),
})
const savedCall = z
  .strictObject({
    number: z.int().min(1),
    time: z.iso.datetime(),
    operation: z.enum(['submit', 'lookup']),
    receipt_id: idOrNull,
    pos_id: idOrNull,
    kkt_id: idOrNull,
    attempt: count,
    fault: faultName.nullable(),
    effect: z.boolean(),
    reply_sent: z.boolean(),
    status: z.int().min(100).max(599).nullable(),
    // Missing in the first exports.
    under_way: z.boolean().default(false),
    findings: savedFindings,
    task: savedTask.optional(),
  })
  .refine(({ status, reply_sent }) => status !== null || !reply_sent, {
    path: ['status'],
    message: 'must be given where reply_sent is true',
  })
const savedOutcomes = z.strictObject({
  submit: count,
  lookup: count,
  byOutcome: recordOf(z.string().regex(/^(\d{3}|none|cut)$/), count, MAX_OUTCOMES),
  byFault: recordOf(faultName, count, MAX_FAULTS),
})
export const savedCalls: z.ZodType<CallRecords> = z
  .strictObject({
    total: count,
    kept: z.array(savedCall).max(MAX_KEPT_CALLS),
    attempts: recordOf(z.string().max(MAX_ID_LENGTH), z.int().min(1), MAX_COUNTED_SUBJECTS),
    outcomes: savedOutcomes,
  })
  .superRefine(({ total, kept, outcomes: { submit, lookup, byOutcome } }, ctx) => {
    checkNumbers(ctx, { list: kept, path: 'kept', total }, (call, number) => call.number === number)
    const isEachOne = submit + lookup === total
    if (!isEachOne) ctx.addIssue({ code: 'custom', path: ['total'], message: 'must be submit and lookup together' })
    const ended = Object.values(byOutcome).reduce((sum, each) => sum + each, 0)
    const message = 'must not be of more calls than there were'
    if (ended > total) ctx.addIssue({ code: 'custom', path: ['outcomes', 'byOutcome'], message })
  })
  .transform(({ kept, ...counts }) => ({ ...counts, kept: kept.map(callShown) }))
