import type { Cashier } from './customer.ts'
import { namesOf } from './names.ts'
import type { ReceiptId } from './receipt.ts'
import type { ShiftDocument, ShiftTotals } from './shift.ts'

/** A UUIDv7 minted by the hybrid logical clock, as a receipt's id. */
export type TaskId = string & { readonly __brand: 'TaskId' }

/** The work of the KKT that is no receipt. */
export type TaskWork =
  | { kind: 'open_shift'; cashier: Cashier | null }
  /** Only the shift of this number is closed, so that a repeated closing does not close the next one. */
  | { kind: 'close_shift'; shiftNumber: number; cashier: Cashier | null }
  | { kind: 'x_report' }
  /** Cash put into the drawer, or taken out. The KKT makes no fiscal document of it. */
  | { kind: 'cash_in' | 'cash_out'; amountKopecks: number; reason: string | null }
  /** Prints a receipt's document once more. */
  | { kind: 'copy'; receiptId: ReceiptId }

export const TASK_KINDS = ['open_shift', 'close_shift', 'x_report', 'cash_in', 'cash_out', 'copy'] as const
export type TaskKind = (typeof TASK_KINDS)[number]

/** The KKT signs a document of its own into the FN for it. */
export const makesDocument = (kind: TaskKind): kind is 'open_shift' | 'close_shift' =>
  kind === 'open_shift' || kind === 'close_shift'

/** The outcome of a task. A field is null where the KKT does not tell it, or the task has none. */
export type TaskResult = {
  doc: ShiftDocument | null
  totals: ShiftTotals | null
  /** The sum in the drawer after it. */
  drawerKopecks: number | null
}

/** The states of a task, and the only table of their transitions. The journal's CHECKs mirror the states. */
export const TASK_TRANSITIONS = {
  /** Journaled; the KKT has not been asked. */
  accepted: ['asked', 'refused'],
  /** Handed to the KKT; no outcome recorded. */
  asked: ['done', 'refused', 'unknown', 'accepted'],
  /** The KKT's outcome is not known. Only a look-up or the device's state leads on, never asking again. */
  unknown: ['done', 'accepted', 'refused', 'unclear'],
  /** Nothing tells the outcome, so an operator has to say whether it was done. */
  unclear: ['done', 'refused'],
  done: [],
  /** The KKT did not do it. Or nothing will ever tell, and asking for it again does no harm: `lastError` says so. */
  refused: [],
} as const satisfies Record<string, readonly string[]>
export type TaskStatus = keyof typeof TASK_TRANSITIONS
export const TASK_STATUSES = namesOf(TASK_TRANSITIONS)

/** The states that may follow a state of a task. */
export type NextTask<From extends TaskStatus> = (typeof TASK_TRANSITIONS)[From][number]

/** Not ended, and going to end without a person. */
export const isTaskOpen = (status: TaskStatus): boolean =>
  status === 'accepted' || status === 'asked' || status === 'unknown'

export type TaskFilter = { status: TaskStatus | null; kind: TaskKind | null }

/** The cash in the drawer. The adapter counts it where the KKT keeps no sum. */
export type Drawer = { kopecks: number; countedBy: 'kkt' | 'adapter' }

/** A journaled task. Times are Unix milliseconds. */
export type Task = {
  id: TaskId
  work: TaskWork
  status: TaskStatus
  createdAtMs: number
  changedAtMs: number
  /** Null until it is done. */
  result: TaskResult | null
  /** The drawer after it. Null until it is done. */
  drawer: Drawer | null
  /** Why the KKT refused it, or why its outcome is not known. */
  lastError: string | null
  /** The FN that was in the KKT when it was handed over. Null before that, and where it never was. */
  fnNumber: string | null
}
