/** The settings of a real cash register. */
import { afterAll, describe, expect, test } from 'bun:test'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newFolder } from '@kkt/platform/testing.ts'
import { parseConfig } from './config.ts'
import { complaints } from './testing/complaints.ts'

const PASSWORD = 'Zq7-register-1'
const ATOL = { KKT_MODE: 'atol', KKT_URL: 'http://192.168.0.20:16732', KKT_LOGIN: 'kkt', KKT_PASSWORD: PASSWORD }

test('KKT_MODE=atol with an address and an account is enough: the register delivers by itself', () => {
  const { kkt, delivery, ofd } = parseConfig(ATOL)
  expect(kkt.register).toEqual({
    kind: 'atol',
    url: 'http://192.168.0.20:16732',
    ca: null,
    account: { login: 'kkt', password: PASSWORD },
    device: null,
  })
  expect([delivery, ofd.url]).toEqual(['kkt', null])
})

test('a device may be named', () => {
  expect(parseConfig({ ...ATOL, KKT_DEVICE: 'hall-1' }).kkt.register).toMatchObject({ device: 'hall-1' })
})

describe('with KKT_MODE=atol', () => {
  test('an address, a login and a password are needed', () => {
    expect(complaints({ KKT_MODE: 'atol' })).toEqual([
      "KKT_URL is not set: it takes the address of the register's service, such as http://192.168.0.20:16732",
      'KKT_LOGIN is not set: it takes the login of the account in the service at KKT_URL',
      "KKT_PASSWORD is not set: it takes that account's password (KKT_PASSWORD_FILE names a file with it)",
    ])
  })

  test('an address of an OFD is not used, and is told', () => {
    const env = { ...ATOL, OFD_API_URL: 'http://ofd.example' }
    expect(parseConfig(env)).toMatchObject({ delivery: 'kkt', ofd: { url: null }, ignored: ['OFD_API_URL'] })
    expect(parseConfig(env).plainLinks).toEqual([{ variable: 'KKT_URL', host: '192.168.0.20' }])
    expect(parseConfig(ATOL).ignored).toEqual([])
    // The test side has a switch of the mock OFD there.
    const tested = parseConfig({ ...env, TEST_CONTROL: 'true' })
    expect(tested).toMatchObject({ ofd: { url: null, controlUrl: 'http://ofd.example' }, ignored: [] })
  })

  test('receipts may go to an OFD over HTTP, too, which then needs an address', () => {
    const env = { ...ATOL, DELIVERY: 'http' }
    expect(complaints(env)).toEqual([expect.stringMatching(/^OFD_API_URL is not set: it takes the OFD's address/)])
    const { delivery, ofd, ignored } = parseConfig({ ...env, OFD_API_URL: 'http://mock_ofd:9000' })
    expect([delivery, ofd.url, ignored]).toEqual(['http', 'http://mock_ofd:9000', []])
  })
})

test('the mock register hands nothing to an OFD by itself', () => {
  expect(complaints({ OFD_MODE: 'mock', DELIVERY: 'kkt' })).toEqual([
    'DELIVERY is "kkt": it takes http where KKT_MODE is mock: the mock cash register hands nothing to an OFD by itself',
  ])
  expect(parseConfig({ OFD_MODE: 'mock', DELIVERY: 'http' }).delivery).toBe('http')
})

test('a shop that names its register and forgets KKT_MODE gets no test documents', () => {
  const { KKT_MODE, ...forgotten } = ATOL
  const takes = 'takes atol where KKT_URL is set (leave KKT_URL out to sell on the mock cash register)'
  expect(complaints({ OFD_MODE: 'mock', ...forgotten })).toEqual([`KKT_MODE is not set: it ${takes}`])
  expect(complaints({ OFD_MODE: 'mock', ...forgotten, KKT_MODE: 'mock' })).toEqual([`KKT_MODE is "mock": it ${takes}`])
})

test.each([
  ['KKT_URL', '192.168.0.20:16732', 'a URL that starts with http:// or https://'],
  ['KKT_URL', 'http://kkt:Zq7@192.168.0.20', 'a URL without an account, which KKT_LOGIN and KKT_PASSWORD name'],
  ['KKT_URL', 'http://192.168.0.20:16732/api/v2', 'a URL with nothing after the port'],
  [
    'KKT_LOGIN',
    `kkt:${PASSWORD}`,
    '1 to 64 characters without a colon: the login of the account in the service at KKT_URL',
  ],
])('%s=%s is refused and not shown', (name, value, takes) => {
  expect(complaints({ ...ATOL, [name]: value })).toEqual([
    `${name} is wrong (not shown, it may hold a password): it takes ${takes}`,
  ])
})

test('documents reach the OFD in one of two ways', () => {
  expect(complaints({ ...ATOL, DELIVERY: 'post' })).toEqual(['DELIVERY is "post": it takes one of: http, kkt'])
})

test('a device has the id that the service takes', () => {
  const takes = 'it takes the id of a device in the service at KKT_URL: 1 to 16 letters, digits, dashes or underscores'
  expect(complaints({ ...ATOL, KKT_DEVICE: 'касса' })).toEqual([`KKT_DEVICE is "касса": ${takes}`])
})

describe('the password by a file', () => {
  const folder = newFolder('password')
  afterAll(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'Zq7')
  const env = { ...ATOL, KKT_PASSWORD: '', KKT_PASSWORD_FILE: path }

  test('is taken without the line break at its end', () => {
    writeFileSync(path, `${PASSWORD}\n`)
    expect(parseConfig(env).kkt.register).toMatchObject({ account: { password: PASSWORD } })
  })

  test('is refused beside the variable, and neither is shown', () => {
    expect(complaints({ ...env, KKT_PASSWORD: PASSWORD })).toEqual([
      'KKT_PASSWORD_FILE is set, and so is KKT_PASSWORD: set one of the two',
    ])
  })

  test('that is missing is refused without its path', () => {
    rmSync(path)
    expect(complaints(env)).toEqual([
      'KKT_PASSWORD_FILE is wrong (not shown): it takes a file that this user may read (ENOENT)',
    ])
  })
})
