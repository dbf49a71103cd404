import { seededRandom } from '@kkt/platform/testing.ts'
import type { CrashOptions, Ended } from './outcome.ts'
import { EVERY_POINT, MOCK_CHAINS, planKills } from './plan.ts'
import { POINTS, type Point, REGISTER_POINTS } from './points.ts'
import { EVERY_REGISTER_POINT, planRegisterKills, REGISTER_CHAINS } from './register_plan.ts'

type Register = NonNullable<CrashOptions['kkt']>

/** The plan and the points of each kind of cash register. `enough`: the number of kills that reaches all of them. */
export const REACHED_ON = {
  in_process: { plan: planKills, chains: MOCK_CHAINS, points: POINTS, enough: EVERY_POINT },
  register: {
    plan: planRegisterKills,
    chains: REGISTER_CHAINS,
    points: REGISTER_POINTS,
    enough: EVERY_REGISTER_POINT,
  },
} as const

/** How often a chain is lived again whose step has not come up. */
const MOST_AGAIN = 3

/** The points that were missed. A run that is too short for all points need not reach any. */
export function neverReached(ended: readonly Ended[], kkt: Register): Point[] {
  const reached = new Set(ended.filter(({ how }) => how === 'reached').map(({ kill }) => kill.at))
  const { points, enough } = REACHED_ON[kkt]
  return ended.length < enough ? [] : points.filter((point) => !reached.has(point))
}

/**
 * The kills of a run: the planned ones, and then the chains whose step did not come up, because what an earlier life left
 * was still under way.
 * @param ended the kills so far, which grow meanwhile
 */
export function* killsOf({ kills, seed, kkt = 'in_process' }: CrashOptions, ended: readonly Ended[]) {
  const { plan, chains } = REACHED_ON[kkt]
  yield* plan(kills, seededRandom(seed))
  for (let time = 1; time <= MOST_AGAIN; time += 1) {
    const missed = new Set(neverReached(ended, kkt))
    yield* chains.filter((chain) => chain.some(({ at }) => at !== null && missed.has(at))).flat()
  }
}
