import { inspect } from 'node:util'
import { type Clock, systemClock } from '@kkt/platform/clock.ts'

/** Short at first, because most conditions are nearly true. Longer later, so that the polling is no load itself. */
const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 25

type Bounds<T> = {
  withinMs: number
  /** Says whether a value is good enough. @default truthiness */
  until?: (value: T) => boolean
  clock?: Pick<Clock, 'monotonicMs' | 'wait'>
}

/**
 * The one bounded wait of the tests: reads until the value satisfies, and returns that value.
 * A `read` that throws ends the wait at once, because only a wrong value can come right by waiting.
 * @param what completes the sentence "waited for …"
 * @throws Error saying what was awaited, for how long, and the last value
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
