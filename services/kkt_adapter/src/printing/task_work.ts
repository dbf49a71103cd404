import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import { isLasting, type KktState } from '../domain/kkt.ts'
import type { TaskLookup, TaskOutcome } from '../domain/kkt_outcome.ts'
import type { ShiftState } from '../domain/shift.ts'
import type { Task, TaskId, TaskWork } from '../domain/task.ts'
import type { Journal, Tx } from '../journal/journal.ts'
import type { AskedTask } from '../journal/task_queries.ts'
import type { KktDriver } from '../kkt/driver.ts'
import { type Lease, LeaseLost } from '../lease/lease.ts'
import type { OwnClosings } from './own_closings.ts'
import type { UntoldShifts } from './untold_shifts.ts'
import type { WaitingTasks } from './waiting_tasks.ts'

export type TaskWorkDeps = {
  journal: Journal
  driver: KktDriver
  lease: Lease
  logger: Logger
  waiting: WaitingTasks
  untoldShifts: UntoldShifts
  closings: OwnClosings
  /** Told which FN is in the KKT. @returns whether it is the one that contact was made with */
  heard: (fnNumber: string) => boolean
}

/**
 * The result of handing a task over. `needless`: it was not handed over. `silent`: the KKT does not say how it is.
 * `other_fn`: contact is to be made first with the FN that is there now.
 */
type Performed = TaskOutcome | { kind: 'needless' | 'silent' | 'other_fn' }

const CUT_OFF = 'stopped before the outcome was recorded'
const FN_REPLACED = 'the FN was replaced before the outcome was known'
/** More than may wait. */
const ALL_OPEN = 1000
const ASK_AGAIN = 'it is not known whether it was printed: ask again'

/** Has the KKT do its tasks. Each is journaled before it is handed over, and none is repeated before the KKT was asked for it. */
export function createTaskWork(deps: TaskWorkDeps) {
  const { journal, driver, lease, logger, waiting, untoldShifts, closings, heard } = deps
  /** Tasks of earlier processes. A journal that was damaged since may have forgotten that the KKT was handed one of them. */
  const earlier = new Set(
    journal.tasks.list({ kind: null, status: 'accepted' }, null, ALL_OPEN).items.map(({ id }) => id),
  )

  /** Journals a change of a task, and tells those who wait for it. @throws LeaseLost, StorageFailure */
  async function record(work: (tx: Tx) => void, since: FencingToken): Promise<void> {
    await lease.write(work, since)
    waiting.look()
  }

  /**
   * Asks the KKT whether it has done a task of an earlier process.
   * @returns null where it has not, or cannot tell. Then it is done as the journal has it
   * @throws LeaseLost, StorageFailure
   */
  async function recognise({ id, work }: Task, fnNumber: string, since: FencingToken): Promise<Performed | null> {
    if (!earlier.has(id)) return null
    const known = await driver.lookupTask({ id, work }, since)
    if (known.kind === 'unknown') return { kind: 'silent' }
    if (known.kind === 'outdated') return known
    if (known.kind === 'done') {
      await record((tx) => {
        tx.markAsked(id, fnNumber)
        tx.recordTaskDone(id, known.result)
      }, since)
      logger.warn('task_known_to_kkt', { task_id: id, kind: work.kind })
    }
    earlier.delete(id)
    return known.kind === 'done' ? known : null
  }

  /** @throws LeaseLost, StorageFailure */
  async function perform(task: Task, since: FencingToken): Promise<Performed> {
    const { id, work } = task
    const state = await driver.state()
    if (state === null) return { kind: 'silent' }
    if (!heard(state.fnNumber)) return { kind: 'other_fn' }
    const known = await recognise(task, state.fnNumber, since)
    if (known !== null) return known
    const needless = needlessFor(work, state.shift)
    if (needless !== null) {
      await record((tx) => tx.recordTaskNeedless(id, needless), since)
      logger.warn('task_needless', { task_id: id, kind: work.kind, reason: needless })
      return { kind: 'needless' }
    }
    await record((tx) => tx.markAsked(id, state.fnNumber), since)
    const token = lease.token(since)
    if (token === null) throw new LeaseLost()
    const outcome = await driver.perform({ id, work }, token)
    // Before the outcome: another process that goes on from there would not know of the shift.
    if (movesCash(work)) await untoldShifts.take(since)
    await record((tx) => recordOutcome(tx, id, outcome, state), since)
    logOutcome(logger, task, outcome)
    if (outcome.kind === 'refused' && outcome.isLasting) closings.noteRefused(work, state.fnNumber)
    return outcome
  }

  return {
    perform,
    /**
     * Settles a task that was handed to the KKT and has no recorded outcome, by a look-up and never by doing it again.
     * @returns the KKT's answer; at `unknown` and `outdated` the task stays as it is
     * @throws LeaseLost, StorageFailure
     */
    async settle(task: AskedTask, token: FencingToken): Promise<TaskLookup> {
      const { id, work, status } = task
      if (status === 'asked') await record((tx) => tx.recordTaskUnknown(id, CUT_OFF), token)
      const lookup = await driver.lookupTask({ id, work }, token)
      logger.warn('task_looked_up', { task_id: id, kind: work.kind, outcome: lookup.kind })
      if (lookup.kind === 'unknown' || lookup.kind === 'outdated') return lookup
      if (movesCash(work)) await untoldShifts.take(token)
      await record((tx) => recordLookup(tx, task, lookup), token)
      return lookup
    },
  }
}

function logOutcome(logger: Logger, { id, work }: Task, outcome: TaskOutcome): void {
  const about = { task_id: id, kind: work.kind }
  if (outcome.kind === 'done') logger.info('task_done', about)
  else logger.warn(`task_${outcome.kind}`, { ...about, reason: outcome.reason })
}

const movesCash = ({ kind }: TaskWork): boolean => kind === 'cash_in' || kind === 'cash_out'

/** The reason why the KKT has nothing to do for a task any more; null where it has. */
function needlessFor(work: TaskWork, shift: ShiftState): string | null {
  if (work.kind === 'open_shift' && shift.kind !== 'closed') return `shift ${shift.number} is open already`
  if (work.kind !== 'close_shift') return null
  const isOpen = shift.kind !== 'closed' && shift.number === work.shiftNumber
  return isOpen ? null : `shift ${work.shiftNumber} is closed already`
}

function recordOutcome(tx: Tx, id: TaskId, outcome: TaskOutcome, { trouble }: KktState): void {
  if (outcome.kind === 'done') tx.recordTaskDone(id, outcome.result)
  else if (outcome.kind === 'unknown') tx.recordTaskUnknown(id, outcome.reason)
  // While a person has to mend the KKT, whoever asked for the task gets an answer.
  else if (outcome.kind === 'refused' && (outcome.isLasting || isLasting(trouble)))
    tx.recordTaskRefused(id, outcome.reason)
  else tx.recordTaskPutOff(id, outcome.reason)
}

type Told = Exclude<TaskLookup, { kind: 'unknown' | 'outdated' }>

function recordLookup(tx: Tx, { id, work, fnNumber }: AskedTask, lookup: Told): void {
  const isCash = movesCash(work)
  const isHarmless = work.kind === 'x_report' || work.kind === 'copy'
  if (lookup.kind === 'done') tx.recordTaskFound(id, lookup.result)
  else if (lookup.kind === 'absent' && lookup.fnNumber === fnNumber) tx.recordTaskAbsent(id)
  // A KKT with another FN knows nothing of what was done before.
  else if (lookup.kind === 'absent' && isCash) tx.recordTaskUnclear(id, FN_REPLACED)
  else if (lookup.kind === 'absent') tx.giveTaskUp(id, FN_REPLACED)
  else if (isHarmless) tx.giveTaskUp(id, ASK_AGAIN)
  else tx.recordTaskUnclear(id, lookup.reason)
}
