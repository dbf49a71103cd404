import type { Answer } from '../world/node.ts'
import type { Asked } from './answer_check.ts'
import type { Findings } from './findings.ts'
import type { JournalCheck } from './journal_check.ts'

export type TurnedAwayDeps = {
  findings: Findings
  journal: JournalCheck
  diskFailures: () => number
  /** Whether a process has files open that are no longer at their path. It takes nothing until it is restarted. */
  isDisplaced: () => boolean
}

/** Checks the answers by which a receipt or a task is not taken. */
export class TurnedAwayCheck {
  constructor(private readonly deps: TurnedAwayDeps) {}

  /**
   * @param places the number of receipts that it adds to the buffer
   * @param told the turn of an earlier answer that it was taken; null without one
   */
  check(asked: Asked, what: string, answer: Answer, places: 1 | 2, told: { turn: number } | null): void {
    const { findings, diskFailures } = this.deps
    if (what === '503 buffer_full') this.#full(asked, answer, places, told)
    else if (what === '503 kkt_unfit') this.#come(asked, answer, told)
    else if (what === '422 kkt_cannot') this.#cannot(asked, answer, told)
    else if (what === '503 journal_unavailable') {
      if (diskFailures() > asked.diskFailures || this.deps.isDisplaced()) return
      findings.violated('answers', `${asked.key} was not taken for a failing disk, and the disk did not fail`)
    } else if (what !== '503 shutting_down') {
      findings.violated('answers', `${asked.key} was answered ${what}: ${answer.text}`)
    }
  }

  /**
   * The tills of a history send one thing only that a register cannot make: a fraction of goods that are not counted in pieces. The
   * receipt may be stored nevertheless, because a process that has not read the register yet refuses none.
   */
  #cannot({ key }: Asked, { text }: Answer, told: { turn: number } | null): void {
    const { findings } = this.deps
    if (!text.includes('/fraction'))
      findings.violated('answers', `${key} was answered as one that the KKT cannot make: ${text}`)
    if (told) findings.violated('invariant 2', `${key} was taken, and the KKT cannot make it when it is sent again`)
  }

  /** A till is told that the buffer is full only where it is, and nothing is stored. */
  #full(asked: Asked, answer: Answer, places: 1 | 2, told: { turn: number } | null): void {
    const { findings, journal } = this.deps
    if (journal.lastFullAtCommit[places] < asked.atCommit)
      findings.violated('invariant 9', `${asked.key} is turned away, and there was room`)
    this.#come(asked, answer, told)
  }

  /** The till is told when to retry, and was not told before that its receipt was taken. */
  #come({ key, turn }: Asked, { headers }: Answer, told: { turn: number } | null): void {
    const { findings } = this.deps
    if (!(Number(headers.get('retry-after')) > 0)) findings.violated('invariant 9', `${key} is not told when to retry`)
    if (told && turn > told.turn)
      findings.violated('invariant 2', `${key} was taken, and is turned away when sent again`)
  }
}
