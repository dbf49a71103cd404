import type { Clock } from '@kkt/platform/clock.ts'

export type Pace = {
  syncIntervalMs: number
  breakerTimeoutMs: number
  heartbeatIntervalMs: number
  ofdTimeoutMs: number
  printDelayMinMs: number
  printDelayMaxMs: number
  printTimeoutMs: number
}

/** The pace from the settings, or for a while the pace that a test asked for. */
export class PaceKeeper {
  readonly #own: Pace
  readonly #clock: Clock
  #asked: { pace: Pace; untilMs: number } | null = null
  #onChange: () => void = () => undefined

  constructor(own: Pace, clock: Clock) {
    this.#own = own
    this.#clock = clock
  }

  get now(): Pace {
    return this.leftMs > 0 && this.#asked !== null ? this.#asked.pace : this.#own
  }

  /** The time for which a test's pace still holds; 0 without one. */
  get leftMs(): number {
    return Math.max(0, (this.#asked?.untilMs ?? 0) - this.#clock.monotonicMs())
  }

  /** Durations that are not named stay as they are. */
  ask(change: Partial<Pace>, forMs: number): void {
    this.#asked = { pace: { ...this.now, ...change }, untilMs: this.#clock.monotonicMs() + forMs }
    this.#onChange()
  }

  reset(): void {
    this.#asked = null
    this.#onChange()
  }

  /** @param act wakes everything that waits by the old pace */
  onChange(act: () => void): void {
    this.#onChange = act
  }
}
