import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { BadSettings, decimal, httpUrl, integer, listenSettings, oneOf, readSettings, seconds } from './settings.ts'

const schema = z.object({
  ...listenSettings(8000),
  TIMEOUT: seconds({ min: 0.1, max: 60 }).prefault('1.5'),
  THRESHOLD: decimal({ min: 0, max: 1 }).optional(),
  TRIES: integer({ min: 1, max: 100 }).optional(),
  MODE: oneOf(['http', 'mock']).optional(),
  API_URL: httpUrl().optional(),
})
const read = (env: Record<string, string | undefined>) => readSettings(schema, env)

function complaints(env: Record<string, string>, of: z.ZodType<object> = schema): string[] {
  try {
    readSettings(of, env)
  } catch (error) {
    if (error instanceof BadSettings) return error.lines
    throw error
  }
  return []
}

const defaults = { HOST: '127.0.0.1', PORT: 8000, LOG_LEVEL: 'info', TIMEOUT: 1500 } as const

test('nothing set gives the defaults', () => {
  expect(read({})).toEqual(defaults)
})

test('a variable set to nothing counts as not set', () => {
  const empty = { HOST: '', PORT: '', LOG_LEVEL: '', TIMEOUT: '', THRESHOLD: '', MODE: '', API_URL: '' }
  expect(read({ ...empty, TRIES: undefined })).toEqual(defaults)
  expect(readSettings(schema, { ...empty, API_URL_FILE: '' }, ['API_URL'])).toEqual(defaults)
})

test('what is set is taken, and the rest of the environment left alone', () => {
  const env = {
    HOST: '::1',
    PORT: '0',
    LOG_LEVEL: 'debug',
    TIMEOUT: '0.25',
    THRESHOLD: '0.8',
    TRIES: '20',
    MODE: 'mock',
    API_URL: 'http://mock_ofd:9000',
    PATH: '/bin',
  }
  expect(read(env)).toEqual({
    HOST: '::1',
    PORT: 0,
    LOG_LEVEL: 'debug',
    TIMEOUT: 250,
    THRESHOLD: 0.8,
    TRIES: 20,
    MODE: 'mock',
    API_URL: 'http://mock_ofd:9000',
  })
})

test('the outcome is frozen', () => {
  expect(Object.isFrozen(read({}))).toBe(true)
})

describe('a bad value is refused with its name, what it got and what it takes', () => {
  const cases: [name: string, takes: string, values: string[]][] = [
    ['PORT', 'takes a whole number from 0 to 65535', ['65536', '-1', '80.5', '0x50', ' 80', '1e3', 'http']],
    ['TRIES', 'takes a whole number from 1 to 100', ['0', '101', '9'.repeat(400)]],
    ['THRESHOLD', 'takes a number from 0 to 1', ['1.01', '-0.5', '80%', '.5', '1.', 'Infinity', 'NaN']],
    ['TIMEOUT', 'takes a number from 0.1 to 60', ['0', '61', '5s']],
    ['LOG_LEVEL', 'takes one of: debug, info, warn, error', ['verbose', 'INFO']],
    ['MODE', 'takes one of: http, mock', ['https']],
  ]
  for (const [name, takes, values] of cases) {
    for (const value of values) {
      test(`${name}=${value.slice(0, 20)}`, () => {
        expect(complaints({ [name]: value })).toEqual([`${name} is ${JSON.stringify(value)}: it ${takes}`])
      })
    }
  }
})

test('every bad variable is named at once, in one message', () => {
  const lines = complaints({ PORT: 'x', LOG_LEVEL: 'y' })
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['PORT', 'LOG_LEVEL'])
  expect(new BadSettings(lines).message).toBe(lines.join('\n'))
})

describe('of a URL that is refused nothing is repeated, for there is no telling where a password in it ends', () => {
  const SCHEME = 'a URL that starts with http:// or https://'
  const PORT = 'a URL with a port from 1 to 65535'
  const HOST = 'a URL with the name or address of a host'
  const PASSWORD = 'a URL whose password has %2F for /, %3F for ? and %23 for #'
  const NO_MORE = 'a URL without a query (?) and without a fragment (#)'
  test.each([
    ['mock_ofd:9000', SCHEME],
    ['htp://user:p@ssw0rd@h', SCHEME],
    ['redis://till:secret@redis:6379/0', SCHEME],
    ['http://:se/cret@h:1x', PASSWORD],
    ['http://user:1?cret@h', PASSWORD],
    ['http://user:1#cret@h', PASSWORD],
    ['http://ofd:99999', PORT],
    ['http://ofd:0/', PORT],
    ['http://ofd:1x', PORT],
    ['http://ofd:', PORT],
    ['http://u:secret@[::1]:65536', PORT],
    ['http://', HOST],
    ['http:///path', HOST],
    ['http://o fd', HOST],
    ['http://ofd/?key=secret', NO_MORE],
    ['http://ofd/v1?', NO_MORE],
    ['http://ofd#', NO_MORE],
  ])('%s', (value, takes) => {
    expect(complaints({ API_URL: value })).toEqual([
      `API_URL is wrong (not shown, it may hold a password): it takes ${takes}`,
    ])
  })

  test('also where it was put into a variable that takes none', () => {
    for (const value of ['redis://:secret@redis', 'till:secret@redis']) {
      expect(complaints({ PORT: value })).toEqual([
        'PORT is wrong (not shown, it may hold a password): it takes a whole number from 0 to 65535',
      ])
    }
  })
})

test.each([
  'http://ofd',
  'HTTPS://ofd:443/path/',
  'http://till:p@ss@ofd:80',
  'http://[::1]',
  'http://[::1]:9000',
  'http://ofd/a@b',
])('a URL that can be connected to is taken: %s', (API_URL) => {
  expect(complaints({ API_URL })).toEqual([])
})

test('a variable that must be set says so', () => {
  const needy = z.object({ API_URL: httpUrl() })
  expect(complaints({}, needy)).toEqual(['API_URL is not set: it takes a URL that starts with http:// or https://'])
  expect(complaints({ API_URL: '' }, needy)[0]).toStartWith('API_URL is not set')
})

describe('settingsOrExit', () => {
  const script = `
    import { z } from 'zod'
    import { listenSettings, settingsOrExit } from './settings.ts'
    process.stdout.write(String(settingsOrExit(z.object(listenSettings(8000))).PORT))`
  const run = (PORT: string) => Bun.spawnSync([process.execPath, '-e', script], { cwd: import.meta.dir, env: { PORT } })

  test('gives the settings', () => {
    const { stdout, exitCode } = run('8123')
    expect([stdout.toString(), exitCode]).toEqual(['8123', 0])
  })

  test('ends the process with the lines that say what to mend', () => {
    const { stdout, stderr, exitCode } = run('many')
    expect(exitCode).toBe(2)
    expect(stdout.toString()).toBe('')
    expect(stderr.toString()).toBe('PORT is "many": it takes a whole number from 0 to 65535\n')
  })
})

test.each(['https://till.example', 'till.example:8001', 'till.example,,b', '*', 'a/b', '.example', '[::1]'])(
  'the list of hosts %p is refused',
  (ALLOWED_HOSTS) => {
    expect(complaints({ ALLOWED_HOSTS })).toHaveLength(1)
    expect(complaints({ ALLOWED_HOSTS })[0]).toContain('it takes host names with commas between them')
  },
)
