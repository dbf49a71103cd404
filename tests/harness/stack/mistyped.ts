/** Variables that nothing takes. make and the shell ignore them silently. */
import { nearest } from '../../../services/platform/nearest.ts'
import { OPTIONS } from './options.ts'
import { readDefaults, readOwnSettings } from './settings.ts'

type Env = Readonly<Record<string, string | undefined>>

/** The Makefile's own variable. */
const TEST_ARGS = 'TEST_ARGS'

/** The variables of make's command line, from MAKEFLAGS, where a backslash stands before each space in a value. */
export const givenToMake = ({ MAKEFLAGS = '' }: Env): string[] =>
  [...MAKEFLAGS.matchAll(/(?<!\S)([A-Za-z_]\w*)[:?+!]*=(?:\\.|\S)*/gs)].map(([, name = '']) => name)

/** A line for each variable of make's command line that resembles a known one: `ofd=…` for `OFD=…`. */
export function mistypedForMake(root: string, env: Env): string[] {
  const variables = Object.values(OPTIONS).map(({ variable }) => variable)
  return nearMisses(givenToMake(env), [...variables, TEST_ARGS, ...Object.keys(readDefaults(root))])
}

/**
 * A line for each unknown setting in `.env.test`, and for each variable of the shell that resembles a known one.
 * @throws Stop when there is no `.env.test`
 */
export function mistypedSettings(root: string, env: Env): string[] {
  const known = Object.keys(readDefaults(root))
  const own = Object.keys(readOwnSettings(root)).filter((name) => !known.includes(name))
  const told = new Set([...own, ...givenToMake(env), ...Object.values(OPTIONS).map(({ variable }) => variable)])
  return [
    ...own.map((name) => `.env.test sets ${name}, which the stack does not take${question(name, known)}`),
    ...nearMisses(
      Object.keys(env).filter((name) => !told.has(name)),
      known,
    ),
  ]
}

const nearMisses = (names: readonly string[], known: readonly string[]) =>
  names
    .filter((name) => !known.includes(name) && nearest(name, known) !== undefined)
    .map((name) => `${name}=… is not known${question(name, known)}`)

function question(name: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  return meant === undefined ? '.' : `: did you mean ${meant}=…?`
}
