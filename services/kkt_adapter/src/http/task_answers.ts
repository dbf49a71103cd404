import { iso } from '@kkt/platform/clock.ts'
import type { Language } from '@kkt/platform/language.ts'
import { z } from 'zod'
import type { Warning } from '../domain/differences.ts'
import { toRoubles } from '../domain/money.ts'
import { said } from '../domain/said.ts'
import { TASK_KINDS, TASK_STATUSES, type Task, type TaskStatus } from '../domain/task.ts'
import type { KktDriver } from '../kkt/driver.ts'
import { nextCursor } from './page_limit.ts'
import { shiftDocument, toWireShiftDocument } from './shift_document_answer.ts'
import { drawerFields, shiftTotals, toWireDrawer, toWireTotals } from './shift_totals_answer.ts'
import { warnings } from './warnings.ts'
import { ADAPTER_WORDS } from './words/words.ts'

const isoTime = z.iso.datetime()
const taskId = z.guid().meta({ description: "The task's id. GET /v1/kkt/task/{task_id} tells what became of it" })
const message = z.string().meta({ description: 'For people: how it stands, and what to do' })

const outcome = {
  fiscal_doc: shiftDocument
    .nullable()
    .meta({ description: "The document of a shift's opening or closing. Null in other tasks, and before it is made" }),
  totals: shiftTotals.nullable().meta({ description: 'The counters of the shift. Null where the task has none' }),
  ...drawerFields,
}

/** A task that is done. */
export const doneAnswer = z.object({
  task_id: taskId,
  status: z.literal('done').meta({ description: 'The KKT has done it' }),
  ...outcome,
  message,
  warnings,
})

/** A task of which it is not known yet that it is done. */
export const openAnswer = z.object({
  task_id: taskId,
  status: z.enum(['accepted', 'asked', 'unknown', 'unclear']).meta({
    description:
      '`accepted`: it waits for the KKT. `asked`: the KKT is at work on it. `unknown`: its answer was lost, and it is asked. `unclear`: nothing tells whether it was done, and an operator has to say',
  }),
  message,
})

export const taskAnswer = z
  .object({
    task_id: taskId,
    kind: z.enum(TASK_KINDS).meta({ description: 'The work that the KKT was asked for' }),
    status: z.enum(TASK_STATUSES).meta({
      description:
        'As in the answer to its request; `done` and `refused` are ends. `unclear` ends by POST /v1/kkt/task/{task_id}/settle',
    }),
    created_at: isoTime.meta({ description: 'The time at which it was journaled' }),
    changed_at: isoTime.meta({ description: 'The time of its last change' }),
    amount: z.number().optional().meta({ description: 'Of cash: the sum, in roubles' }),
    reason: z.string().optional().meta({ description: 'Of cash: the reason, where one was said' }),
    shift_number: z.int().optional().meta({ description: 'Of a closing: the shift that it closes' }),
    receipt_id: z.guid().optional().meta({ description: 'Of a copy: the receipt' }),
    ...outcome,
    last_error: z
      .string()
      .nullable()
      .meta({ description: 'Why the KKT refused it, or why its outcome is not known. Null otherwise' }),
  })
  .meta({ id: 'Task' })

export const taskPage = z.object({
  tasks: z.array(taskAnswer).meta({ description: 'Newest first' }),
  next_cursor: nextCursor,
})

type Maker = Pick<KktDriver, 'isMock'>

const wireOutcome = ({ result, drawer }: Task, driver: Maker) => ({
  fiscal_doc: result?.doc ? toWireShiftDocument(result.doc, driver) : null,
  totals: result?.totals ? toWireTotals(result.totals) : null,
  ...toWireDrawer(drawer),
})

export const toWireDone = (task: Task, driver: Maker, language: Language): z.input<typeof doneAnswer> => ({
  task_id: task.id,
  status: 'done',
  ...wireOutcome(task, driver),
  message: ADAPTER_WORDS[language].answers.taskDone[task.work.kind],
  warnings: warningsOfTask(task, language),
})

export const toWireOpen = (
  { id, status }: { id: Task['id']; status: Exclude<TaskStatus, 'done' | 'refused'> },
  language: Language,
): z.input<typeof openAnswer> => ({
  task_id: id,
  status,
  message: ADAPTER_WORDS[language].answers.taskOpen[status],
})

export const toWireTask = (task: Task, driver: Maker): z.input<typeof taskAnswer> => ({
  task_id: task.id,
  kind: task.work.kind,
  status: task.status,
  created_at: iso(task.createdAtMs),
  changed_at: iso(task.changedAtMs),
  ...wireWork(task.work),
  ...wireOutcome(task, driver),
  last_error: task.lastError,
})

function wireWork(work: Task['work']) {
  switch (work.kind) {
    case 'cash_in':
    case 'cash_out':
      return said({ amount: toRoubles(work.amountKopecks), reason: work.reason ?? undefined })
    case 'close_shift':
      return { shift_number: work.shiftNumber }
    case 'copy':
      return { receipt_id: work.receiptId }
    default:
      return {}
  }
}

/** By the task as it is kept, so that the same key gets the same warnings for ever. A KKT that counts refuses by itself. */
function warningsOfTask({ work, drawer }: Task, language: Language): Warning[] {
  if (work.kind !== 'cash_out' || drawer === null || drawer.countedBy === 'kkt' || drawer.kopecks >= 0) return []
  return [{ code: 'drawer_too_low', message: ADAPTER_WORDS[language].answers.drawerBelowZero() }]
}
