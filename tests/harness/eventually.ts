import { inspect } from 'node:util'
import { type Clock, systemClock } from '@kkt/platform/clock.ts'

/** Short at first, for most conditions are nearly true already; then not so often that the polling itself is a load. */
const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 25

type Bounds<T> = {
  withinMs: number
  /** What makes a value good enough. @default truthiness */
  until?: (value: T) => boolean
  clock?: Clock
}

/**
 * The one bounded wait of the tests: reads until the value satisfies, and gives that value back.
 * A `read` that throws ends the wait at once: only a wrong value is worth reading again.
 * @param what completes the sentence "waited for …"
 * @throws Error saying what was awaited, how long, and the last value seen
 */
export async function eventually<T>(what: string, read: () => T | Promise<T>, bounds: Bounds<T>): Promise<T> {
  const { withinMs, until = Boolean, clock = systemClock } = bounds
  const startedMs = clock.monotonicMs()
  let pauseMs = FIRST_PAUSE_MS
  for (;;) {
    const value = await read()
    if (until(value)) return value
    const leftMs = withinMs - (clock.monotonicMs() - startedMs)
    if (leftMs <= 0) throw new Error(`waited ${withinMs} ms for ${what}; last seen: ${inspect(value, { depth: 4 })}`)
    await clock.wait(Math.min(pauseMs, leftMs))
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  }
}
