import { expect, test } from 'bun:test'
import { redisAdvice, untrustedCode } from './redis_advice.ts'

test.each([
  ['WRONGPASS', /^Redis does not take the user or the password in REDIS_URL: correct it/],
  ['NOAUTH', /^Redis wants a password/],
  ['NOPERM', /^The user in REDIS_URL may not run/],
  ['READONLY', /^This Redis only reads/],
  ['BADTOKEN', /holds no token: delete it[.]$/],
  ['CERTIFICATE_OF_UNKNOWN_AUTHORITY', /^[A-Z].*REDIS_CA_FILE/],
  ['CERTIFICATE_EXPIRED', /^[A-Z].*has expired/],
  ['CERTIFICATE_NOT_YET_VALID', /^[A-Z].*[.]$/],
  ['CERTIFICATE_OF_ANOTHER_HOST', /^[A-Z].*REDIS_URL/],
])('%s comes with its remedy', (code, words) => {
  expect(redisAdvice(code)).toMatch(words)
})

test('a code whose remedy is not known has none', () => {
  expect([redisAdvice('LOADING'), redisAdvice('not connected')]).toEqual([null, null])
})

test.each([
  ['CERT_HAS_EXPIRED', 'CERTIFICATE_EXPIRED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'CERTIFICATE_OF_ANOTHER_HOST'],
  ['ECONNREFUSED', null],
])('%s of a connection is told as %p', (code, told) => {
  expect(untrustedCode(Object.assign(new Error('no connection'), { code }))).toBe(told)
})
