/** What a till's queue waits after its first failure; each further one doubles it. */
const FIRST_MS = 500

/**
 * How long a till's queue is left alone after its head failed, in milliseconds: doubling, bounded, and spread over its
 * upper half so that queues that failed together do not come back together.
 * @param failures from 1
 * @param random from 0 to below 1
 */
export function backoffMs(failures: number, maxMs: number, random: () => number): number {
  const fullMs = Math.min(maxMs, FIRST_MS * 2 ** Math.min(failures - 1, 20))
  return fullMs / 2 + (fullMs / 2) * random()
}
