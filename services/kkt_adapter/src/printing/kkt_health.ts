import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import { isLasting, type KktDriver, type KktOutcome, type KktTask, type KktTrouble } from '../kkt/driver.ts'

/**
 * How the KKT takes receipts.
 * - `fit`: it is handed the next one;
 * - `troubled`: it said that it cannot fiscalise now. It is asked how it is before it is handed anything.
 */
type Mode = 'fit' | 'troubled'

/** Since the KKT last settled a receipt: how many it was handed in vain, and how many steps came to nothing. */
type Streak = { unsettled: number; blocked: number }
const NO_STREAK: Streak = { unsettled: 0, blocked: 0 }

/** Whether the KKT may be handed receipts. */
type Fitness = { kind: 'fit' } | { kind: 'troubled' } | Extract<KktTask, { kind: 'outdated' }>

/** How the KKT does, by its answers. */
export class KktHealth {
  #mode: Mode = 'fit'
  #streak = NO_STREAK
  /** A receipt was refused for good: for its own sake, or because the KKT refuses them all. */
  #mayBeUnfit = false

  constructor(private readonly deps: { driver: KktDriver; logger: Logger }) {}

  /** Nothing came of several receipts in a row. The first is looked up at once; then the KKT is left alone in between. */
  get isLeftAlone(): boolean {
    return this.#streak.unsettled > 1
  }

  /** The KKT has told what became of a receipt. A trouble goes on. */
  settled(): void {
    this.#streak = NO_STREAK
  }

  /** A step came to nothing. @returns its ordinal since the KKT last settled a receipt, from 1 */
  blocked(): number {
    const { unsettled, blocked } = this.#streak
    this.#streak = { unsettled, blocked: blocked + 1 }
    return this.#streak.blocked
  }

  /** A receipt was refused for good, perhaps to another process. */
  doubt(): void {
    this.#mayBeUnfit = true
  }

  /** What came of a receipt that the KKT was handed, as far as it made no document of it. */
  notDone(outcome: Exclude<KktOutcome, { kind: 'done' }>): void {
    if (outcome.kind === 'refused' && outcome.isLasting) {
      this.#mode = 'fit'
      this.settled()
      this.doubt()
    } else {
      this.#mode = outcome.kind === 'refused' ? 'troubled' : 'fit'
      const { unsettled, blocked } = this.#streak
      this.#streak = { unsettled: unsettled + 1, blocked }
    }
  }

  /** Asks a troubled KKT how it is, and helps it where that is possible. */
  async endTrouble(token: FencingToken): Promise<Fitness> {
    if (this.#mode === 'fit') return { kind: 'fit' }
    const { driver, logger } = this.deps
    const state = await driver.state()
    if (state?.trouble === 'shift_expired') {
      const renewed = await driver.renewShift(token)
      logger.info('shift_renewed', { outcome: renewed.kind, shift: state.shiftNumber })
      if (renewed.kind === 'outdated') return renewed
      if (renewed.kind !== 'done') return { kind: 'troubled' }
    } else if (state === null || state.trouble === 'busy' || state.trouble === 'paper_out') {
      return { kind: 'troubled' }
    }
    this.#mode = 'fit'
    return { kind: 'fit' }
  }

  /** Why the KKT refuses every receipt until a person has seen to it, or null where it does not, or does not answer. */
  async unfit(): Promise<KktTrouble | null> {
    if (!this.#mayBeUnfit) return null
    const trouble = (await this.deps.driver.state())?.trouble ?? null
    this.#mayBeUnfit = isLasting(trouble)
    return isLasting(trouble) ? trouble : null
  }
}
