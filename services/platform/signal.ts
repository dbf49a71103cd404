import type { Clock } from './clock.ts'

/** Wakes the callers that wait for an event. A `notify` without a waiting caller is kept for the next `wait`. */
export class Signal {
  readonly #waiters = new Set<() => void>()
  #kept = false

  notify(): void {
    this.#kept = this.#waiters.size === 0
    for (const wake of this.#waiters) wake()
  }

  /** Resolves at the next `notify`, or after `ms`. Never rejects. */
  async wait(ms: number, clock: Clock): Promise<void> {
    if (this.#kept) {
      this.#kept = false
      return
    }
    // Without an AbortController, which takes most of the time of a wait.
    await new Promise<void>((resolve) => {
      const wake = () => {
        callOff()
        this.#waiters.delete(wake)
        resolve()
      }
      const callOff = clock.after(ms, wake)
      this.#waiters.add(wake)
    })
  }
}
