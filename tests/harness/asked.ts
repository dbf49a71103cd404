/** Numbers that variables set for a run. */
import { randomInt } from 'node:crypto'
import { Stop } from './stack/stop.ts'

const MAX_SEED = 2 ** 32 - 1

type Taken = { min: number; max: number; otherwise: number; what?: 'a whole number' | 'a number' }

/**
 * The variable's value, or `otherwise` where it is not set.
 * @throws Stop naming the variable, what it got and what it takes
 */
export function askedNumber(variable: string, { min, max, otherwise, what = 'a whole number' }: Taken): number {
  const given = process.env[variable] ?? ''
  if (given === '') return otherwise
  const shape = what === 'a whole number' ? /^\d+$/ : /^\d+(\.\d+)?$/
  if (shape.test(given) && Number(given) >= min && Number(given) <= max) return Number(given)
  throw new Stop(`${variable} is ${JSON.stringify(given)}: it takes ${what} from ${min} to ${max}.`, 2)
}

/** The variable SEED, or a random seed where it is not set. */
export const askedSeed = (): number => askedNumber('SEED', { min: 0, max: MAX_SEED, otherwise: randomInt(MAX_SEED) })
