import { SEED, seededRandom } from '@kkt/platform/testing.ts'

/** Random numbers from the run's seed, which is printed. @returns a whole number from 0 to below `limit` */
export function replayableRandom(what: string) {
  console.log(`${what}: SEED=${SEED} replays it`)
  return seededRandom()
}
