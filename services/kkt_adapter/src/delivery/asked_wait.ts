import type { Clock } from '@kkt/platform/clock.ts'

/** By both clocks: the monotonic one decides, the wall clock is for people. */
export type Moment = { wallMs: number; monotonicMs: number }

export const momentIn = (clock: Clock, ms: number): Moment => ({
  wallMs: clock.wallMs() + ms,
  monotonicMs: clock.monotonicMs() + ms,
})

/** How long the OFD asks to be left alone. */
export class AskedWait {
  #mode: 'heeded' | 'ignored' = 'heeded'
  #until: Moment | null = null

  constructor(private readonly clock: Clock) {}

  /** Until when the OFD is left alone, or null where it need not be. */
  get until(): Moment | null {
    if (this.#mode === 'ignored' || this.#until === null) return null
    return this.#until.monotonicMs > this.clock.monotonicMs() ? this.#until : null
  }

  atLeast(ms: number): void {
    const until = momentIn(this.clock, ms)
    if (this.#until === null || this.#until.monotonicMs < until.monotonicMs) this.#until = until
  }

  /** Forgets what was asked for, and heeds nothing until the returned function is called. */
  ignore(): () => void {
    this.#until = null
    this.#mode = 'ignored'
    return () => {
      this.#mode = 'heeded'
    }
  }
}
