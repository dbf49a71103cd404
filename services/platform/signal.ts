import type { Clock } from './clock.ts'

/** Wakes the callers that wait for an event. A `notify` without a waiting caller is kept for the next `wait`. */
export class Signal {
  #waiters = new Set<() => void>()
  #kept = false

  notify(): void {
    this.#kept = this.#waiters.size === 0
    const waiters = this.#waiters
    this.#waiters = new Set()
    for (const wake of waiters) wake()
  }

  /** Resolves at the next `notify`, after `ms`, or when `stop` is aborted. Never rejects. */
  async wait(ms: number, clock: Clock, stop?: AbortSignal): Promise<void> {
    if (this.#kept || stop?.aborted) {
      this.#kept = false
      return
    }
    const over = new AbortController()
    const wake = () => over.abort()
    this.#waiters.add(wake)
    stop?.addEventListener('abort', wake)
    await clock.wait(ms, over.signal)
    this.#waiters.delete(wake)
    stop?.removeEventListener('abort', wake)
  }
}
