import { seededRandom as draw, SEED } from '@kkt/platform/testing.ts'

/** Random numbers that can be had again, with the seed that is printed. @returns a whole number from 0 to below `limit` */
export function seededRandom(what: string, seed = SEED) {
  console.log(`${what}: SEED=${seed} replays it`)
  return draw(seed)
}
