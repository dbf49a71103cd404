import { afterEach, beforeEach, expect, test } from 'bun:test'
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { newFolder } from '@kkt/platform/testing.ts'
import { givenToMake, mistypedForMake, mistypedSettings } from './mistyped.ts'

const checkout = resolve(import.meta.dir, '../../..')

let root = ''
beforeEach(() => {
  root = newFolder('mistyped')
  mkdirSync(`${root}/services/observe`, { recursive: true })
  writeFileSync(`${root}/services/observe/compose.yml`, '')
  const defaults = ['SYNC_INTERVAL:-5', 'KKT_ID:-KKT-001', 'LOG_LEVEL:-debug'].map((one) => `a: \${${one}}`)
  writeFileSync(`${root}/services/compose.yml`, defaults.join('\n'))
  own('')
})
afterEach(() => rmSync(root, { recursive: true }))

const own = (settings: string) => writeFileSync(`${root}/.env.test`, settings)

test.each<[string, string[]]>([
  ['', []],
  ['k -j2 --jobserver-auth=3,4 -- ofd=hang\\ x2\\ p=0.3 SEED=7', ['ofd', 'SEED']],
  [' -- TEST=a\\ \\\\b=c Q=SELECT\\ $$1=2', ['TEST', 'Q']],
  ['ofd:=1', ['ofd']],
])('MAKEFLAGS=%p is from %p', (MAKEFLAGS, names) => {
  expect(givenToMake({ MAKEFLAGS })).toEqual(names)
})

test('make itself passes its variables on in MAKEFLAGS', () => {
  writeFileSync(`${root}/Makefile`, 'all:\n\t@printf %s "$$MAKEFLAGS"\n')
  const { MAKEFLAGS: _, MAKELEVEL: __, ...env } = process.env
  const { stdout, error } = spawnSync('make', ['-C', root, '-s', 'ofd=hang x2, delay p=1', 'Seed=7'], {
    env,
    encoding: 'utf8',
  })
  // The test runner's container has no make.
  if (!error) expect(givenToMake({ MAKEFLAGS: stdout }).sort()).toEqual(['Seed', 'ofd'])
})

test('a variable of make in small letters or with a slip is reported, and no other', () => {
  const given = 'ofd=hang odoo=hang q=1 Seed=7 SYNC_INTERVL=3 TEST_ARG=x'
  expect(mistypedForMake(root, { MAKEFLAGS: ` -- ${given}` })).toEqual([
    'ofd=… is not known: did you mean OFD=…?',
    'odoo=… is not known: did you mean ODOO=…?',
    'q=… is not known: did you mean Q=…?',
    'Seed=… is not known: did you mean SEED=…?',
    'SYNC_INTERVL=… is not known: did you mean SYNC_INTERVAL=…?',
    'TEST_ARG=… is not known: did you mean TEST_ARGS=…?',
  ])
  const known = 'OFD=hang Q=1 SYNC_INTERVAL=3 TEST_ARGS=x DOCKER_HOST=a CI=1 NO_COLOR=1'
  expect(mistypedForMake(root, { MAKEFLAGS: ` -- ${known}`, ofd: 'hang' })).toEqual([])
})

test('an unknown setting is reported with the place where it is set', () => {
  own('SYNC_INTERVL=3\nKKT_ID=KKT-2\nFAVOURITE=1\n')
  const shell = { LOG_LEVL: 'info', KKT_ID: 'KKT-3', PATH: '/bin', HOME: '/', ONLY: 'x', SYNC_INTERVL: '4' }
  expect(mistypedSettings(root, shell)).toEqual([
    '.env.test sets SYNC_INTERVL, which the stack does not take: did you mean SYNC_INTERVAL=…?',
    '.env.test sets FAVOURITE, which the stack does not take.',
    'LOG_LEVL=… is not known: did you mean LOG_LEVEL=…?',
  ])
})

test('a variable that is reported for make is not reported twice', () => {
  const env = { MAKEFLAGS: ' -- log_level=info', log_level: 'info' }
  expect(mistypedForMake(root, env)).toHaveLength(1)
  expect(mistypedSettings(root, env)).toEqual([])
})

test('a command reports a slip on stderr, and does its work', () => {
  const main = [process.execPath, '--no-env-file', `${import.meta.dir}/main.ts`] as const
  const [program, ...args] = [...main, '--help']
  const env = { ...process.env, MAKEFLAGS: ' -- ofd=hang' }
  const { stdout, stderr, status } = spawnSync(program, args, { cwd: checkout, env, encoding: 'utf8' })
  expect({ stderr, status }).toEqual({ stderr: 'ofd=… is not known: did you mean OFD=…?\n', status: 0 })
  expect(stdout).toStartWith('Usage: make')
})
