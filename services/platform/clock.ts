/** Time, passed in everywhere so that tests control it. No other code reads the machine's clocks. */
export type Clock = {
  /** Unix time in milliseconds. May jump back or forward: never subtract two of these to measure a wait. */
  wallMs(): number
  /** Milliseconds since some fixed instant. Never goes back. */
  monotonicMs(): number
  /** Calls `work` after `ms`. @returns a function that calls it off */
  after(ms: number, work: () => void): () => void
  /** Resolves after `ms`, or at once when `signal` is or becomes aborted. Never rejects. */
  wait(ms: number, signal?: AbortSignal): Promise<void>
}

/** The `wait` of a clock, by its `after`. */
export const waitBy =
  (after: Clock['after']): Clock['wait'] =>
  (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const done = () => {
        callOff()
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const callOff = after(ms, done)
      signal?.addEventListener('abort', done)
    })

function after(ms: number, work: () => void): () => void {
  const timer = setTimeout(work, ms)
  return () => clearTimeout(timer)
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after,
  wait: waitBy(after),
}

/** The years from 0000 to 9999. Moments outside have no ISO form with a four-digit year, or none at all. */
const [FIRST_MS, LAST_MS] = [Date.UTC(-1, 12), Date.UTC(9999, 12) - 1]

/** `2026-01-31T12:00:00.000Z`. A moment beyond these years becomes the nearest one within them. */
export function iso(wallMs: number): string {
  return new Date(Math.min(LAST_MS, Math.max(FIRST_MS, wallMs))).toISOString()
}

/** Null for a moment that has not come. */
export const isoOrNull = (wallMs: number | null): string | null => (wallMs === null ? null : iso(wallMs))
