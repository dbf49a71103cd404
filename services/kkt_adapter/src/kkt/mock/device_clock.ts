import type { Clock } from '@kkt/platform/clock.ts'

/** A machine's clock that is corrected by less is followed: the document's time is in minutes. */
const SET_BACK_MS = 60_000

/**
 * The KKT's own clock. It is another machine's: where the wall clock of this one is set back, it runs on. It is never
 * before the FN's last document, unless a test sets it wrong.
 */
export class DeviceClock {
  #last: { ms: number; monotonicMs: number } | null = null

  constructor(private readonly clock: Clock) {}

  /**
   * @param lastDocumentMs the time of the FN's last document
   * @param behindMs by how much a test has set it back
   */
  nowMs(lastDocumentMs: number, behindMs: number): number {
    const [wallMs, monotonicMs] = [this.clock.wallMs(), this.clock.monotonicMs()]
    const ms = Math.max(wallMs, lastDocumentMs, this.#ranTo(wallMs, monotonicMs))
    this.#last = { ms, monotonicMs }
    return Math.floor(ms) - behindMs
  }

  /** Its time by its last reading. */
  #ranTo(wallMs: number, monotonicMs: number): number {
    const last = this.#last
    if (last === null) return wallMs
    const expectedMs = last.ms + (monotonicMs - last.monotonicMs)
    return expectedMs - wallMs > SET_BACK_MS ? expectedMs : last.ms
  }
}
