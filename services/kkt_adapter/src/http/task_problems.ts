import { Problem } from '@kkt/platform/problem.ts'
import { RETRY_AFTER, told } from './adapter_problems.ts'

/** The errors of the shift, of cash and of the other tasks of the KKT. */
export const taskProblem = {
  shiftOpen: () =>
    new Problem(
      409,
      'shift_open',
      told((words) => words.shiftOpen()),
    ),
  shiftExpired: () =>
    new Problem(
      409,
      'shift_expired',
      told((words) => words.shiftExpired()),
    ),
  shiftClosed: () =>
    new Problem(
      409,
      'shift_closed',
      told((words) => words.shiftClosed()),
    ),
  drawerTooLow: () =>
    new Problem(
      409,
      'drawer_too_low',
      told((words) => words.drawerTooLow()),
    ),
  kktSilent: () =>
    new Problem(
      503,
      'kkt_silent',
      told((words) => words.kktSilent()),
      RETRY_AFTER,
    ),
  tooManyTasks: () =>
    new Problem(
      503,
      'too_many_tasks',
      told((words) => words.tooManyTasks()),
      RETRY_AFTER,
    ),
  taskRefused: (taskId: string, reason: string | null) =>
    new Problem(
      502,
      'task_refused',
      told((words) => words.taskRefused(taskId, reason)),
    ),
  /** @param taskId null where the key is a receipt's */
  taskKeyReused: (taskId: string | null) =>
    new Problem(
      422,
      'idempotency_key_reused',
      told((words) => words.taskKeyReused(taskId)),
    ),
  taskNotFound: (taskId: string) =>
    new Problem(
      404,
      'task_not_found',
      told((words) => words.taskNotFound(taskId)),
    ),
  taskNotUnclear: (taskId: string) =>
    new Problem(
      409,
      'task_not_unclear',
      told((words) => words.taskNotUnclear(taskId)),
    ),
  shiftNotFound: (number: number) =>
    new Problem(
      404,
      'shift_not_found',
      told((words) => words.shiftNotFound(number)),
    ),
  noSlip: () =>
    new Problem(
      409,
      'no_slip',
      told((words) => words.noSlip()),
    ),
}
