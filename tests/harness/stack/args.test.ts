import { expect, test } from 'bun:test'
import { parseRequest } from './args.ts'
import { COMMAND_NAMES, helpText, OPTIONS } from './options.ts'

test('variables stand in for flags that are not given', () => {
  const env = { MODE: 'local', Q: ' SELECT 1 ' }
  expect(parseRequest(['sql'], env)).toMatchObject({ command: 'sql', mode: 'local', query: 'SELECT 1' })
  expect(parseRequest(['sql', '--mode', 'compose', '--query', 'SELECT 2'], env)).toMatchObject({
    mode: 'compose',
    query: 'SELECT 2',
  })
})

const chosen = {
  command: 'test',
  mode: 'local',
  project: 'second',
  randomPorts: true,
  build: true,
  filter: ['ofd', 'odoo'],
  test: /happy path/,
  seed: 7,
  keepUp: true,
  verbose: true,
}

test('everything is chosen by variables or by flags', () => {
  const env = { MODE: 'local', COMPOSE_PROJECT_NAME: 'second', PORTS: 'random', BUILD: '1', KEEP_UP: '1', SEED: '7' }
  const loud = { ...env, VERBOSE: '1' }
  expect(parseRequest(['test'], { ...loud, FILTER: ' ofd  odoo ', TEST: 'happy path' })).toMatchObject(chosen)
  const flags = ['--mode', 'local', '--project', 'second', '--ports', 'random', '--build', '--keep-up', '--seed', '7']
  expect(
    parseRequest(['test', ...flags, '--verbose', '--filter', 'ofd odoo', '--test', 'happy path'], {}),
  ).toMatchObject(chosen)
})

test('an empty variable counts as not given, and so does one that the command does not take', () => {
  const none = {
    command: 'up' as const,
    mode: undefined,
    project: 'opticserp_test',
    randomPorts: false,
    build: false,
    observe: false,
    hasRegister: false,
    filter: [],
    test: undefined,
    seed: undefined,
    keepUp: false,
    verbose: false,
    long: false,
    service: undefined,
    query: '',
    variables: { MODE: '', COMPOSE_PROJECT_NAME: '', PORTS: '', BUILD: '', OBSERVE: '', KKT: '' },
    testArgs: [],
  }
  const empty = { MODE: '', SERVICE: '', Q: '', PORTS: '', BUILD: '0', COMPOSE_PROJECT_NAME: '' }
  expect(parseRequest(['up'], { ...empty, SEED: 'wrong', KEEP_UP: 'wrong' })).toEqual(none)
})

test('Prometheus and Grafana are asked for at up only', () => {
  expect(parseRequest(['up'], { KKT: 'atol' })).toMatchObject({ hasRegister: true })
  expect(parseRequest(['test', '--kkt', 'atol'], {})).toMatchObject({ hasRegister: true })
  expect(parseRequest(['down'], { KKT: 'atol' })).toMatchObject({ hasRegister: false })
  expect(parseRequest(['up'], { OBSERVE: '1' })).toMatchObject({ observe: true })
  expect(parseRequest(['up', '--observe'], {})).toMatchObject({ observe: true })
  expect(parseRequest(['test'], { OBSERVE: '1' })).toMatchObject({ observe: false })
})

test('a script gets the variables that its command takes, whether given as variables or as flags', () => {
  const variables = (argv: string[], env = {}) => {
    const request = parseRequest(argv, env)
    return request.command === 'help' ? null : request.variables
  }
  const given = { BASE: '../before', BASELINE: '1', KILLS: '5' }
  const none = { ONLY: '', ROUNDS: '', BASE: '', BASELINE: '' }
  expect(variables(['bench'], given)).toEqual({ ...none, BASE: '../before', BASELINE: '1' })
  expect(variables(['bench', '--base', '../other'], given)).toMatchObject({ BASE: '../other' })
  expect(variables(['bench', '--baseline'])).toEqual({ ...none, BASELINE: '1' })
  expect(variables(['crash'], given)).toEqual({ KILLS: '5', KKT: '', SEED: '' })
})

test('arguments after -- are for bun test, flags too', () => {
  expect(parseRequest(['test', '--seed', '1', '--', '--randomize', '-t', 'happy path'], {})).toMatchObject({
    testArgs: ['--randomize', '-t', 'happy path'],
  })
  expect(parseRequest(['test', '--'], {})).toMatchObject({ testArgs: [] })
})

test.each<[string[], Record<string, string>, string]>([
  [['start'], {}, 'The command is "start": it takes one of up, down, test,'],
  [[], {}, 'The command is ""'],
  [['up'], { MODE: 'docker' }, 'MODE is "docker": it takes one of compose, local.'],
  [['up'], { KKT: 'shtrih' }, 'KKT is "shtrih": it takes atol.'],
  [
    ['logs'],
    { SERVICE: 'ofd' },
    'SERVICE is "ofd": it takes one of kkt_adapter, mock_ofd, mock_odoo, redis, mock_kkt.',
  ],
  [['up'], { PORTS: '9000' }, 'PORTS is "9000": it takes random.'],
  [['test'], { KEEP_UP: 'yes' }, 'KEEP_UP is "yes": it takes one of 1, 0.'],
  [['test'], { SEED: '4294967296' }, 'SEED is "4294967296": it takes random or a whole number from 0 to 4294967295.'],
  [['test', '--seed=-1'], {}, 'SEED is "-1"'],
  [['test'], { TEST: '(' }, 'TEST is "(": it takes a regular expression'],
  [['up'], { COMPOSE_PROJECT_NAME: '../x' }, 'COMPOSE_PROJECT_NAME is "../x": it takes small letters'],
  [['up', '--nope'], {}, "Unknown option '--nope': --help shows what there is."],
  [['test', '--filter'], {}, "Option '--filter <value>' argument missing: --help shows what there is."],
  [['down', '--filter', 'ofd'], {}, '--filter is not for down, but for test.'],
  [['test', 'ofd'], {}, '"ofd" is too much for test: --filter chooses files, and what is for bun test comes after --.'],
  [['down', '--', 'x'], {}, '"x" is too much for down.'],
])('%p with %p is refused in one line', (argv, env, message) => {
  expect(() => parseRequest(argv, env)).toThrow(message)
  expect(() => parseRequest(argv, env)).not.toThrow('\n')
})

test('help is about one command or about all, and names every flag with its variable', () => {
  expect(parseRequest(['test', '--help'], { SEED: 'wrong' })).toEqual({ command: 'help', about: 'test' })
  expect(parseRequest(['-h'], {})).toEqual({ command: 'help', about: undefined })
  const all = helpText(undefined)
  for (const name of COMMAND_NAMES) expect(all).toContain(`\n  ${name}`)
  for (const [flag, { variable }] of Object.entries(OPTIONS)) {
    expect(all).toMatch(new RegExp(`--${flag}\\b.* ${variable}=`))
  }
  expect(helpText('down')).not.toContain('--filter')
  expect(Math.max(...all.split('\n').map((line) => line.length))).toBeLessThanOrEqual(130)
})
