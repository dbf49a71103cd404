/** The wait after the first failure. Each further failure doubles it. */
const FIRST_MS = 500

/**
 * The wait after a failure in milliseconds: doubling, bounded, and random over its upper half so that clients that
 * failed together do not return together.
 * @param failures in a row, from 1
 * @param random from 0 to below 1
 */
export function backoffMs(failures: number, maxMs: number, random: () => number): number {
  const fullMs = Math.min(maxMs, FIRST_MS * 2 ** Math.min(failures - 1, 20))
  return fullMs / 2 + (fullMs / 2) * random()
}
