import { MORTAL_POINTS, RESTING_POINTS } from '../world/strikes.ts'
import type { Shop } from './shop.ts'

/** A step passes each point a few times. */
const MOST_PASSES = 4

/** Has the process die at any point of its next steps. @param draw gives a whole number from 0 to below its argument */
export function killSoon(shop: Shop, draw: (limit: number) => number): void {
  const points = [...MORTAL_POINTS, ...RESTING_POINTS]
  const point = points[draw(points.length)]
  const nth = 1 + draw(MOST_PASSES)
  const mortal = MORTAL_POINTS.find((one) => one === point)
  const resting = RESTING_POINTS.find((one) => one === point)
  if (mortal) shop.willDieAt({ deed: 'crash', point: mortal, side: draw(2) === 0 ? 'before' : 'after', nth })
  if (resting) shop.willDieAt({ deed: 'crash', point: resting, nth })
}
