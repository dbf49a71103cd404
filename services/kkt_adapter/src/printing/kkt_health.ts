import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import { isLasting, type KktDriver, type KktOutcome, type KktTask, type KktTrouble } from '../kkt/driver.ts'

/**
 * The KKT's readiness for receipts.
 * - `fit`: the KKT is handed the next receipt;
 * - `troubled`: the KKT said that it cannot fiscalise now. It is asked for its state before it is handed another
 *   receipt.
 */
type Mode = 'fit' | 'troubled'

/** Troubles that end without the adapter. Until then the KKT is handed no receipt. */
const PASSING: readonly KktTrouble[] = ['busy', 'paper_out', 'clock_behind']

/** Since the KKT last settled a receipt: the receipts handed over without a result, and the steps without one. */
type Streak = { unsettled: number; blocked: number }
const NO_STREAK: Streak = { unsettled: 0, blocked: 0 }

/** Whether the KKT may be handed receipts. */
type Fitness = { kind: 'fit' } | { kind: 'troubled' } | Extract<KktTask, { kind: 'outdated' }>

/** The KKT's health, judged by its answers. */
export class KktHealth {
  #mode: Mode = 'fit'
  #streak = NO_STREAK
  /** A receipt was refused for good: for a fault of its own, or because the KKT refuses them all. */
  #mayBeUnfit = false

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

  /** A receipt was refused for good, perhaps to another process. */
  suspectUnfit(): void {
    this.#mayBeUnfit = true
  }

  /** Notes the outcome of a receipt for which the KKT made no document. */
  notDone(outcome: Exclude<KktOutcome, { kind: 'done' }>): void {
    if (outcome.kind === 'refused' && outcome.isLasting) {
      this.#mode = 'fit'
      this.settled()
      this.suspectUnfit()
    } else {
      this.#mode = outcome.kind === 'refused' ? 'troubled' : 'fit'
      const { unsettled, blocked } = this.#streak
      this.#streak = { unsettled: unsettled + 1, blocked }
    }
  }

  /** Asks a troubled KKT for its state, and ends the trouble if possible. */
  async endTrouble(token: FencingToken): Promise<Fitness> {
    if (this.#mode === 'fit') return { kind: 'fit' }
    const { driver, logger } = this.deps
    const state = await driver.state()
    if (state?.trouble === 'shift_expired') {
      const renewed = await driver.renewShift(token)
      logger.info('shift_renewed', { outcome: renewed.kind, shift: state.shiftNumber })
      if (renewed.kind === 'outdated') return renewed
      if (renewed.kind !== 'done') return { kind: 'troubled' }
    } else if (state === null || (state.trouble !== null && PASSING.includes(state.trouble))) {
      return { kind: 'troubled' }
    }
    this.#mode = 'fit'
    return { kind: 'fit' }
  }

  /** The trouble for which the KKT refuses every receipt until a person ends it; null without one or an answer. */
  async unfit(): Promise<KktTrouble | null> {
    if (!this.#mayBeUnfit) return null
    const trouble = (await this.deps.driver.state())?.trouble ?? null
    this.#mayBeUnfit = isLasting(trouble)
    return isLasting(trouble) ? trouble : null
  }
}
