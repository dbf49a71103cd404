import { toRoubles } from '@kkt/adapter/src/domain/money.ts'
import { TASK_KINDS } from '@kkt/adapter/src/domain/task.ts'
import { problemDocument } from '@kkt/platform/problem.ts'
import { integer } from '@kkt/platform/settings.ts'
import { whole } from '@kkt/platform/whole.ts'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { type Filed, SERVICE_KINDS } from '../device/documents.ts'
import type { DoneTask } from '../device/tasks_done.ts'
import type { MockKkt } from './mock_kkt.ts'

/** A test continues from the last number of the page. */
const MAX_PAGE = 1000

const numbers = {
  fiscal_doc_number: whole.meta({ description: "The document's number in the FN" }),
  shift_number: whole.meta({ description: 'The number of the shift; 0 before the first' }),
  on_paper: z.boolean().meta({ description: 'Whether it came out on paper' }),
}

const filedDocument = z.discriminatedUnion('kind', [
  z.object({
    ...numbers,
    kind: z.literal('receipt').meta({ description: 'The kind of document' }),
    receipt_id: z.string().meta({ description: 'The receipt that it is of' }),
    receipt_number: whole.meta({ description: 'Counted within the shift' }),
  }),
  z.object({
    ...numbers,
    kind: z.enum(SERVICE_KINDS).meta({ description: 'The kind of document' }),
    receipt_id: z.null().meta({ description: 'It is of no receipt' }),
    receipt_number: z.null().meta({ description: 'It is of no receipt' }),
  }),
])

const documentsAnswer = z.object({
  fn_number: z.string().meta({ description: 'The FN that holds them' }),
  count: whole.meta({ description: 'All documents in the FN, whatever the page' }),
  documents: z.array(filedDocument).meta({ description: 'In the order of their numbers' }),
})

function toWire(filed: Filed): z.input<typeof filedDocument> {
  const { fdNumber, shiftNumber, isOnPaper } = filed
  const shown = { fiscal_doc_number: fdNumber, shift_number: shiftNumber, on_paper: isOnPaper }
  return filed.kind === 'receipt'
    ? { ...shown, kind: filed.kind, receipt_id: filed.receiptId, receipt_number: filed.receiptNumber }
    : { ...shown, kind: filed.kind, receipt_id: null, receipt_number: null }
}

const tasksAnswer = z.object({
  tasks: z
    .array(
      z.object({
        number: whole.meta({ description: 'The order in which they were done, from 1' }),
        task_id: z.string().meta({ description: 'The task' }),
        kind: z.enum(TASK_KINDS).meta({ description: 'The kind of task' }),
        shift_number: whole.meta({ description: 'The shift in which it counts' }),
        amount: z.number().nullable().meta({ description: 'Of cash, in roubles. Null: it moved none' }),
        fiscal_doc_number: whole.nullable().meta({ description: 'Of its document. Null: it has none' }),
      }),
    )
    .meta({ description: 'In the order in which they were done. One that was done twice is there twice' }),
})

const replacedAnswer = z.object({
  old_fn_number: z.string().meta({ description: 'The FN that was taken out' }),
  new_fn_number: z.string().meta({ description: 'The FN that is there now. Its first document is its registration' }),
})

const afterNumber = (description: string) =>
  integer({ min: 0, max: Number.MAX_SAFE_INTEGER }).prefault('0').meta({ description })
const pageLimit = (description: string) => integer({ min: 1, max: MAX_PAGE }).prefault('100').meta({ description })

const taskToWire = ({ number, taskId, kind, shiftNumber, amountKopecks, fdNumber }: DoneTask) => ({
  number,
  task_id: taskId,
  kind,
  shift_number: shiftNumber,
  amount: amountKopecks === 0 ? null : toRoubles(amountKopecks),
  fiscal_doc_number: fdNumber,
})

/** The side of the test control that tells what the mock KKT holds. Its FN is replaced, and never wiped. */
export const mockKktMemory = ({
  documentsOf,
  tasks,
  replaceFn,
}: Pick<MockKkt, 'documentsOf' | 'tasks' | 'replaceFn'>) =>
  new Elysia({ name: 'kkt_memory' })
    .get(
      '/documents',
      ({ query }) => {
        const { fnNumber, count, documents } = documentsOf(query.fn ?? null, query.after, query.limit)
        return { fn_number: fnNumber, count, documents: documents.map(toWire) }
      },
      {
        query: z.strictObject({
          fn: z
            .string()
            .regex(/^\d{16}$/, 'takes the 16 digits of an FN')
            .optional()
            .meta({ description: 'An FN that was replaced. Without it, the one that is there' }),
          after: afterNumber('Only documents with a higher number'),
          limit: pageLimit('The most documents that the page has'),
        }),
        response: { 200: documentsAnswer, 422: problemDocument },
      },
    )
    .get('/tasks', ({ query }) => ({ tasks: tasks(query.after, query.limit).map(taskToWire) }), {
      query: z.strictObject({
        after: afterNumber('Only tasks with a higher number'),
        limit: pageLimit('The most tasks that the page has'),
      }),
      response: { 200: tasksAnswer, 422: problemDocument },
    })
    .post(
      '/replace_fn',
      () => {
        const { oldFnNumber, newFnNumber } = replaceFn()
        return { old_fn_number: oldFnNumber, new_fn_number: newFnNumber }
      },
      { parse: 'none', response: { 200: replacedAnswer } },
    )
