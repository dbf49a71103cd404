import type { Clock } from '@kkt/platform/clock.ts'

/** The promise's value, or null where it takes longer than `ms`. */
export async function within<T>(ms: number, clock: Clock, promise: Promise<T>): Promise<T | null> {
  const over = new AbortController()
  try {
    return await Promise.race([promise, clock.wait(ms, over.signal).then(() => null)])
  } finally {
    over.abort()
  }
}

/**
 * The promise's value.
 * @param what completes the sentence "waited for …"
 * @throws Error where it takes longer than `ms`
 */
export async function inTime<T>(what: string, ms: number, clock: Clock, promise: Promise<T>): Promise<T> {
  const boxed = promise.then((value) => ({ value }))
  const done = await within(ms, clock, boxed)
  if (done === null) throw new Error(`waited ${ms} ms for ${what}`)
  return done.value
}
