import { describe, expect, test } from 'bun:test'
import { rmSync, writeFileSync } from 'node:fs'
import { BadSettings, readSettings } from '@kkt/platform/settings.ts'
import { newFolder } from '@kkt/platform/testing.ts'
import { ownSettings, SECRETS } from './settings.ts'

const read = (environment: Record<string, string>) => readSettings(ownSettings, environment, SECRETS)

function complaints(environment: Record<string, string>): string[] {
  try {
    read(environment)
  } catch (error) {
    if (error instanceof BadSettings) return error.lines
    throw error
  }
  return []
}

test('it starts with nothing set: an account, an active device, and all taxation systems', () => {
  expect(read({})).toEqual({
    KKT_LOGIN: 'kkt',
    KKT_PASSWORD: 'Mock-register-1',
    DEVICE: 'active',
    KKT_TIMEZONE: 'Europe/Moscow',
    KKT_PRINT_DELAY_MIN: 200,
    KKT_PRINT_DELAY_MAX: 500,
  })
})

test('all of it can be set, and the password comes from a file, too', () => {
  const folder = newFolder('mock_kkt')
  writeFileSync(`${folder}/password`, 'Another-password-2\n')
  const { KKT_PASSWORD, TAXATION_SYSTEMS, OFD_API_URL, KKT_PRINT_DELAY_MAX } = read({
    KKT_PASSWORD_FILE: `${folder}/password`,
    TAXATION_SYSTEMS: 'osn, patent',
    OFD_API_URL: 'http://mock_ofd:9000',
    KKT_PRINT_DELAY_MAX: '1.5',
  })
  rmSync(folder, { recursive: true })
  expect([KKT_PASSWORD, TAXATION_SYSTEMS, OFD_API_URL, KKT_PRINT_DELAY_MAX]).toEqual([
    'Another-password-2',
    ['osn', 'patent'],
    'http://mock_ofd:9000',
    1500,
  ])
})

describe('a wrong setting is told by its name, with what it takes', () => {
  test.each<[Record<string, string>, RegExp]>([
    [{ KKT_LOGIN: 'a:b' }, /^KKT_LOGIN is "a:b": it takes a name without a colon$/],
    [{ DEVICE: 'one' }, /^DEVICE is "one": it takes one of: active, none$/],
    [{ TAXATION_SYSTEMS: 'osn,envd' }, /^TAXATION_SYSTEMS is "osn,envd": it takes taxation systems with commas/],
    [{ KKT_TIMEZONE: '+03:00' }, /^KKT_TIMEZONE is "\+03:00": it takes a time zone/],
    [{ KKT_PRINT_DELAY_MIN: '2', KKT_PRINT_DELAY_MAX: '1' }, /^KKT_PRINT_DELAY_MIN is "2": it takes at most KKT_PRINT/],
    [{ OFD_API_URL: 'mock_ofd' }, /^OFD_API_URL is wrong .*: it takes a URL/],
  ])('%j', (environment, line) => {
    expect(complaints(environment)).toEqual([expect.stringMatching(line)])
  })

  test.each(['short-Pass1', 'no-digit-in-It', 'no-capital-1-in-it', 'NO-SMALL-1-IN-IT'])(
    'a password that the real service would not take is never shown: %s',
    (password) => {
      const [line = ''] = complaints({ KKT_PASSWORD: password })
      expect(line).toStartWith('KKT_PASSWORD is wrong (not shown')
      expect(line).toContain('takes at least 12 characters')
      expect(line).not.toContain(password)
    },
  )
})
