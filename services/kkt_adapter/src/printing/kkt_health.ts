import type { Logger } from '@kkt/platform/logger.ts'
import { isLasting, type KktTrouble } from '../domain/kkt.ts'
import type { KktOutcome } from '../domain/kkt_outcome.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { ToClose } from './own_closings.ts'

/**
 * The KKT's readiness for receipts.
 * - `fit`: the KKT is handed the next receipt;
 * - `troubled`: the KKT said that it cannot fiscalise now. It is asked for its state before it is handed another
 *   receipt.
 */
type Mode = 'fit' | 'troubled'

/** Since the KKT last settled a receipt: the receipts handed over without a result, and the steps without one. */
type Streak = { unsettled: number; blocked: number }
const NO_STREAK: Streak = { unsettled: 0, blocked: 0 }

/**
 * Whether the KKT may be handed receipts.
 * - `fit`: `fnNumber` is its FN, where it was asked;
 * - `waits`: a person has to mend it, and it may do tasks meanwhile;
 * - `expired`: its shift has to be closed first.
 */
type Fitness =
  | { kind: 'fit'; fnNumber: string | null }
  | { kind: 'troubled' }
  | { kind: 'waits' }
  | { kind: 'expired'; shift: ToClose }

/** The KKT's health, judged by its answers. */
export class KktHealth {
  #mode: Mode = 'fit'
  #streak = NO_STREAK
  /** Receipts were refused, or wait: perhaps because the KKT refuses them all. */
  #mayBeUnfit = false
  /** The trouble whose end receipts wait for. */
  #waitsFor: KktTrouble | null = null

  constructor(private readonly deps: { driver: KktDriver; logger: Logger }) {}

  /** True after several receipts in a row without a result: the KKT then gets a pause between attempts. */
  get isLeftAlone(): boolean {
    return this.#streak.unsettled > 1
  }

  /** The KKT has settled a receipt. A trouble goes on. */
  settled(): void {
    this.#streak = NO_STREAK
  }

  /** A step had no result. @returns its ordinal since the KKT last settled a receipt, from 1 */
  blocked(): number {
    const { unsettled, blocked } = this.#streak
    this.#streak = { unsettled, blocked: blocked + 1 }
    return this.#streak.blocked
  }

  /** A receipt was refused, or waited in vain, perhaps at another process. */
  suspectUnfit(): void {
    this.#mayBeUnfit = true
  }

  /** Notes the outcome of a receipt for which the KKT made no document. */
  notDone(outcome: Exclude<KktOutcome, { kind: 'done' }>): void {
    if (outcome.kind === 'refused') this.suspectUnfit()
    if (outcome.kind === 'refused' && outcome.isLasting) {
      this.#mode = 'fit'
      this.settled()
    } else {
      this.#mode = outcome.kind === 'refused' ? 'troubled' : 'fit'
      const { unsettled, blocked } = this.#streak
      this.#streak = { unsettled: unsettled + 1, blocked }
    }
  }

  /** Asks a troubled KKT for its state, and ends the trouble if it is over. */
  async endTrouble(): Promise<Fitness> {
    if (this.#mode === 'fit') return { kind: 'fit', fnNumber: null }
    const state = await this.deps.driver.state()
    if (state === null) return { kind: 'troubled' }
    this.#tell(state.trouble)
    const { fnNumber, shift } = state
    if (state.trouble === 'shift_expired') return { kind: 'expired', shift: { fnNumber, shiftNumber: shift.number } }
    if (state.trouble !== null) return { kind: isLasting(state.trouble) ? 'waits' : 'troubled' }
    this.#mode = 'fit'
    return { kind: 'fit', fnNumber }
  }

  /** The trouble for which the KKT refuses every receipt until a person ends it; null without one or an answer. */
  async unfit(): Promise<KktTrouble | null> {
    if (!this.#mayBeUnfit) return null
    const trouble = (await this.deps.driver.state())?.trouble ?? null
    this.#mayBeUnfit = isLasting(trouble)
    return isLasting(trouble) ? trouble : null
  }

  /** Logs a trouble once, when receipts begin to wait for its end, and that end. */
  #tell(trouble: KktTrouble | null): void {
    if (trouble === this.#waitsFor) return
    if (isLasting(trouble)) this.suspectUnfit()
    if (trouble === null) this.deps.logger.info('kkt_trouble_ended', { trouble: this.#waitsFor })
    else this.deps.logger.warn('receipts_wait_for_kkt', { trouble })
    this.#waitsFor = trouble
  }
}
