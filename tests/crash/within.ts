import type { Clock } from '@kkt/platform/clock.ts'

/** What a promise resolves with, or null when it does not in time. */
export async function within<T>(ms: number, clock: Clock, promise: Promise<T>): Promise<T | null> {
  const over = new AbortController()
  try {
    return await Promise.race([promise, clock.wait(ms, over.signal).then(() => null)])
  } finally {
    over.abort()
  }
}

/**
 * What a promise resolves with.
 * @param what completes the sentence "waited for …"
 * @throws Error when it does not in time
 */
export async function inTime<T>(what: string, ms: number, clock: Clock, promise: Promise<T>): Promise<T> {
  const boxed = promise.then((value) => ({ value }))
  const done = await within(ms, clock, boxed)
  if (done === null) throw new Error(`waited ${ms} ms for ${what}`)
  return done.value
}
