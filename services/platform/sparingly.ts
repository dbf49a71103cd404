import type { Clock } from './clock.ts'

/** Calls `act` at the first call, and then at most once in `everyMs`. */
export function sparingly(everyMs: number, clock: Clock, act: () => void): () => void {
  let notBeforeMs = Number.NEGATIVE_INFINITY
  return () => {
    const nowMs = clock.monotonicMs()
    if (nowMs < notBeforeMs) return
    notBeforeMs = nowMs + everyMs
    act()
  }
}
