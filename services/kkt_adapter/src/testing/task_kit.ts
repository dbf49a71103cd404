/** Tasks in any state, and the transitions between states, for the journal's tests. */
import { NOBODY } from '../domain/actor.ts'
import type { Cashier } from '../domain/customer.ts'
import type { IdempotencyKey } from '../domain/receipt.ts'
import { TASK_TRANSITIONS, type TaskId, type TaskResult, type TaskStatus, type TaskWork } from '../domain/task.ts'
import type { Journal, Tx } from '../journal/journal.ts'
import { freshKey, journalAndDb } from './kit.ts'

export const FN = '9999000000000001'
export const X_REPORT: TaskWork = { kind: 'x_report' }
export const OPEN: TaskWork = { kind: 'open_shift', cashier: null }
export const closing = (shiftNumber: number, cashier: Cashier | null = null): TaskWork => ({
  kind: 'close_shift',
  shiftNumber,
  cashier,
})
export const cash = (kind: 'cash_in' | 'cash_out', amountKopecks: number): TaskWork => ({
  kind,
  amountKopecks,
  reason: null,
})
export const resultOf = (more: Partial<TaskResult> = {}): TaskResult => ({
  doc: null,
  totals: null,
  drawerKopecks: null,
  ...more,
})

/** `detail`: the end of the audit entry's detail. */
type TaskStep = { from: TaskStatus; to: TaskStatus; detail?: string; run: (tx: Tx, id: TaskId) => void }

/** Every transition of a task. */
export const TASK_STEPS: Readonly<Record<string, TaskStep>> = {
  markAsked: { from: 'accepted', to: 'asked', run: (t, id) => t.markAsked(id, FN) },
  recordTaskNeedless: {
    from: 'accepted',
    to: 'refused',
    detail: 'it is closed',
    run: (t, id) => t.recordTaskNeedless(id, 'it is closed'),
  },
  recordTaskDone: { from: 'asked', to: 'done', run: (t, id) => t.recordTaskDone(id, resultOf()) },
  recordTaskRefused: {
    from: 'asked',
    to: 'refused',
    detail: 'too little',
    run: (t, id) => t.recordTaskRefused(id, 'too little'),
  },
  recordTaskUnknown: {
    from: 'asked',
    to: 'unknown',
    detail: 'no reply',
    run: (t, id) => t.recordTaskUnknown(id, 'no reply'),
  },
  recordTaskPutOff: { from: 'asked', to: 'accepted', detail: 'busy', run: (t, id) => t.recordTaskPutOff(id, 'busy') },
  recordTaskFound: { from: 'unknown', to: 'done', run: (t, id) => t.recordTaskFound(id, resultOf()) },
  recordTaskAbsent: { from: 'unknown', to: 'accepted', run: (t, id) => t.recordTaskAbsent(id) },
  giveTaskUp: { from: 'unknown', to: 'refused', detail: 'ask again', run: (t, id) => t.giveTaskUp(id, 'ask again') },
  recordTaskUnclear: {
    from: 'unknown',
    to: 'unclear',
    detail: 'no way to tell',
    run: (t, id) => t.recordTaskUnclear(id, 'no way to tell'),
  },
  settleAsDone: {
    from: 'unclear',
    to: 'done',
    detail: 'counted',
    run: (t, id) => t.settleTask(id, { done: true, reason: 'counted', who: null }),
  },
  settleAsNotDone: {
    from: 'unclear',
    to: 'refused',
    detail: 'counted',
    run: (t, id) => t.settleTask(id, { done: false, reason: 'counted', who: null }),
  },
}

/** The steps that take an accepted task to a state. */
const WAY: Readonly<Record<TaskStatus, readonly string[]>> = {
  accepted: [],
  asked: ['markAsked'],
  unknown: ['markAsked', 'recordTaskUnknown'],
  unclear: ['markAsked', 'recordTaskUnknown', 'recordTaskUnclear'],
  done: ['markAsked', 'recordTaskDone'],
  refused: ['markAsked', 'recordTaskRefused'],
}

export const LEGAL = Object.entries(TASK_TRANSITIONS).flatMap(([from, all]) => all.map((to) => `${from}>${to}`))

export async function acceptedTask(
  journal: Journal,
  work: TaskWork = cash('cash_in', 100),
  key: IdempotencyKey | null = freshKey(),
): Promise<TaskId> {
  const intake = await journal.write((tx) => tx.acceptTask({ work, key }, NOBODY))
  if (intake.kind !== 'accepted') throw new Error(`The task was not accepted: ${intake.kind}`)
  return intake.task.id
}

export function setUpTasks() {
  const { db, journal, clock } = journalAndDb()
  const wholeRow = db.prepare<Record<string, unknown>>('SELECT * FROM tasks WHERE task_id = ?')
  return {
    db,
    journal,
    clock,
    async reach(status: TaskStatus, work?: TaskWork, key?: IdempotencyKey | null): Promise<TaskId> {
      const id = await acceptedTask(journal, work, key)
      await journal.write((tx) => {
        for (const name of WAY[status]) TASK_STEPS[name]?.run(tx, id)
      })
      return id
    },
    row: (id: TaskId) => wholeRow.get(id),
    /** Newest first. */
    events: () => journal.events.list({ receiptId: null, kind: 'task' }, null, 100).items,
  }
}
