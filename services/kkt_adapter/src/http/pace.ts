import type { Clock } from '@kkt/platform/clock.ts'

/** How fast the adapter goes about its work. */
export type Pace = {
  syncIntervalMs: number
  breakerTimeoutMs: number
  heartbeatIntervalMs: number
  ofdTimeoutMs: number
  printDelayMinMs: number
  printDelayMaxMs: number
  printTimeoutMs: number
}

/** The pace that the settings say, or another one that a test has asked for, for a while. */
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

  /** How long the pace that a test has asked for still holds; 0 where none does. */
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

  /** @param act wakes everything that waits by the earlier pace */
  onChange(act: () => void): void {
    this.#onChange = act
  }
}
