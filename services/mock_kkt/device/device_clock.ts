import type { Clock } from '@kkt/platform/clock.ts'

/** A machine's clock that is corrected by less is followed: the document's time is in minutes. */
const SET_BACK_MS = 60_000

/**
 * The KKT's own clock. It is another machine's: where the wall clock of this one is set back, it runs on. It is never
 * before the FN's last document, unless a test sets it wrong. A new FN has it set right.
 */
export class DeviceClock {
  #last: { fnNumber: string; ms: number; monotonicMs: number } | null = null

  constructor(private readonly clock: Clock) {}

  /**
   * @param lastDocumentMs the time of the FN's last document
   * @param offsetMs by how much it was set forward, or back when it is negative
   */
  nowMs(fnNumber: string, lastDocumentMs: number, offsetMs: number): number {
    const [wallMs, monotonicMs] = [this.clock.wallMs(), this.clock.monotonicMs()]
    // A document that was made while the clock is set forward does not set it forward once more.
    const documentMs = lastDocumentMs - Math.max(0, offsetMs)
    const ms = Math.max(wallMs, documentMs, this.#ranTo(fnNumber, wallMs, monotonicMs))
    this.#last = { fnNumber, ms, monotonicMs }
    return Math.floor(ms) + offsetMs
  }

  /** Its time by its last reading. */
  #ranTo(fnNumber: string, wallMs: number, monotonicMs: number): number {
    const last = this.#last
    if (last === null || last.fnNumber !== fnNumber) return wallMs
    const expectedMs = last.ms + (monotonicMs - last.monotonicMs)
    return expectedMs - wallMs > SET_BACK_MS ? expectedMs : last.ms
  }
}
