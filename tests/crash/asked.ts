/** The numbers that a run is asked for by variables. */
import { randomInt } from 'node:crypto'
import { Stop } from '../harness/stack/stop.ts'

const MAX_SEED = 2 ** 32 - 1

type Taken = { min: number; max: number; otherwise: number; what?: 'a whole number' | 'a number' }

/** @throws Stop naming the variable, what it got and what it takes */
export function askedNumber(variable: string, { min, max, otherwise, what = 'a whole number' }: Taken): number {
  const given = process.env[variable] ?? ''
  if (given === '') return otherwise
  const shape = what === 'a whole number' ? /^\d+$/ : /^\d+(\.\d+)?$/
  if (shape.test(given) && Number(given) >= min && Number(given) <= max) return Number(given)
  throw new Stop(`${variable} is ${JSON.stringify(given)}: it takes ${what} from ${min} to ${max}.`, 2)
}

/** Drawn where it is not asked for. */
export const askedSeed = (): number => askedNumber('SEED', { min: 0, max: MAX_SEED, otherwise: randomInt(MAX_SEED) })
