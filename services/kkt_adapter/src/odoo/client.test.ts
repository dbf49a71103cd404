import { expect, test } from 'bun:test'
import { gzipSync } from 'node:zlib'
import { MAX_ANSWER_BYTES } from '@kkt/platform/bounded.ts'
import { CUT_ANSWER, httpPeer, rawPeer } from '../testing/peer.ts'
import { createOdooClient } from './client.ts'

const BODY = { kkt_id: 'KKT-001', status: 'online', buffer_fullness: 0.25, pending: 3, version: '1.2.3' } as const
const LONG_MS = 60_000
const SHORT_MS = 30
const ACCEPTED = { status: 'accepted', timestamp: 1 }
const JSON_BODY = { 'content-type': 'application/json' }

const beat = (url: string, { timeoutMs = LONG_MS, signal = new AbortController().signal } = {}) =>
  createOdooClient({ url, timeoutMs })(BODY, signal)

test('a heartbeat is posted as JSON, and accepted', async () => {
  const { url, asked } = await httpPeer(() => Response.json(ACCEPTED))
  expect(await beat(url)).toBe(true)
  const [{ method, path, headers, body } = { method: '', path: '', headers: new Headers(), body: 'null' }] = asked
  expect(`${method} ${path}`).toBe('POST /api/v1/kkt/heartbeat')
  expect(headers.get('content-type')).toBe('application/json')
  expect(headers.get('accept-encoding')).toBe('identity')
  expect(JSON.parse(body)).toEqual(BODY)
})

test.each([
  ['another status in the body', 200, '{"status":"no"}'],
  ['HTML', 200, '<html>'],
  ['malformed JSON', 200, '{"status":"accepted"'],
  ['nothing', 200, ''],
  ['a redirect', 302, JSON.stringify(ACCEPTED)],
  ['400', 400, JSON.stringify(ACCEPTED)],
  ['404', 404, JSON.stringify(ACCEPTED)],
  ['409', 409, JSON.stringify(ACCEPTED)],
  ['500', 500, JSON.stringify(ACCEPTED)],
  ['503', 503, JSON.stringify(ACCEPTED)],
])('an answer that is no acceptance counts as lost, and is asked for once: %s', async (_what, status, body) => {
  const { url, asked } = await httpPeer(() => new Response(body, { status, headers: JSON_BODY }))
  expect(await beat(url)).toBe(false)
  expect(asked).toHaveLength(1)
})

test('an address may end with a slash, and have a path', async () => {
  const { url, asked } = await httpPeer(() => Response.json(ACCEPTED))
  expect([await beat(`${url}/`), await beat(`${url}/odoo/`)]).toEqual([true, true])
  expect(asked.map(({ path }) => path)).toEqual(['/api/v1/kkt/heartbeat', '/odoo/api/v1/kkt/heartbeat'])
})

test('an answer that is too long counts as lost, one that is packed though nobody asked for that does not', async () => {
  const padded = JSON.stringify({ ...ACCEPTED, padding: 'x'.repeat(MAX_ANSWER_BYTES) })
  const long = await httpPeer(() => new Response(padded, { headers: JSON_BODY }))
  const packed = await httpPeer(
    () => new Response(gzipSync(JSON.stringify(ACCEPTED)), { headers: { ...JSON_BODY, 'content-encoding': 'gzip' } }),
  )
  expect([await beat(long.url), await beat(packed.url)]).toEqual([false, true])
})

test('nobody there counts as lost', async () => {
  const { url, stop } = await rawPeer(() => undefined)
  stop()
  expect(await beat(url)).toBe(false)
})

test('one after the connection of the last has died is accepted', async () => {
  const body = JSON.stringify(ACCEPTED)
  const { url, sockets } = await rawPeer((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    socket.on('data', () => socket.resetAndDestroy())
  })
  expect([await beat(url), await beat(url), sockets.length]).toEqual([true, true, 2])
})

test('a cut answer counts as lost', async () => {
  const { url } = await rawPeer((socket) => socket.end(CUT_ANSWER))
  expect(await beat(url)).toBe(false)
})

test('one that takes longer than the interval counts as lost, before and within its body', async () => {
  const silent = await rawPeer(() => undefined)
  const endless = await rawPeer((socket) => socket.write(CUT_ANSWER))
  const beats = [silent, endless].map(({ url }) => beat(url, { timeoutMs: SHORT_MS }))
  expect(await Promise.all(beats)).toEqual([false, false])
})

test('the end of work cuts it off', async () => {
  const arrived = Promise.withResolvers<void>()
  const { url } = await rawPeer(() => arrived.resolve())
  const stop = new AbortController()
  const beaten = beat(url, { signal: stop.signal })
  await arrived.promise
  stop.abort()
  expect(await beaten).toBe(false)
})
