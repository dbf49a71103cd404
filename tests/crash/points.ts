import { TASK_KINDS, type TaskKind } from '@kkt/adapter/src/domain/task.ts'

/** Steps that are durable once their transaction has committed. */
const COMMITTED = [
  'journal_made',
  'device_made',
  'lease_taken',
  'lease_released',
  'intake',
  'put_right',
  'mark_printing',
  'device_signed',
  'device_printed',
  'device_looked_up',
  'record_printed',
  'record_refused',
  'record_unknown',
  'record_not_asked',
  'record_found',
  'record_absent',
  'record_on_paper',
  'task_refused',
  'task_put_off',
  'mark_syncing',
  'record_synced',
  'record_undelivered',
  'record_dead_letter',
  'record_requeued',
  'record_closed',
  'record_reclaimed',
  // The same steps of the two receipts that put one right.
  'reversal_signed',
  'reversal_recorded',
  'right_signed',
  'right_recorded',
  'reversal_synced',
  'right_synced',
] as const

/** Steps that only a cash register of its own has, which keeps none of our ids and hands its documents to the OFD by itself. */
const OF_REGISTER = [
  'attempt',
  'record_untold',
  'settled_printed',
  'settled_not_printed',
  'task_unclear',
  'task_settled',
  'record_handed_over',
  'record_untraced_closed',
] as const

/** The steps of COMMITTED that it has, too. */
const ALSO_OF_REGISTER = [
  'journal_made',
  'lease_taken',
  'lease_released',
  'intake',
  'put_right',
  'mark_printing',
  'record_printed',
  'record_refused',
  'record_unknown',
  'record_found',
  'record_absent',
  'record_on_paper',
  'task_refused',
  'task_put_off',
  'reversal_recorded',
  'right_recorded',
  'reversal_synced',
  'right_synced',
] as const satisfies readonly (typeof COMMITTED)[number][]

/** The steps of a task of the KKT, apart for each kind. */
const OF_TASKS = ['accepted', 'asked', 'performed', 'done', 'unknown', 'looked_up', 'found', 'absent'] as const
export type TaskStep = (typeof OF_TASKS)[number]
export type Step = (typeof COMMITTED)[number] | (typeof OF_REGISTER)[number] | `${TaskKind}_${TaskStep}`

const STEPS_OF_TASKS = TASK_KINDS.flatMap((kind) => OF_TASKS.map((step): Step => `${kind}_${step}`))

const ASKED = ['submission', 'ofd_lookup'] as const
/**
 * Requests to the service of a register: a receipt's or another task's into its queue, for their result, for what the FN holds, and
 * questions beside the queue.
 */
const ASKED_OF_REGISTER = ['receipt_request', 'task_request', 'result', 'reading', 'question'] as const
export type Asked = (typeof ASKED)[number] | (typeof ASKED_OF_REGISTER)[number]

export type Point =
  | `${Step}.${'before_commit' | 'after_commit'}`
  | `${Asked}.${'before_it_leaves' | 'in_flight' | 'after_reply'}`
  | `answer.${'before_it_leaves' | 'after_it_left'}`

const around = (step: Step): Point[] => [`${step}.before_commit`, `${step}.after_commit`]
const along = (what: Asked): Point[] => [`${what}.before_it_leaves`, `${what}.in_flight`, `${what}.after_reply`]
const ANSWERS: readonly Point[] = ['answer.before_it_leaves', 'answer.after_it_left']

/** Where an adapter can be made to die. */
export const POINTS: readonly Point[] = [
  ...[...COMMITTED, ...STEPS_OF_TASKS].flatMap(around),
  ...ASKED.flatMap(along),
  ...ANSWERS,
]

/** A register's own steps of a task have no place in the adapter. */
const TASK_STEPS_WITH_REGISTER = ['accepted', 'asked', 'done', 'unknown', 'found', 'absent'] as const

/** The same on a cash register of its own. */
export const REGISTER_POINTS: readonly Point[] = [
  ...[...ALSO_OF_REGISTER, ...OF_REGISTER].flatMap(around),
  ...TASK_KINDS.flatMap((kind) => TASK_STEPS_WITH_REGISTER.flatMap((step) => around(`${kind}_${step}`))),
  ...ASKED_OF_REGISTER.flatMap(along),
  ...ANSWERS,
]
