import { parseArgs } from 'node:util'
import { MODES, type Mode } from './mode.ts'
import { SERVICES, type ServiceName } from './services.ts'
import { Stop } from './stop.ts'

export const COMMANDS = ['up', 'down', 'test', 'logs', 'check', 'sql'] as const
export type Command = (typeof COMMANDS)[number]

export type Request = {
  command: Command
  mode: Mode | undefined
  service: ServiceName | undefined
  query: string
  /** Handed on to `bun test`. */
  testArgs: string[]
}

/**
 * Reads `<command> [--mode …] [--service …] [--query …] [-- bun test's arguments]`; the variables MODE, SERVICE and Q
 * stand in for flags that are not given, for `make` hands its variables on as such.
 * @throws Stop saying what is wrong and what is taken
 */
export function parseRequest(argv: string[], env: Record<string, string | undefined>): Request {
  const { values, positionals } = parse(argv)
  const [command = '', ...testArgs] = positionals
  const { MODE, SERVICE, Q } = env
  return {
    command: oneOf(COMMANDS, 'The command', command),
    mode: optional(MODES, 'MODE', values.mode || MODE),
    service: optional(
      SERVICES.map(({ name }) => name),
      'SERVICE',
      values.service || SERVICE,
    ),
    query: (values.query || Q || '').trim(),
    testArgs,
  }
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: { mode: { type: 'string' }, service: { type: 'string' }, query: { type: 'string' } },
    })
  } catch (error) {
    throw new Stop(error instanceof Error ? error.message : String(error))
  }
}

const optional = <T extends string>(taken: readonly T[], what: string, got: string | undefined) =>
  got ? oneOf(taken, what, got) : undefined

function oneOf<T extends string>(taken: readonly T[], what: string, got: string): T {
  const found = taken.find((value) => value === got)
  if (found === undefined) throw new Stop(`${what} is ${JSON.stringify(got)}: it takes one of ${taken.join(', ')}.`)
  return found
}
