/** The settings of a run that variables give. */
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

/** `mock`: one inside each adapter's process. `atol`: a service on the network, which hands its documents to the OFD by itself. */
export const KKTS = ['mock', 'atol'] as const
export type Kkt = (typeof KKTS)[number]

/**
 * The variable KKT, or `mock` where it is not set.
 * @throws Stop naming what it got and what it takes
 */
export function askedKkt(): Kkt {
  const given = process.env['KKT'] ?? ''
  const asked = KKTS.find((kkt) => kkt === given)
  if (given !== '' && asked === undefined)
    throw new Stop(`KKT is ${JSON.stringify(given)}: it takes ${KKTS.join(' or ')}.`, 2)
  return asked ?? 'mock'
}

/** The variable SEED, or a random seed where it is not set. */
export const askedSeed = (): number => askedNumber('SEED', { min: 0, max: MAX_SEED, otherwise: randomInt(MAX_SEED) })
