import { expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { atolKit } from '../../testing/atol_driver.ts'
import { ACCOUNT } from '../../testing/atol_server.ts'
import { createAtolClient } from './client.ts'
import { requestUuid } from './requests.ts'

type Send = (request: Request) => Promise<Response>

const clientOf = (send: Send, clock = new TestClock()) =>
  createAtolClient({ url: 'http://kkt.test:16732', ...ACCOUNT, device: null, clock, send })

/** It answers at the end of the request only. */
const never: Send = (request) =>
  new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)))

const REQUEST = { uuid: requestUuid('a' as Parameters<typeof requestUuid>[0], 1), request: [{ type: 'reportX' }] }

test('the account and the register of the settings are named in each request', async () => {
  const { driver, ended, server } = atolKit('a&b')
  await ended(driver.state())
  expect([...server.authorizations]).toEqual([`Basic ${btoa(`${ACCOUNT.login}:${ACCOUNT.password}`)}`])
  expect(server.urls).toContain('http://kkt.test:16732/api/v2/operations/queryFnInfo?deviceID=a%26b')
  expect(server.urls).toContain('http://kkt.test:16732/api/v2/requests?deviceID=a%26b')
  expect([...server.redirects]).toEqual(['manual'])
})

test('what the service knows is cut off after 5 seconds, and a question after the 30 seconds of a busy driver', async () => {
  const clock = new TestClock()
  const client = clientOf(never, clock)
  const [posted, got, asked] = [client.post(REQUEST), client.get('a'), client.query('FnInfo')]
  await clock.advance(5000)
  const silence = { kind: 'silent', isSent: true, reason: expect.stringContaining('in time') }
  expect([await posted, await got]).toMatchObject([silence, silence])
  expect(clock.waiting).toBe(1)
  await clock.advance(30_000)
  expect(await asked).toMatchObject({ kind: 'silent' })
  expect(clock.waiting).toBe(0)
})

test('a stop cuts off the requests that are under way, and sends no others', async () => {
  let sent = 0
  const client = clientOf((request) => {
    sent += 1
    return never(request)
  })
  const asked = client.queue()
  await settle()
  client.close()
  expect(await asked).toMatchObject({ kind: 'silent', reason: 'the adapter stops' })
  expect(await client.post(REQUEST)).toMatchObject({ kind: 'silent', isSent: false })
  expect(sent).toBe(1)
})

test('an answer without end is not read, and one that is no JSON has no body', async () => {
  const endless = new ReadableStream<Uint8Array>({ pull: (stream) => stream.enqueue(new Uint8Array(1024 * 1024)) })
  expect(await clientOf(async () => new Response(endless)).get('a')).toMatchObject({ kind: 'silent' })
  const answer = await clientOf(async () => new Response('<html>', { status: 502 })).get('a')
  expect(answer).toEqual({ kind: 'answered', status: 502, body: undefined })
})

test('a failure is told without the address and the password', async () => {
  const error = Object.assign(new Error(`http://${ACCOUNT.login}:${ACCOUNT.password}@kkt.test`), {
    code: 'ECONNREFUSED',
  })
  const answer = await clientOf(() => Promise.reject(error)).get('a')
  expect(answer).toMatchObject({ kind: 'silent', isSent: false, reason: expect.stringContaining('ECONNREFUSED') })
  expect(JSON.stringify(answer)).not.toContain(ACCOUNT.password)
  expect(JSON.stringify(answer)).not.toContain('kkt.test')
})

test('an attempt has the same uuid always, and another than any other attempt', () => {
  const [id, other] = ['a', 'b'] as Parameters<typeof requestUuid>[0][]
  if (id === undefined || other === undefined) throw new Error('no ids')
  expect(requestUuid(id, 1)).toBe(requestUuid(id, 1))
  expect(requestUuid(id, 1)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set([requestUuid(id, 1), requestUuid(id, 2), requestUuid(other, 1)]).size).toBe(3)
})
