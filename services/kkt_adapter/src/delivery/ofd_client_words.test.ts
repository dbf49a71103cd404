/** A reason quotes the OFD's words from the body of its answer, without anything that was sent to it. */
import { expect, test } from 'bun:test'
import { systemClock } from '@kkt/platform/clock.ts'
import { journalAndDb, pending, token } from '../testing/kit.ts'
import { createOfdClient } from './ofd_client.ts'

const { journal } = journalAndDb()
const ID = await pending(journal)
const TOKEN = token(1)
/** The sold item. */
const SECRET = 'Frame'

/** Delivers to an OFD that always gives this answer, and looks up there. */
async function both(status: number, body: unknown) {
  const receipt = journal.queries.nextToDeliver('POS-001')
  if (!receipt) throw new Error('There is nothing to deliver')
  const ofd = createOfdClient({
    url: 'http://ofd.invalid',
    kktId: 'KKT-001',
    timeoutMs: 5000,
    clock: systemClock,
    send: async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }),
  })
  return { delivered: await ofd.deliver(receipt, TOKEN), found: await ofd.lookup(receipt, TOKEN) }
}

const PROBLEM = {
  title: 'Unprocessable',
  errors: [{ pointer: '/items/0', message: `no VAT for ${SECRET}` }],
  code: 17,
}
const SAID = ' and said "title: Unprocessable; pointer: /items/0; code: 17"'

test.each([422, 401, 500])('of a %i', async (status) => {
  const { delivered, found } = await both(status, PROBLEM)
  expect(delivered).toMatchObject({ reason: `the OFD answered ${status}${SAID}` })
  expect(found).toMatchObject({ reason: `the OFD answered ${status} to the look-up${SAID}` })
})

test('of a 200 that is none of its answers', async () => {
  const { delivered } = await both(200, '<html><title>Sign in</title></html>')
  expect(delivered).toMatchObject({ reason: 'the OFD answered 200 with an unreadable body and said "Sign in"' })
})

test('of one that rejects the receipt', async () => {
  const { found } = await both(200, { status: 'rejected', receipt_id: ID, reason: 'FPD does not match' })
  expect(found).toEqual({ kind: 'rejected', reason: 'the OFD has rejected it and said "reason: FPD does not match"' })
})

test('not of one about another receipt, whose values nobody here knows', async () => {
  const { delivered, found } = await both(422, { ...PROBLEM, receipt_id: '01900000-0000-7000-8000-000000000099' })
  expect(delivered).toMatchObject({ reason: 'the OFD answered 422, to another request' })
  expect(found).toMatchObject({ reason: 'the OFD answered 422 to the look-up, about another receipt' })
})

test.each([
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /authority that is not trusted here: set OFD_CA_FILE to/],
  ['CERT_HAS_EXPIRED', /has expired: have it renewed there/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /another host's: set OFD_API_URL to/],
])('a certificate that proves nothing (%s) is told as that, and nothing was sent', async (code, words) => {
  const untrusted = Object.assign(new TypeError(`cannot reach ${SECRET}`), { code })
  const ofd = createOfdClient({
    url: 'https://ofd.invalid',
    kktId: 'KKT-001',
    timeoutMs: 5000,
    clock: systemClock,
    send: async () => Promise.reject(untrusted),
  })
  const receipt = journal.queries.nextToDeliver('POS-001')
  if (!receipt) throw new Error('There is nothing to deliver')
  const reason = expect.stringMatching(words)
  expect(await ofd.deliver(receipt, TOKEN)).toEqual({ kind: 'unknown', reason, isCutOff: false })
  expect(await ofd.lookup(receipt, TOKEN)).toEqual({ kind: 'unknown', reason })
})
