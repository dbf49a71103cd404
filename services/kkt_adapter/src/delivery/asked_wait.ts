import type { Clock } from '@kkt/platform/clock.ts'

/** One moment by both clocks: decide by the monotonic one, show the wall clock to people. */
export type Moment = { wallMs: number; monotonicMs: number }

export const momentIn = (clock: Clock, ms: number): Moment => ({
  wallMs: clock.wallMs() + ms,
  monotonicMs: clock.monotonicMs() + ms,
})

/** The pause that the OFD has asked for. */
export class AskedWait {
  #mode: 'heeded' | 'ignored' = 'heeded'
  #until: Moment | null = null

  constructor(private readonly clock: Clock) {}

  /** The end of the pause, or null without one. */
  get until(): Moment | null {
    if (this.#mode === 'ignored' || this.#until === null) return null
    return this.#until.monotonicMs > this.clock.monotonicMs() ? this.#until : null
  }

  atLeast(ms: number): void {
    const until = momentIn(this.clock, ms)
    if (this.#until === null || this.#until.monotonicMs < until.monotonicMs) this.#until = until
  }

  /** Ends the pause. New ones take effect only once the returned function is called. */
  ignore(): () => void {
    this.#until = null
    this.#mode = 'ignored'
    return () => {
      this.#mode = 'heeded'
    }
  }
}
