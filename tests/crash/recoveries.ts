/** The adapter's recoveries from kills, held against what it promises. */
import { brokenPromises } from '../harness/kept_promise.ts'

/** The adapter promises to answer, and to move its first receipt, within this time of its start. */
export const RECOVERY_MS = 10_000
/** The wait for either: a machine that others use may take longer now and then. */
export const RECOVERED_MS = 30_000
/** Ample for an orderly end, and for the kernel to report a kill. */
export const ENDED_MS = 20_000

const PROMISED_MS = { 'a start': RECOVERY_MS, 'a first delivery': RECOVERY_MS }
type Measured = typeof PROMISED_MS

export class Recoveries {
  /** A life that is killed before either leaves nothing to measure. */
  #current: Measured = { 'a start': 0, 'a first delivery': 0 }
  readonly #slowest: Measured = { ...this.#current }

  get slowest(): { slowestStartMs: number; slowestMoveMs: number } {
    return { slowestStartMs: this.#slowest['a start'], slowestMoveMs: this.#slowest['a first delivery'] }
  }

  /** @param ms the time since the start of the process */
  note(what: keyof Measured, ms: number): void {
    for (const known of [this.#current, this.#slowest]) known[what] = Math.max(known[what], ms)
  }

  /** @param attempt gets its ordinal, from 1, and is one recovery. @returns a line for each promise that no try kept */
  async broken(attempt: (ordinal: number) => Promise<void>): Promise<string[]> {
    return await brokenPromises(PROMISED_MS, async (ordinal) => {
      this.#current = { 'a start': 0, 'a first delivery': 0 }
      await attempt(ordinal)
      return this.#current
    })
  }
}
