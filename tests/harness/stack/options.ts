import { MODES } from './mode.ts'
import { columns, indent } from './output.ts'
import { ALL_SERVICES } from './services.ts'

/** The commands with their help. */
const COMMANDS = {
  up: 'start the stack and print its URLs',
  down: 'stop the stack and remove its data',
  test: 'run the suites on the stack that is up, else on a fresh one that is gone afterwards',
  dev: 'restart the services at every edit, and show their logs until Ctrl-C',
  logs: "follow the services' logs",
  doctor: 'check what the stack needs, and say how to mend what is wrong',
  check: 'check types, lint and format',
  sql: "read the adapter's buffer; nothing is written",
  fault: 'put faults on the mocks of the stack that is up, or show what is on',
  watch: 'show the live state of the adapter, until Ctrl-C',
  screenshots: "take the README's pictures of the pages, from the stack that is up",
  coverage: 'run the unit tests and show which lines of the services they run',
  profile: 'sell to an adapter of its own and show where its time goes',
  crash: 'kill adapters of its own at every step and at random, and check that nothing is lost or doubled',
  chaos: 'have everything fail in a stack of its own, and check that nothing is lost or doubled',
  siege: 'attack an adapter of its own while tills sell, and check that it holds',
  model: 'compare random histories of faults and crashes, in simulated time, with a model of what must hold',
  sbom: 'write the bill of materials of what the images ship (CycloneDX)',
  mutants: 'plant known bugs in copies of the sources, and show the test that catches each',
  bench: 'measure the services against what could be done on this machine',
  'kkt-probe': 'show the cash register at KKT_URL, and what does not fit the settings',
} as const
export type Command = keyof typeof COMMANDS

export const COMMAND_NAMES = Object.keys(COMMANDS).filter((name): name is Command => name in COMMANDS)

type Option = {
  /** Takes the place of the flag, because make passes its variables on in the environment. */
  variable: string
  /** The kind of value, for the help. A flag without it is on or off. */
  takes?: string
  help: string
  of: readonly Command[]
}

const everyStack = ['up', 'down', 'test', 'dev', 'logs', 'doctor', 'sql', 'fault', 'watch', 'screenshots'] as const

/** All flags by name. */
export const OPTIONS = {
  mode: {
    variable: 'MODE',
    takes: MODES.join('|'),
    help: 'how to run (default: as what is up, else compose if Docker answers)',
    of: everyStack,
  },
  project: {
    variable: 'COMPOSE_PROJECT_NAME',
    takes: 'NAME',
    help: 'which stack, where there are several (default: opticserp_test)',
    of: everyStack,
  },
  ports: {
    variable: 'PORTS',
    takes: 'random',
    help: 'free ports, which the stack keeps until it is down',
    of: ['up', 'test', 'dev'],
  },
  build: {
    variable: 'BUILD',
    help: 'rebuild all images; restart what is up, with what is stale rebuilt',
    of: ['up', 'test'],
  },
  observe: {
    variable: 'OBSERVE',
    help: 'with Prometheus and Grafana, in Compose mode',
    of: ['up'],
  },
  kkt: {
    variable: 'KKT',
    takes: 'atol',
    help: "on a cash register on the network (ATOL's)",
    of: ['up', 'test', 'dev', 'crash', 'chaos', 'model'],
  },
  filter: {
    variable: 'FILTER',
    takes: 'TEXT',
    help: 'only test files with this in their path; several, with spaces between',
    of: ['test'],
  },
  test: { variable: 'TEST', takes: 'REGEX', help: 'only tests with this in their name', of: ['test'] },
  seed: {
    variable: 'SEED',
    takes: 'NUMBER|random',
    help: 'repeats the run that printed it; shuffles tests',
    of: ['test', 'crash', 'chaos', 'siege', 'model'],
  },
  'keep-up': { variable: 'KEEP_UP', help: 'leave the stack up afterwards, to look around in it', of: ['test'] },
  verbose: { variable: 'VERBOSE', help: 'print each test as it ends, and what it prints itself', of: ['test'] },
  long: { variable: 'LONG', help: 'run the long form of what has a short one, as CI does', of: ['test'] },
  service: {
    variable: 'SERVICE',
    takes: 'NAME',
    help: `one of ${ALL_SERVICES.map(({ name }) => name).join(', ')}`,
    of: ['logs'],
  },
  query: { variable: 'Q', takes: 'SQL', help: 'what to read', of: ['sql'] },
  ofd: { variable: 'OFD', takes: 'FAULTS', help: "at the OFD: 'delay 0.5s p=0.3, hang x2', or none", of: ['fault'] },
  odoo: { variable: 'ODOO', takes: 'FAULTS', help: 'at Odoo, likewise', of: ['fault'] },
  register: {
    variable: 'REGISTER',
    takes: 'FAULTS',
    help: 'at the cash register of KKT=atol, likewise',
    of: ['fault'],
  },
  adapter: { variable: 'ADAPTER', takes: 'URL', help: 'another adapter than that of the stack', of: ['watch'] },
  kills: { variable: 'KILLS', takes: 'NUMBER', help: 'how many (default: 200)', of: ['crash'] },
  minutes: {
    variable: 'MINUTES',
    takes: 'NUMBER',
    help: 'for how long, 0.5 too (default: 2; siege: 3)',
    of: ['chaos', 'siege'],
  },
  histories: { variable: 'HISTORIES', takes: 'NUMBER', help: 'how many (default: 10000)', of: ['model'] },
  only: { variable: 'ONLY', takes: 'TEXT', help: 'only those with this in their name', of: ['mutants', 'bench'] },
  rounds: { variable: 'ROUNDS', takes: 'NUMBER', help: 'how often each is measured (default: 9)', of: ['bench'] },
  base: {
    variable: 'BASE',
    takes: 'PATH',
    help: 'another checkout to measure in the same rounds: before and after',
    of: ['bench'],
  },
  baseline: { variable: 'BASELINE', help: 'keep the ratios as those that later runs are compared with', of: ['bench'] },
  duration: { variable: 'DURATION', takes: 'SECONDS', help: 'for how long (default: 10)', of: ['profile'] },
} as const satisfies Record<string, Option>
export type OptionName = keyof typeof OPTIONS
export const OPTION_NAMES = Object.keys(OPTIONS).filter((name): name is OptionName => name in OPTIONS)

export const isSwitch = (option: OptionName): boolean => !('takes' in OPTIONS[option])

/** The variable by which errors name an option. */
export const nameOf = (option: OptionName): string => OPTIONS[option].variable

/** Whether the command takes the option. */
export const isOf = (option: OptionName, command: Command): boolean =>
  OPTIONS[option].of.some((one: Command) => one === command)

/** The output of `--help` for one command, or for all. */
export function helpText(command: Command | undefined): string {
  const commands = command ? [command] : COMMAND_NAMES
  const rows = Object.entries<Option>(OPTIONS)
    .filter(([, { of }]) => commands.some((one) => of.includes(one)))
    .map(([name, { takes, variable, help, of }]) => [
      takes ? `--${name} ${takes}` : `--${name}`,
      takes ? `${variable}=` : `${variable}=1`,
      command || of === everyStack ? help : `${of.join(', ')}: ${help}`,
    ])
  const options = rows.length > 0 ? `\n\nOptions, as flags or as variables:\n${indent(columns(rows))}` : ''
  const forwarded = commands.includes('test')
    ? '\n\nWhat follows -- goes to bun test as it is (make: TEST_ARGS="…").'
    : ''
  return `Usage: make ${command ?? 'COMMAND'} [VARIABLE=value …]
       tests/harness/stack/main ${command ?? 'COMMAND'} [--flag value …]

${indent(columns(commands.map((one) => [one, COMMANDS[one]])))}${options}${forwarded}${commands.includes('test') ? EXAMPLES : ''}`
}

const EXAMPLES = `

  make test FILTER=ofd TEST="happy path" KEEP_UP=1
  tests/harness/stack/main test --filter ofd --test "happy path" --keep-up --mode local --seed 7
  make test COMPOSE_PROJECT_NAME=second PORTS=random`
