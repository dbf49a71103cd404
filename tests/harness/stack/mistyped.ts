/** Variables that are given and that nothing takes. make and the shell say nothing of them. */
import { nearest } from '../../../services/platform/nearest.ts'
import { OPTIONS } from './options.ts'
import { readDefaults, readOwnSettings } from './settings.ts'

type Env = Readonly<Record<string, string | undefined>>

/** The Makefile's own. */
const TEST_ARGS = 'TEST_ARGS'

/** What make hands on of its command line, in MAKEFLAGS. A space in a value stands behind a backslash there. */
export const givenToMake = ({ MAKEFLAGS = '' }: Env): string[] =>
  [...MAKEFLAGS.matchAll(/(?<!\S)([A-Za-z_]\w*)[:?+!]*=(?:\\.|\S)*/gs)].map(([, name = '']) => name)

/** A line for each variable of make's command line that is nearly one that there is: `ofd=…` for `OFD=…`. */
export function mistypedForMake(root: string, env: Env): string[] {
  const variables = Object.values(OPTIONS).map(({ variable }) => variable)
  return nearMisses(givenToMake(env), [...variables, TEST_ARGS, ...Object.keys(readDefaults(root))])
}

/**
 * A line for each setting of `.env.test` that there is not, and for each variable of the shell that is nearly one.
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
