import type { Conduct } from './ofd_faults.ts'

/** Faults of the way to the register's service: what becomes of a request, and of its answer. */
export const REGISTER_FAULTS = {
  unreachable: { effect: 'none', answer: 'unreachable' },
  silence: { effect: 'none', answer: 'silence' },
  reset: { effect: 'none', answer: 'reset' },
  unavailable: { effect: 'none', answer: 503 },
  unauthorised: { effect: 'none', answer: 401 },
  effect_then_silence: { effect: 'now', answer: 'silence' },
  effect_then_reset: { effect: 'now', answer: 'reset' },
  effect_then_cut: { effect: 'now', answer: 'cut' },
  effect_then_error: { effect: 'now', answer: 500 },
  effect_then_unreadable: { effect: 'now', answer: 'unreadable' },
  slow: { effect: 'now', answer: 'slow' },
} as const satisfies Record<string, Conduct>
export type RegisterFault = keyof typeof REGISTER_FAULTS

/** `questions`: all but the POST of a request into the queue. */
export type RegisterFaultPlan = { name: RegisterFault; on: 'requests' | 'questions' | 'all'; left: number }

/** How the register's service dies. `made`: the register still does the task that is under way. */
export type ServiceDeath = { queue: 'kept' | 'lost'; made: boolean; ms: number }

/** The types of tasks that a fault strikes. Null: any, questions among them. */
export const STRUCK_TASKS = ['sell', 'sellReturn', 'sellCorrection', 'openShift', 'closeShift', 'cashIn', null] as const

/** A fault of the tasks in the register's queue. */
export type TaskFault =
  | { what: 'blocked'; made: boolean; seconds: number; code: number }
  | { what: 'task_error'; code: number; at: 'open' | 'position' | 'close' }
  | { what: 'not_printed' | 'close_fails_but_closed' }
  | { what: 'slow'; seconds: number }
  /** Of looks: the queue knows a request, and says that it does not. The driver is busy. */
  | { what: 'request_unknown' | 'query_busy' }
export type TaskFaultPlan = { fault: TaskFault; task: (typeof STRUCK_TASKS)[number]; times: number }

/** All that a plan can put on. */
export const TASK_FAULTS = [
  'blocked',
  'task_error',
  'not_printed',
  'close_fails_but_closed',
  'slow',
  'request_unknown',
  'query_busy',
] as const satisfies readonly TaskFault['what'][]

/** Errors with which a register may answer a question, too: of the connection, busy, without paper. */
const OF_QUESTIONS: readonly number[] = [2, 4, 115, 55, 44]

/** A plan in the form of the mock's configuration. */
export function configured({ fault, task: planned, times }: TaskFaultPlan): Record<string, object> {
  const { what, ...parameters } = fault
  const isOfLooks = what === 'request_unknown' || what === 'query_busy'
  const isOfDocuments = what === 'task_error' && !OF_QUESTIONS.includes(fault.code)
  const task = planned ?? (isOfDocuments ? 'sell' : null)
  return { [what]: { ...parameters, times, ...(task !== null && !isOfLooks && { match: { task } }) } }
}
