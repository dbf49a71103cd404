import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { newFolder } from '@kkt/platform/testing.ts'
import { ALL_SERVICES, OBSERVERS } from './services.ts'
import { givenSettings, mergeSettings, parseDefaults, portSetting, readDefaults, readOwnSettings } from './settings.ts'

const root = resolve(import.meta.dir, '../../..')

test('the last layer that sets a variable wins, and unknown variables are left out', () => {
  const defaults = { SYNC_INTERVAL: '5', OFD_TIMEOUT: '5', KKT_ID: 'KKT-001', LOG_LEVEL: 'debug' }
  const suite = { SYNC_INTERVAL: '1', OFD_TIMEOUT: '1' }
  const own = { OFD_TIMEOUT: '2', KKT_ID: 'KKT-2' }
  const shell = { KKT_ID: 'KKT-3', HOME: '/root' }
  expect(mergeSettings(defaults, suite, own, shell)).toEqual({
    SYNC_INTERVAL: '1',
    OFD_TIMEOUT: '2',
    KKT_ID: 'KKT-3',
    LOG_LEVEL: 'debug',
  })
})

test('an empty variable counts as not set', () => {
  expect(mergeSettings({ KKT_ID: 'KKT-001' }, { KKT_ID: 'KKT-2' }, { KKT_ID: '' })).toEqual({ KKT_ID: 'KKT-2' })
})

test('the settings that the user gives have no defaults among them, and an empty one hides none', () => {
  const own = { KKT_ID: 'KKT-2', KKT_URL: 'http://192.168.0.20:16732' }
  const shell = { KKT_ID: 'KKT-3', KKT_URL: '', KKT_PASSWORD_FILE: '/etc/kkt/register-password', HOME: undefined }
  expect(givenSettings(own, shell)).toEqual({
    KKT_ID: 'KKT-3',
    KKT_URL: 'http://192.168.0.20:16732',
    KKT_PASSWORD_FILE: '/etc/kkt/register-password',
  })
})

test('.env.test shows each default, so that a user finds what there is to set', () => {
  const text = readFileSync(`${root}/.env.test`, 'utf8')
  const lines = [...text.matchAll(/^(#?)([A-Z][A-Z_0-9]*)=(.*)$/gm)]
  const shown = lines.map(({ 1: mark, 2: name = '', 3: value }) => ({ name, value, isOwn: mark === '' }))
  const defaults = readDefaults(root)
  const names = shown.map(({ name }) => name)
  expect(Object.keys(defaults).filter((name) => !names.includes(name))).toEqual([])
  expect(shown.filter(({ name, value, isOwn }) => !isOwn && value !== defaults[name])).toEqual([])
})

test('the defaults are read from the form that Compose uses', () => {
  const file = 'a: $' + '{A:-1}\nb: ["$' + '{B_PORT:-80}:80", "$' + '{A:-1}"]\nc: plain'
  expect(parseDefaults(file)).toEqual({ A: '1', B_PORT: '80' })
})

test('a missing .env.test is reported in a line', () => {
  expect(() => readOwnSettings('/nowhere')).toThrow('git checkout .env.test')
})

describe('a .env.test from a Windows program', () => {
  let folder = ''
  beforeEach(() => {
    folder = newFolder('settings')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const TEXT = 'KKT_ID=KKT-2\r\nLOG_LEVEL=info\r\n'

  const littleEndian = (text: string) => Buffer.from(text, 'utf16le')

  test.each([
    ['UTF-16 LE', littleEndian(`\uFEFF${TEXT}`)],
    ['UTF-16 BE', littleEndian(`\uFEFF${TEXT}`).swap16()],
    ['UTF-16 without a byte order mark', littleEndian(TEXT)],
  ])('is refused in %s, which Compose refuses too', (_encoding, bytes) => {
    writeFileSync(`${folder}/.env.test`, bytes)
    expect(() => readOwnSettings(folder)).toThrow('The file .env.test is in UTF-16: save it as UTF-8')
  })

  test('is read in UTF-8 with a byte order mark, as by Compose', () => {
    writeFileSync(`${folder}/.env.test`, `\uFEFF${TEXT}`)
    expect(readOwnSettings(folder)).toEqual({ KKT_ID: 'KKT-2', LOG_LEVEL: 'info' })
  })
})

test('every service has its port', () => {
  const defaults = readDefaults(root)
  for (const { portVariable } of [...ALL_SERVICES, ...OBSERVERS])
    expect(portSetting(defaults, portVariable)).toBeGreaterThan(0)
})

test.each(['', '0', '65536', '80.5', 'http', '-1'])('the port %p is refused with its variable’s name', (value) => {
  expect(() => portSetting({ REDIS_PORT: value }, 'REDIS_PORT')).toThrow(
    `REDIS_PORT is ${JSON.stringify(value)}: it takes a port number from 1 to 65535.`,
  )
})
