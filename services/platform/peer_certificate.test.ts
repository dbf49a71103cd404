import { expect, test } from 'bun:test'
import { certificateAdvice, certificateFault } from './peer_certificate.ts'

const withCode = (code: string) => Object.assign(new TypeError('fetch failed'), { code })
const onDeno = (words: string) =>
  new TypeError('fetch failed', {
    cause: new Error(`error sending request for url (https://a/): client error (Connect): ${words}`),
  })

test.each([
  [withCode('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'unknown_authority'],
  [withCode('SELF_SIGNED_CERT_IN_CHAIN'), 'unknown_authority'],
  [withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'unknown_authority'],
  [withCode('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'unknown_authority'],
  [withCode('CERT_HAS_EXPIRED'), 'expired'],
  [withCode('CERT_NOT_YET_VALID'), 'not_yet_valid'],
  [withCode('ERR_TLS_CERT_ALTNAME_INVALID'), 'another_host'],
  [onDeno('invalid peer certificate: UnknownIssuer'), 'unknown_authority'],
  [onDeno('invalid peer certificate: certificate expired: verification time 17 (UNIX)'), 'expired'],
  [onDeno('invalid peer certificate: certificate not valid yet: verification time 17 (UNIX)'), 'not_yet_valid'],
  [onDeno('invalid peer certificate: certificate not valid for name "a"; it is valid for "b"'), 'another_host'],
  [onDeno('Connection refused'), null],
  [withCode('ECONNREFUSED'), null],
  [withCode('ERR_SSL_WRONG_VERSION_NUMBER'), null],
  [new Error('invalid'), null],
  ['no error', null],
] as const)('%s is %s', (error, fault) => {
  expect(certificateFault(error)).toBe(fault)
})

test.each([
  ['unknown_authority', 'set OFD_CA_FILE'],
  ['expired', 'have it renewed'],
  ['not_yet_valid', 'check the clock'],
  ['another_host', 'set OFD_API_URL'],
] as const)('%s is told with what to do: %s', (fault, action) => {
  const told = certificateAdvice(fault, 'the OFD', { ca: 'OFD_CA_FILE', url: 'OFD_API_URL' })
  expect(told).toStartWith('the certificate of the OFD ')
  expect(told).toContain(`: ${action}`)
})
