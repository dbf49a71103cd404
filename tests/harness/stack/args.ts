import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { MODES, type Mode } from './mode.ts'
import {
  COMMAND_NAMES,
  type Command,
  isOf,
  isSwitch,
  nameOf,
  OPTION_NAMES,
  OPTIONS,
  type OptionName,
} from './options.ts'
import { ALL_SERVICES, type ServiceName } from './services.ts'
import { Stop } from './stop.ts'

/** The largest seed that `bun test` tells from others. */
const MAX_SEED = 2 ** 32 - 1

export type StackRequest = {
  command: Command
  mode: Mode | undefined
  project: string
  randomPorts: boolean
  build: boolean
  observe: boolean
  /** Whether a cash register on the network is started, too. */
  hasRegister: boolean
  /** A test file is chosen when its path contains one of these. None chooses all. */
  filter: string[]
  /** A test is chosen when its name matches. */
  test: RegExp | undefined
  seed: number | 'random' | undefined
  keepUp: boolean
  verbose: boolean
  long: boolean
  service: ServiceName | undefined
  query: string
  /** The variables of the command's options, for its script. Empty where an option is not given. */
  variables: Record<string, string>
  /** Arguments for `bun test`. */
  testArgs: string[]
}

export type Help = { command: 'help'; about: Command | undefined }

type Env = Record<string, string | undefined>

/**
 * Reads `<command> [--flag value …] [-- bun test's arguments]`. A flag that is not given has the value of its variable, because
 * `make` passes its variables on in the environment.
 * @throws Stop saying what is wrong and what is taken
 */
export function parseRequest(argv: string[], env: Env): StackRequest | Help {
  const { values, positionals, tokens } = parse(argv)
  const [word, ...testArgs] = positionals
  if (values['help']) return { command: 'help', about: COMMAND_NAMES.find((name) => name === word) }
  const command = oneOf(COMMAND_NAMES, 'The command', word ?? '')
  requireTaken(command, tokens, testArgs)

  const text = (option: OptionName): string => {
    if (!isOf(option, command)) return ''
    const flag = values[option]
    return (typeof flag === 'string' ? flag : (env[nameOf(option)] ?? '')).trim()
  }
  const isOn = (option: OptionName) =>
    isOf(option, command) && (values[option] === true || oneOf(['1', '0'], nameOf(option), text(option) || '0') === '1')
  const variable = (option: OptionName) => (isSwitch(option) ? (isOn(option) ? '1' : '') : text(option))
  return {
    command,
    mode: optional(MODES, nameOf('mode'), text('mode')),
    project: projectName(text('project')),
    randomPorts: optional(['random'], nameOf('ports'), text('ports')) !== undefined,
    build: isOn('build'),
    observe: isOn('observe'),
    hasRegister: optional(['atol'], nameOf('kkt'), text('kkt')) !== undefined,
    filter: text('filter').split(/\s+/).filter(Boolean),
    test: pattern(text('test')),
    seed: seed(text('seed')),
    keepUp: isOn('keep-up'),
    verbose: isOn('verbose'),
    long: isOn('long'),
    service: optional(
      ALL_SERVICES.map(({ name }) => name),
      nameOf('service'),
      text('service'),
    ),
    query: text('query'),
    variables: Object.fromEntries(
      OPTION_NAMES.filter((option) => isOf(option, command)).map((option) => [nameOf(option), variable(option)]),
    ),
    testArgs,
  }
}

/** Reads by `node:util`, because a command runs before any package is installed. */
function parse(argv: string[]) {
  const options: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' } }
  for (const name of OPTION_NAMES) options[name] = { type: isSwitch(name) ? 'boolean' : 'string' }
  try {
    return parseArgs({ args: argv, allowPositionals: true, tokens: true, options })
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

function projectName(value: string): string {
  if (value === '') return DEFAULT_PROJECT
  if (/^[a-z0-9][a-z0-9_-]*$/.test(value)) return value
  throw wrong('project', value, 'small letters, digits, - and _, a letter or digit first')
}

export const DEFAULT_PROJECT = 'opticserp_test'

function pattern(value: string): RegExp | undefined {
  try {
    return value === '' ? undefined : new RegExp(value)
  } catch {
    throw wrong('test', value, 'a regular expression, so ( ) [ ] * + ? need a \\ before them')
  }
}

function seed(value: string): StackRequest['seed'] {
  if (value === '') return undefined
  if (value === 'random') return 'random'
  if (/^\d+$/.test(value) && Number(value) <= MAX_SEED) return Number(value)
  throw wrong('seed', value, `random or a whole number from 0 to ${MAX_SEED}`)
}

const wrong = (option: OptionName, value: string, takes: string) =>
  new Stop(`${nameOf(option)} is ${JSON.stringify(value)}: it takes ${takes}.`)

const optional = <T extends string>(taken: readonly T[], what: string, got: string) =>
  got ? oneOf(taken, what, got) : undefined

function oneOf<T extends string>(taken: readonly T[], what: string, got: string): T {
  const found = taken.find((value) => value === got)
  if (found !== undefined) return found
  const takes = `${taken.length > 1 ? 'one of ' : ''}${taken.join(', ')}`
  throw new Stop(`${what} is ${JSON.stringify(got)}: it takes ${takes}.`)
}
