import { serviceFaults } from '@kkt/fault-kit/catalogue.ts'
import type { Fault } from '@kkt/fault-kit/fault.ts'
import { blocked } from './faults/blocked.ts'
import { callbackLost } from './faults/callback_lost.ts'
import { closeFailsButClosed } from './faults/close_fails_but_closed.ts'
import { notPrinted } from './faults/not_printed.ts'
import { queryBusy } from './faults/query_busy.ts'
import { requestUnknown } from './faults/request_unknown.ts'
import { type Restart, restart } from './faults/restart.ts'
import { resultsDeleted } from './faults/results_deleted.ts'
import { slow } from './faults/slow.ts'
import { taskError } from './faults/task_error.ts'

/** The parts of the service that some faults strike at once, without a call. */
export type Struck = { restart: (how: Restart) => void; deleteResults: () => void }

/**
 * All faults of the mock, in the order in which they strike within a stage: `slow` comes before those that decide about a
 * task's end.
 * @param ofDevice of the register behind the service
 */
export const kktFaults = (
  { restart: die, deleteResults }: Struck,
  ofDevice: readonly Fault[] = [],
): readonly Fault[] => [
  ...serviceFaults,
  requestUnknown,
  resultsDeleted(deleteResults),
  restart(die),
  queryBusy,
  callbackLost,
  slow,
  taskError,
  blocked,
  notPrinted,
  closeFailsButClosed,
  ...ofDevice,
]
