import type { Clock } from '@kkt/platform/clock.ts'
import type { Actor } from '../domain/actor.ts'
import type { Cashier } from '../domain/customer.ts'
import type { KktState } from '../domain/kkt.ts'
import type { IdempotencyKey } from '../domain/receipt.ts'
import type { ShiftState } from '../domain/shift.ts'
import { type Drawer, isTaskOpen, type Task, type TaskFilter, type TaskId, type TaskWork } from '../domain/task.ts'
import type { WantedWork } from '../domain/wanted_work.ts'
import type { Journal } from '../journal/journal.ts'
import type { Page } from '../journal/pages.ts'
import type { Shift } from '../journal/shifts.ts'
import type { KktDriver } from '../kkt/driver.ts'
import { type ClosingSettings, closesAtMs, createClosingTimes } from './closing_time.ts'
import type { Fiscalizer } from './fiscalize.ts'

/** `key`: required for cash. Keys share their names with those of receipts. */
export type WantedTask = { work: WantedWork; key: IdempotencyKey | null }

export type Submitted =
  /** It is done, refused or unclear. `isReplay`: an earlier request had this key, or an equal task was under way. */
  | { kind: 'ended'; task: Task; isReplay: boolean }
  /** It has not ended in time. It goes on. */
  | { kind: 'open'; task: Task; isReplay: boolean }
  /** The key was used for something else. `taskId` null: for a receipt. */
  | { kind: 'key_reused'; taskId: TaskId | null }
  /** The state of the shift, or of a drawer that the KKT counts, forbids it. Nothing was journaled. */
  | { kind: 'obstacle'; code: 'shift_open' | 'shift_expired' | 'shift_closed' | 'drawer_too_low' }
  /** The KKT does not say the state of its shift, so nothing was journaled. */
  | { kind: 'kkt_silent' }
  /** Too many tasks wait for the KKT, so nothing was journaled. */
  | { kind: 'full' }

/** Takes tasks for the KKT, and tells what became of them. */
export type TaskDesk = {
  /**
   * Journals a task, and resolves when it has ended, or after `timeoutMs`, or at a stop.
   * @throws StorageFailure
   */
  submit(wanted: WantedTask, actor: Actor, timeoutMs: number): Promise<Submitted>
  find(id: TaskId): Task | null
  /** Newest first. */
  list(filter: TaskFilter, cursor: string | null, limit: number): Page<Task>
  /** The shifts of which a document is known, newest first. */
  shifts(cursor: string | null, limit: number): Page<Shift>
  /** A person says whether an unclear task was done. @throws StorageFailure */
  settle(id: TaskId, done: boolean, reason: string | null, actor: Actor): Promise<SettledTask>
  /** The cash in the drawer. @param byKktKopecks as the KKT counts it; null: it keeps no sum, so the adapter's own counts */
  drawer(byKktKopecks: number | null): Drawer
  /** When the adapter closes a shift by itself, in Unix milliseconds; null for a closed one. */
  closesAtMs(shift: ShiftState, kktClockMs: number): number | null
}

export type SettledTask = 'settled' | 'not_unclear' | 'unknown_task'

type TaskDeskDeps = {
  journal: Journal
  driver: Pick<KktDriver, 'state'>
  fiscalizer: Pick<Fiscalizer, 'taskOutcome'>
  clock: Clock
  settings: ClosingSettings
  /** The cashier of an opening or a closing for which none is named. Null: none. */
  usualCashier: () => Cashier | null
}

/** The work in full, or the reason why it is not taken. `joined`: it is under way. */
type Planned =
  | { kind: 'planned'; work: TaskWork }
  | { kind: 'joined'; task: Task }
  | Extract<Submitted, { kind: 'obstacle' | 'kkt_silent' }>

type OfKind<Kind extends WantedWork['kind']> = Extract<WantedWork, { kind: Kind }>

const planClosing = (work: OfKind<'close_shift'>, shift: ShiftState): Planned =>
  shift.kind === 'closed'
    ? { kind: 'obstacle', code: 'shift_closed' }
    : { kind: 'planned', work: { ...work, shiftNumber: shift.number } }

function planOpening(work: OfKind<'open_shift'>, shift: ShiftState): Planned {
  if (shift.kind === 'closed') return { kind: 'planned', work }
  return { kind: 'obstacle', code: shift.kind === 'expired' ? 'shift_expired' : 'shift_open' }
}

/** A KKT that does not answer, or counts no drawer, forbids nothing. Where the queue still changes the drawer, the KKT refuses. */
function planCashOut(work: TaskWork & { kind: 'cash_in' | 'cash_out' }, state: KktState | null): Planned {
  const holds = state?.drawerKopecks ?? null
  const isTooMuch = holds !== null && work.amountKopecks > holds
  return isTooMuch ? { kind: 'obstacle', code: 'drawer_too_low' } : { kind: 'planned', work }
}

function planOfShift({ work, key }: WantedTask, state: KktState | null, { underWay }: Journal['tasks']): Planned {
  if (work.kind !== 'open_shift' && work.kind !== 'close_shift') return { kind: 'planned', work }
  if (state === null) return { kind: 'kkt_silent' }
  const { shift } = state
  const number = work.kind === 'close_shift' ? shift.number : null
  const task = key === null ? underWay(work.kind, number) : null
  if (task) return { kind: 'joined', task }
  return work.kind === 'close_shift' ? planClosing(work, shift) : planOpening(work, shift)
}

const withCashier = (work: WantedWork, usual: Cashier | null): WantedWork =>
  work.kind === 'open_shift' || work.kind === 'close_shift' ? { ...work, cashier: work.cashier ?? usual } : work

export function createTaskDesk(deps: TaskDeskDeps): TaskDesk {
  const { journal, driver, fiscalizer, clock, settings } = deps
  const { tasks } = journal
  const timesOf = createClosingTimes(settings)

  /** Most work is judged by the KKT's shift and drawer, which the journal does not know. */
  async function plan(wanted: WantedTask): Promise<Planned> {
    const { work } = wanted
    if (work.kind === 'x_report' || work.kind === 'cash_in' || work.kind === 'copy') return { kind: 'planned', work }
    const state = await driver.state()
    return work.kind === 'cash_out' ? planCashOut(work, state) : planOfShift(wanted, state, tasks)
  }

  async function outcome({ id }: Task, timeoutMs: number, isReplay: boolean): Promise<Submitted> {
    const task = await fiscalizer.taskOutcome(id, timeoutMs)
    return { kind: isTaskOpen(task.status) ? 'open' : 'ended', task, isReplay }
  }

  /** The answer to an earlier request with the same key. Null without one. */
  async function earlier({ work, key }: WantedTask, actor: Actor, timeoutMs: number): Promise<Submitted | null> {
    const known = key === null ? null : tasks.known(work, key, actor)
    return known?.kind === 'known' ? await outcome(known.task, timeoutMs, true) : known
  }

  return {
    async submit(wanted, actor, timeoutMs) {
      const { work, key } = wanted
      // The same key gets the same answer, whatever became of the shift since.
      const known = await earlier(wanted, actor, timeoutMs)
      if (known) return known
      const planned = await plan({ work: withCashier(work, deps.usualCashier()), key })
      if (planned.kind === 'joined') return await outcome(planned.task, timeoutMs, true)
      // While the KKT was asked, its shift or its drawer may have been changed by a request with the same key.
      if (planned.kind !== 'planned') return (await earlier(wanted, actor, timeoutMs)) ?? planned
      const intake = await journal.write((tx) => tx.acceptTask({ work: planned.work, key }, actor))
      if (intake.kind === 'key_reused' || intake.kind === 'full') return intake
      return await outcome(intake.task, timeoutMs, intake.kind !== 'accepted')
    },
    find: tasks.find,
    list: tasks.list,
    shifts: journal.shifts.list,
    settle(id, done, reason, { who }) {
      return journal.write((tx): SettledTask => {
        const task = tx.tasks.find(id)
        if (task?.status === 'unclear') tx.settleTask(id, { done, reason, who })
        if (task === null) return 'unknown_task'
        return task.status === 'unclear' ? 'settled' : 'not_unclear'
      })
    },
    drawer: (byKktKopecks) =>
      byKktKopecks === null
        ? { kopecks: journal.ownDrawerKopecks(), countedBy: 'adapter' }
        : { kopecks: byKktKopecks, countedBy: 'kkt' },
    closesAtMs(shift, kktClockMs) {
      const times = timesOf(shift, { wallMs: clock.wallMs(), kktClockMs })
      return times && closesAtMs(times)
    },
  }
}
