import type { Clock } from '@kkt/platform/clock.ts'
import { interruption, throwIfInterrupted } from '../harness/stack/interruption.ts'

/** Work that gets a signal ends soon after that is aborted: nobody waits for it any more. */
export type Work<T> = Promise<T> | ((over: AbortSignal) => Promise<T>)

/** The work's value, or null where it takes longer than `ms`, or the run is interrupted. */
export async function within<T>(ms: number, clock: Clock, work: Work<T>): Promise<T | null> {
  const over = new AbortController()
  const value = typeof work === 'function' ? work(over.signal) : work
  try {
    return await Promise.race([value, clock.wait(ms, AbortSignal.any([over.signal, interruption])).then(() => null)])
  } finally {
    over.abort()
  }
}

/**
 * The work's value.
 * @param what completes the sentence "waited for …"
 * @throws Error where it takes longer than `ms`; Interrupted
 */
export async function inTime<T>(what: string, ms: number, clock: Clock, work: Work<T>): Promise<T> {
  const boxed = async (over: AbortSignal) => ({ value: await (typeof work === 'function' ? work(over) : work) })
  const done = await within(ms, clock, boxed)
  if (done !== null) return done.value
  throwIfInterrupted()
  throw new Error(`waited ${ms} ms for ${what}`)
}
