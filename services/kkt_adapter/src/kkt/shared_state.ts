import type { Clock } from '@kkt/platform/clock.ts'
import type { KktState } from '../domain/kkt.ts'
import type { KktDriver } from './driver.ts'

/** So long an answer serves those who ask next: a page, Prometheus and a health check ask at the same time, while it prints. */
export const SHARED_MS = 500
/** Those who watch wait no longer. A register that prints answers late, and one that is away only after its time limit. */
export const PATIENCE_MS = 3000
/** They get the last answer instead, where it is no older. */
export const RECENT_MS = 15_000

/** The KKT's report, asked for once for all who want it within a moment. */
export type SharedState = {
  /** For those who watch. It may be as old as a recent answer, so nothing is recorded by it. */
  read: () => Promise<KktState | null>
  /**
   * For those who record what it says: the KKT is asked after this call, so the report knows each document that was made before.
   * It comes as late as the driver answers.
   */
  fresh: () => Promise<KktState | null>
  /** The next reader has it asked for again. */
  forget: () => void
}

type Question = { askedMs: number; isOpen: boolean; answer: Promise<KktState | null> }

/** Printing decides by reports of its own. */
export function shareState(
  driver: Pick<KktDriver, 'state'>,
  { monotonicMs, wait }: Pick<Clock, 'monotonicMs' | 'wait'>,
): SharedState {
  let last: Question | null = null
  let told: { atMs: number; state: KktState | null } | null = null

  function ask(): Question {
    const question: Question = { askedMs: monotonicMs(), isOpen: true, answer: driver.state() }
    void question.answer.then((state) => {
      question.isOpen = false
      if (question === last) told = { atMs: monotonicMs(), state }
    })
    return question
  }

  function recent(): KktState | null {
    if (told === null || told.state === null) return null
    const ageMs = Math.round(monotonicMs() - told.atMs)
    // Its clock went on: compared with ours, it must not seem slow by the age of the report.
    return ageMs <= RECENT_MS ? { ...told.state, clockMs: told.state.clockMs + ageMs } : null
  }

  return {
    async read() {
      // A register that does not answer is not asked a second time meanwhile.
      if (last === null || (!last.isOpen && monotonicMs() - last.askedMs >= SHARED_MS)) last = ask()
      const { answer } = last
      const over = new AbortController()
      try {
        return await Promise.race([answer, wait(PATIENCE_MS, over.signal).then(recent)])
      } finally {
        over.abort()
      }
    },
    async fresh() {
      const before = last
      // The register is asked for one thing at a time.
      await before?.answer
      // A question that took its place meanwhile was asked after this call, too.
      if (last === null || last === before) last = ask()
      return await last.answer
    },
    forget() {
      last = null
    },
  }
}
