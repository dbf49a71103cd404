/** What is waited after the first failure; each further one doubles it. */
const FIRST_MS = 500

/**
 * How long what has failed is left alone, in milliseconds: doubling, bounded, and spread over its upper half so that what
 * failed together does not come back together.
 * @param failures in a row, from 1
 * @param random from 0 to below 1
 */
export function backoffMs(failures: number, maxMs: number, random: () => number): number {
  const fullMs = Math.min(maxMs, FIRST_MS * 2 ** Math.min(failures - 1, 20))
  return fullMs / 2 + (fullMs / 2) * random()
}
