/**
 * Time, handed in everywhere so that tests can own it. The only place that reads the machine's clocks.
 */
export type Clock = {
  /** Unix time in milliseconds. May jump back or forward: never subtract two of these to measure a wait. */
  wallMs(): number
  /** Milliseconds since some fixed instant. Never goes back. */
  monotonicMs(): number
  /** Resolves after `ms`, or at once when `signal` is or becomes aborted. Never rejects. */
  wait(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const done = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      signal?.addEventListener('abort', done)
    }),
}

/** `2026-01-31T12:00:00.000Z`, or null for a moment that has not come. */
export function isoOrNull(wallMs: number | null): string | null {
  return wallMs === null ? null : new Date(wallMs).toISOString()
}
