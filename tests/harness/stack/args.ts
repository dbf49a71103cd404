import { parseArgs } from 'node:util'
import { MODES, type Mode } from './mode.ts'
import { COMMAND_NAMES, type Command, isOf, nameOf, OPTIONS, type OptionName } from './options.ts'
import { SERVICES, type ServiceName } from './services.ts'
import { Stop } from './stop.ts'

/** The largest that `bun test` tells from others. */
const MAX_SEED = 2 ** 32 - 1

export type StackRequest = {
  command: Command
  mode: Mode | undefined
  project: string
  randomPorts: boolean
  build: boolean
  /** A test file is chosen when its path has one of these in it; none chooses all. */
  filter: string[]
  /** A test is chosen when its name matches. */
  test: RegExp | undefined
  seed: number | 'random' | undefined
  keepUp: boolean
  verbose: boolean
  long: boolean
  service: ServiceName | undefined
  query: string
  /** Faults in the short form. */
  ofd: string
  odoo: string
  /** Whole seconds; empty where it is not said, as the next four. */
  duration: string
  kills: string
  minutes: string
  histories: string
  only: string
  rounds: string
  /** A path from the repository's root; empty where it is not said. */
  base: string
  baseline: boolean
  /** Handed on to `bun test`. */
  testArgs: string[]
}

export type Help = { command: 'help'; about: Command | undefined }

type Env = Record<string, string | undefined>
/** What is on or off. */
type Flag = 'build' | 'keep-up' | 'verbose' | 'long' | 'baseline'

/**
 * Reads `<command> [--flag value …] [-- bun test's arguments]`; the variables of OPTIONS stand in for flags that are not
 * given, for `make` hands its variables on as such.
 * @throws Stop saying what is wrong and what is taken
 */
export function parseRequest(argv: string[], env: Env): StackRequest | Help {
  const { values, positionals, tokens } = parse(argv)
  const [word, ...testArgs] = positionals
  if (values.help) return { command: 'help', about: COMMAND_NAMES.find((name) => name === word) }
  const command = oneOf(COMMAND_NAMES, 'The command', word ?? '')
  requireTaken(command, tokens, testArgs)

  const text = (option: OptionName): string => {
    if (!isOf(option, command)) return ''
    const flag = values[option]
    return (typeof flag === 'string' ? flag : (env[nameOf(option)] ?? '')).trim()
  }
  const isOn = (option: Flag) => isOf(option, command) && (values[option] ?? onOrOff(option, env))
  return {
    command,
    mode: optional(MODES, nameOf('mode'), text('mode')),
    project: projectName(text('project')),
    randomPorts: optional(['random'], nameOf('ports'), text('ports')) !== undefined,
    build: isOn('build'),
    filter: text('filter').split(/\s+/).filter(Boolean),
    test: pattern(text('test')),
    seed: seed(text('seed')),
    keepUp: isOn('keep-up'),
    verbose: isOn('verbose'),
    long: isOn('long'),
    service: optional(
      SERVICES.map(({ name }) => name),
      nameOf('service'),
      text('service'),
    ),
    query: text('query'),
    ofd: text('ofd'),
    odoo: text('odoo'),
    duration: text('duration'),
    kills: text('kills'),
    minutes: text('minutes'),
    histories: text('histories'),
    only: text('only'),
    rounds: text('rounds'),
    base: text('base'),
    baseline: isOn('baseline'),
    testArgs,
  }
}

function parse(argv: string[]) {
  const string = { type: 'string' } as const
  const boolean = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      tokens: true,
      options: {
        ...{ mode: string, project: string, ports: string, filter: string, test: string, seed: string },
        ...{
          service: string,
          query: string,
          ofd: string,
          odoo: string,
          duration: string,
          kills: string,
          minutes: string,
          histories: string,
          only: string,
          rounds: string,
          base: string,
        },
        ...{ build: boolean, baseline: boolean, 'keep-up': boolean, verbose: boolean, long: boolean },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    const [what = ''] = String(error instanceof Error ? error.message : error).split(/\.\s|\n/)
    throw new Stop(`${what.replace(/\.$/, '')}: --help shows what there is.`)
  }
}

type Token = { kind: string; index: number; name?: string }

function requireTaken(command: Command, tokens: Token[], testArgs: string[]): void {
  for (const { kind, name } of tokens) {
    const option = OPTION_NAMES.find((one) => one === name)
    if (kind !== 'option' || option === undefined || isOf(option, command)) continue
    throw new Stop(`--${option} is not for ${command}, but for ${OPTIONS[option].of.join(', ')}.`)
  }
  const separator = tokens.find(({ kind }) => kind === 'option-terminator')?.index ?? Number.POSITIVE_INFINITY
  const stray = tokens.filter(({ kind, index }) => kind === 'positional' && index < separator).length > 1
  if (stray || (command !== 'test' && testArgs.length > 0)) {
    const hint = command === 'test' ? ': --filter chooses files, and what is for bun test comes after --.' : '.'
    throw new Stop(`${JSON.stringify(testArgs[0])} is too much for ${command}${hint}`)
  }
}

const OPTION_NAMES = Object.keys(OPTIONS).filter((name): name is OptionName => name in OPTIONS)

function onOrOff(option: Flag, env: Env): boolean {
  const value = env[nameOf(option)] || '0'
  return oneOf(['1', '0'], nameOf(option), value) === '1'
}

function projectName(value: string): string {
  if (value === '') return DEFAULT_PROJECT
  if (/^[a-z0-9][a-z0-9_-]*$/.test(value)) return value
  throw new Stop(
    `${nameOf('project')} is ${JSON.stringify(value)}: it takes small letters, digits, - and _, a letter or digit first.`,
  )
}

export const DEFAULT_PROJECT = 'opticserp_test'

function pattern(value: string): RegExp | undefined {
  try {
    return value === '' ? undefined : new RegExp(value)
  } catch {
    throw new Stop(
      `${nameOf('test')} is ${JSON.stringify(value)}: it takes a regular expression, so ( ) [ ] * + ? need a \\ before them.`,
    )
  }
}

function seed(value: string): StackRequest['seed'] {
  if (value === '') return undefined
  if (value === 'random') return 'random'
  if (/^\d+$/.test(value) && Number(value) <= MAX_SEED) return Number(value)
  throw new Stop(
    `${nameOf('seed')} is ${JSON.stringify(value)}: it takes random or a whole number from 0 to ${MAX_SEED}.`,
  )
}

const optional = <T extends string>(taken: readonly T[], what: string, got: string) =>
  got ? oneOf(taken, what, got) : undefined

function oneOf<T extends string>(taken: readonly T[], what: string, got: string): T {
  const found = taken.find((value) => value === got)
  if (found === undefined)
    throw new Stop(
      `${what} is ${JSON.stringify(got)}: it takes ${taken.length > 1 ? 'one of ' : ''}${taken.join(', ')}.`,
    )
  return found
}
