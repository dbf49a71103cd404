import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { NOBODY } from '../domain/actor.ts'
import type { Cashier } from '../domain/customer.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Task, TaskWork } from '../domain/task.ts'
import type { Journal } from '../journal/journal.ts'
import type { Lease } from '../lease/lease.ts'

/** Each try is journaled, so that a KKT which refuses a closing for good is asked for the same one only so often. */
export const CLOSE_AGAIN_MS = 10 * 60 * 1000

/** A shift that has to be closed. */
export type ToClose = { fnNumber: string; shiftNumber: number }

type Closing = Extract<TaskWork, { kind: 'close_shift' }>

type OwnClosingsDeps = {
  journal: Journal
  lease: Lease
  clock: Clock
  logger: Logger
  /** The cashier of the settings. Null: none. */
  usualCashier: () => Cashier | null
}

/** The closings of shifts for which nobody has asked. */
export class OwnClosings {
  /** The last closing that the KKT has refused for good. `untilMs`: by the monotonic clock. */
  #refused: { text: string; untilMs: number } | null = null

  constructor(private readonly deps: OwnClosingsDeps) {}

  /**
   * Journals the closing of a shift, or finds the one that is under way.
   * @returns null: the KKT has refused this one for good, and is asked again later
   * @throws LeaseLost, StorageFailure
   */
  async accept(shift: ToClose, token: FencingToken): Promise<{ task: Task; isNew: boolean } | null> {
    const { shiftNumber } = shift
    const work: Closing = { kind: 'close_shift', shiftNumber, cashier: this.#cashierOf(shift) }
    const isUnderWay = this.deps.journal.tasks.underWay('close_shift', shiftNumber) !== null
    if (!isUnderWay && this.#isRefused(work, shift.fnNumber)) return null
    const intake = await this.deps.lease.write(
      (tx) => tx.acceptTask({ work, key: null, isUrgent: true }, NOBODY),
      token,
    )
    return 'task' in intake ? { task: intake.task, isNew: intake.kind === 'accepted' } : null
  }

  /** The KKT has refused a task for good. */
  noteRefused(work: TaskWork, fnNumber: string): void {
    if (work.kind !== 'close_shift') return
    this.#refused = { text: textOf(work, fnNumber), untilMs: this.deps.clock.monotonicMs() + CLOSE_AGAIN_MS }
    this.deps.logger.warn('shift_stays_open', { shift: work.shiftNumber, detail: REMEDY })
  }

  /** A register makes no document without a cashier, and receipts may have named theirs. */
  #cashierOf({ fnNumber, shiftNumber }: ToClose): Cashier | null {
    const usual = this.deps.usualCashier()
    if (usual !== null) return usual
    const last = this.deps.journal.queries.lastPrinted(fnNumber)
    return last?.fiscalDoc?.shiftNumber === shiftNumber ? (last.content.cashier ?? null) : null
  }

  #isRefused(work: Closing, fnNumber: string): boolean {
    const refused = this.#refused
    if (refused === null || refused.text !== textOf(work, fnNumber)) return false
    return this.deps.clock.monotonicMs() < refused.untilMs
  }
}

const REMEDY =
  'the KKT refuses to close it: do what the reason of the refused task says, such as to set CASHIER_NAME, or close the shift on the KKT'

/** Equal closings have equal texts. */
const textOf = ({ shiftNumber, cashier }: Closing, fnNumber: string): string =>
  JSON.stringify([fnNumber, shiftNumber, cashier && [cashier.name, cashier.inn ?? null]])
