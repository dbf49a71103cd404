/** Settings that name files: certificates, secrets and authorities. */
import { afterAll, describe, expect, test } from 'bun:test'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HAS_OPENSSL, makeAuthority } from '@kkt/platform/testing/certificates.ts'
import { newFolder } from '@kkt/platform/testing.ts'
import { type Config, parseConfig } from './config.ts'
import { complaints } from './testing/complaints.ts'

test('a certificate needs its key, and a key its certificate', () => {
  const takes = 'it takes a file in PEM form (TLS needs TLS_CERT_FILE and TLS_KEY_FILE, or neither)'
  expect(complaints({ OFD_MODE: 'mock', TLS_CERT_FILE: 'tls.crt' })).toEqual([`TLS_KEY_FILE is not set: ${takes}`])
  expect(complaints({ OFD_MODE: 'mock', TLS_KEY_FILE: 'tls.key' })).toEqual([`TLS_CERT_FILE is not set: ${takes}`])
})

describe.each([
  ['OFD_API_URL', 'http://till:Zq7@ofd', ({ ofd }: Config) => ofd.url],
  ['OFD_PROXY', 'http://till:Zq7@proxy:3128', ({ ofd }: Config) => ofd.way.proxy],
  ['ODOO_API_URL', 'http://till:Zq7@odoo', ({ odoo }: Config) => odoo.url],
  ['REDIS_URL', 'redis://:Zq7@redis', ({ redis }: Config) => redis?.url],
] as const)('%s by a file', (name, value, read) => {
  const folder = newFolder('secrets')
  afterAll(() => rmSync(folder, { recursive: true }))
  const env = { OFD_API_URL: 'http://ofd', [name]: '', [`${name}_FILE`]: join(folder, 'Zq7-secret') }

  test('is taken without the line break at its end', () => {
    writeFileSync(join(folder, 'Zq7-secret'), `${value}\n`)
    expect(read(parseConfig(env))).toBe(value)
  })

  test.each([
    ['is missing', null, `${name}_FILE is wrong (not shown): it takes a file that this user may read (ENOENT)`],
    ['is empty', '\n', `${name}_FILE is wrong (not shown): it takes a file with the value in it`],
    ['holds no URL', 'Zq7', `${name} is wrong (not shown, it may hold a password): it takes a URL that starts with `],
  ])('that %s is refused, and nothing of it is shown', (_what, text, line) => {
    rmSync(join(folder, 'Zq7-secret'), { force: true })
    if (text !== null) writeFileSync(join(folder, 'Zq7-secret'), text)
    const lines = complaints(env)
    expect(lines).toEqual([expect.stringContaining(line)])
    expect(String(lines)).not.toContain('Zq7')
  })

  test('is refused beside the variable itself', () => {
    expect(complaints({ ...env, [name]: value })).toEqual([
      `${name}_FILE is set, and so is ${name}: set one of the two`,
    ])
  })
})

describe('a file of authorities', () => {
  const folder = newFolder('authorities')
  afterAll(() => rmSync(folder, { recursive: true }))
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const SECURE = { OFD_API_URL: 'https://ofd', REDIS_URL: 'rediss://redis' }
  const KKT = { KKT_MODE: 'atol', DELIVERY: 'http', KKT_LOGIN: 'kkt', KKT_PASSWORD: 'Zq7', KKT_URL: 'https://kkt' }

  test.skipIf(!HAS_OPENSSL)('is read at the start', () => {
    const { ca, caFile, remove } = makeAuthority()
    const files = { OFD_CA_FILE: caFile, REDIS_CA_FILE: caFile, KKT_CA_FILE: caFile }
    const { ofd, redis, kkt } = parseConfig({ ...SECURE, ...KKT, ...files })
    remove()
    expect([ofd.way.ca, redis?.ca]).toEqual([ca, ca])
    expect(kkt.register).toMatchObject({ ca })
  })

  test.each(['OFD_CA_FILE', 'REDIS_CA_FILE', 'KKT_CA_FILE'])('that cannot serve as %s is refused', (name) => {
    const given = (path: string) => complaints({ ...SECURE, ...KKT, [name]: path })
    const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    const takes = 'takes a file with certificates in PEM form'
    const missing = join(folder, 'none')
    expect(given(missing)).toEqual([`${name} is "${missing}": it ${takes}, and it cannot be read (ENOENT)`])
    expect(given(file('text', 'no certificate'))[0]).toEndWith(`${takes}, and there is none in it`)
    expect(given(file('damaged', damaged))[0]).toEndWith(`${takes}, and one in it is damaged`)
  })

  test.skipIf(!HAS_OPENSSL)('is refused where the way is not encrypted', () => {
    const { caFile, remove } = makeAuthority()
    const urls = { OFD_API_URL: 'http://ofd', REDIS_URL: 'redis://redis', KKT_URL: 'http://kkt' }
    const files = { OFD_CA_FILE: caFile, REDIS_CA_FILE: caFile, KKT_CA_FILE: caFile }
    const lines = complaints({ ...KKT, ...urls, ...files })
    remove()
    expect(lines.map((line) => line.replace(/ is ".*": /, ': '))).toEqual([
      'OFD_CA_FILE: it takes a file only beside an OFD_API_URL that starts with https://',
      'KKT_CA_FILE: it takes a file only beside a KKT_URL that starts with https://',
      'REDIS_CA_FILE: it takes a file only beside a REDIS_URL that starts with rediss://',
    ])
  })
})
