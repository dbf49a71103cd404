import type { FencingToken } from '@kkt/adapter/src/domain/fencing_token.ts'
import type { KktTask, TaskLookup, TaskOutcome } from '@kkt/adapter/src/domain/kkt_outcome.ts'
import type { Paper } from '@kkt/adapter/src/domain/receipt.ts'
import { makesDocument, type TaskResult } from '@kkt/adapter/src/domain/task.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { type MockDevice, type Moment, printerTroubleOf } from '../device/device.ts'
import type { FiscalMemory } from '../device/fiscal_memory.ts'
import { fnTroubleOf } from '../device/fn_life.ts'
import type { FileAt } from '../device/open_device.ts'
import { drawerOf, reportOf } from '../device/report.ts'
import { countsIn } from '../device/tasks_done.ts'
import {
  drawerTooLow,
  NO_CONNECTION,
  NO_MEMORY,
  NO_REPLY,
  otherShift,
  REFUSALS,
  TASK_REFUSALS,
  UNTELLABLE,
} from './answers.ts'
import type { Exchange } from './exchange.ts'
import type { Press } from './press.ts'

type WorkerDeps = {
  memory: FiscalMemory
  device: MockDevice
  press: Press
  exchange: Exchange
  clock: Clock
  fileAt: FileAt
}

type NotDone = Exclude<TaskOutcome, { kind: 'done' }>
/** A task that is done, and whose paper is not out yet. */
type Begun = { kind: 'begun'; result: TaskResult; takesMs: number; isReplyLost: boolean }
/** A task that is done. */
type Result = { kind: 'result'; result: TaskResult }

const NOTHING: TaskResult = { doc: null, totals: null, drawerKopecks: null }

/** Does the work that is no receipt. */
export class TaskWorker {
  constructor(private readonly deps: WorkerDeps) {}

  async perform(task: KktTask, token: FencingToken): Promise<TaskOutcome> {
    const begun = this.deps.exchange(token, (state) => this.#begin(task, state))
    if (begun.kind !== 'begun') return begun
    const { result, takesMs, isReplyLost } = begun
    if (takesMs > 0 && !(await this.#print(result, takesMs))) return NO_MEMORY
    return isReplyLost ? NO_REPLY : { kind: 'done', result }
  }

  async lookup({ id, work }: KktTask, token: FencingToken): Promise<TaskLookup> {
    const { device, memory, exchange } = this.deps
    return exchange(token, (state): TaskLookup => {
      if (device.strikes(state, 'lookup_lost')) return NO_REPLY
      if (state.faults.task_lookup_untellable && !makesDocument(work.kind)) return UNTELLABLE
      const { fnNumber } = state.fn
      const result = memory.tasks.find(id, fnNumber)
      return result === null ? { kind: 'absent', fnNumber } : { kind: 'done', result }
    })
  }

  /** Does the task, inside an exchange. Its paper comes later. */
  #begin(task: KktTask, state: Moment): Begun | NotDone {
    const { device, press, memory } = this.deps
    if (device.strikes(state, 'connection_lost')) return NO_CONNECTION
    const hindrance = this.#hindranceTo(task, state)
    if (hindrance !== null) return hindrance
    const hasPaper = !state.faults.paper_out
    const takesMs = hasPaper ? press.printMs(state.faults) : 0
    const done = this.#carryOut(task, state, hasPaper && takesMs === 0 ? 'printed' : 'missing')
    if (done.kind !== 'result') return done
    const { id, work } = task
    const amountKopecks = 'amountKopecks' in work ? work.amountKopecks : 0
    const kept = { taskId: id, kind: work.kind, shiftNumber: countsIn(state), amountKopecks }
    memory.tasks.append(kept, state.fn.fnNumber, done.result)
    const isClosingLost = work.kind === 'close_shift' && device.strikes(state, 'closing_reply_lost')
    return {
      kind: 'begun',
      result: done.result,
      takesMs,
      isReplyLost: isClosingLost || device.strikes(state, 'reply_lost'),
    }
  }

  /** The reason for which the KKT does not do such a task now. */
  #hindranceTo({ work }: KktTask, state: Moment): NotDone | null {
    const { device } = this.deps
    if (device.strikes(state, 'busy')) return REFUSALS.busy
    const trouble = makesDocument(work.kind) ? fnTroubleOf(state) : null
    if (trouble !== null) return REFUSALS[trouble]
    const printer = printerTroubleOf(state.faults)
    if (printer === null) return null
    if (printer !== 'paper_out') return REFUSALS[printer]
    // Nothing but their paper comes of these.
    return work.kind === 'x_report' || work.kind === 'copy' ? TASK_REFUSALS.no_paper : null
  }

  #carryOut({ work }: KktTask, state: Moment, paper: Paper): Result | NotDone {
    const { memory } = this.deps
    switch (work.kind) {
      case 'open_shift': {
        if (state.shift.kind === 'open') return TASK_REFUSALS.shift_open
        const doc = this.deps.fileAt(state).openShift(work.cashier, paper)
        return resultOf({ doc, totals: null, drawerKopecks: drawerOf(state, memory) })
      }
      case 'close_shift':
        return this.#close(work, state, paper)
      case 'x_report': {
        const { totals, drawerKopecks } = reportOf(state, memory)
        return resultOf({ doc: null, totals, drawerKopecks })
      }
      case 'cash_in':
      case 'cash_out':
        return this.#moveCash(work.kind === 'cash_in' ? work.amountKopecks : -work.amountKopecks, state)
      case 'copy':
        return memory.documents.find(work.receiptId) === null ? TASK_REFUSALS.no_document : resultOf(NOTHING)
    }
  }

  #close(work: Extract<KktTask['work'], { kind: 'close_shift' }>, state: Moment, paper: Paper): Result | NotDone {
    const { device, fileAt } = this.deps
    const { kind, shiftNumber } = state.shift
    if (kind === 'closed') return TASK_REFUSALS.shift_closed
    if (shiftNumber !== work.shiftNumber) return otherShift(work.shiftNumber, shiftNumber)
    const doc = fileAt(state).closeShift(work.cashier, paper)
    device.setFaults(state, { ...state.faults, shift_expired: false })
    return resultOf({ doc, totals: doc.totals, drawerKopecks: doc.drawerKopecks })
  }

  #moveCash(kopecks: number, state: Moment): Result | NotDone {
    const { memory } = this.deps
    const drawerKopecks = drawerOf(state, memory)
    if (kopecks < 0 && drawerKopecks !== null && drawerKopecks + kopecks < 0) return drawerTooLow(drawerKopecks)
    memory.moveCash(kopecks)
    return resultOf({ ...NOTHING, drawerKopecks: drawerKopecks === null ? null : drawerKopecks + kopecks })
  }

  /** Resolves when the paper is out, to whether that is known. */
  async #print({ doc }: TaskResult, takesMs: number): Promise<boolean> {
    if (doc !== null) return await this.deps.press.print(doc, takesMs)
    await this.deps.clock.wait(takesMs)
    return true
  }
}

const resultOf = (result: TaskResult): Result => ({ kind: 'result', result })
