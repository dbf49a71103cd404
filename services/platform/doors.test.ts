import { describe, expect, test } from 'bun:test'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { behindDoors } from './doors.ts'
import { openPort } from './serve.ts'

const TILL = 'https://till.example'

function build(hosts: string[] = ['mock_ofd'], origins: string[] = [TILL]) {
  const handled: string[] = []
  const handle = behindDoors(
    ({ method, url }) => {
      handled.push(`${method} ${new URL(url).pathname}`)
      return new Response('done')
    },
    { hosts, origins },
  )
  const ask = async (method: string, host: string, headers: Record<string, string> = {}) => {
    const answer = await handle(new Request('http://localhost/sell', { method, headers: { host, ...headers } }))
    const code = answer.status === 200 ? 'done' : String(Object(await answer.json())['code'])
    return `${answer.status} ${code}`
  }
  return { ask, handle, handled }
}

const DONE = '200 done'
const UNKNOWN = '421 unknown_host'
const FOREIGN = '403 foreign_origin'

describe('a request for', () => {
  test.each([
    ...['localhost', 'localhost:8001', 'LocalHost:8001', 'till.localhost', 'a.b.localhost:1'],
    ...['127.0.0.1', '127.0.0.1:8001', '192.168.0.5', '10.1.2.3:80', '[::1]', '[::1]:8001', '[fe80::1:2]:8001'],
    ...['mock_ofd', 'mock_ofd:9000', 'MOCK_OFD'],
  ])('%s is answered', async (host) => {
    expect(await build().ask('POST', host)).toBe(DONE)
  })

  test.each([
    ...['evil.example', 'evil.example:8001', 'localhost.evil.example', 'evillocalhost', 'mock_odoo'],
    ...['127.0.0.1.evil.example', '999.0.0.1', '1.2.3', '0x7f.1', '2130706433', '::1', '[evil.example]', '[::1'],
    ...['[::1].evil.example', 'localhost:80:80', 'evil@localhost', 'localhost:x', 'mock_ofd.evil.example'],
  ])('%s gets 421, whatever its method', async (host) => {
    const { ask, handled } = build()
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE']) {
      expect([method, (await ask(method, host)).slice(0, 3)]).toEqual([method, '421'])
    }
    expect(await ask('POST', host)).toBe(UNKNOWN)
    expect(handled).toEqual([])
  })

  test('a name of the settings is answered, and one beside it is not', async () => {
    const { ask } = build(['till-server', 'kkt.shop.example'])
    expect(await ask('GET', 'till-server:8001')).toBe(DONE)
    expect(await ask('GET', 'kkt.shop.example')).toBe(DONE)
    expect(await ask('GET', 'shop.example')).toBe(UNKNOWN)
  })
})

test('a refusal is a problem document that says what to set', async () => {
  const { handle } = build()
  const answer = await handle(new Request('http://evil.example/'))
  expect([answer.status, answer.headers.get('content-type')]).toEqual([421, 'application/problem+json'])
  expect(await answer.json()).toMatchObject({
    title: 'Misdirected request',
    code: 'unknown_host',
    detail: expect.stringContaining('ALLOWED_HOSTS'),
  })
})

describe('a change that is asked for by', () => {
  const FROM_HERE = 'http://localhost:8001'

  test.each<[string, Record<string, string>]>([
    ['no page', {}],
    ['a page of this service', { origin: FROM_HERE, 'sec-fetch-site': 'same-origin' }],
    ['a page of this service behind TLS', { origin: 'https://localhost:8001' }],
    ['a page of a known origin', { origin: TILL, 'sec-fetch-site': 'cross-site' }],
    ['the person at the browser', { 'sec-fetch-site': 'none' }],
  ])('%s is done', async (_whom, headers) => {
    expect(await build().ask('POST', 'localhost:8001', headers)).toBe(DONE)
  })

  test.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }],
    ['another name of this machine', { origin: 'http://127.0.0.1:8001' }],
    ['a sandbox or a file', { origin: 'null' }],
    ['an origin that begins with a known one', { origin: `${TILL}.evil.example` }],
    ['an origin that begins with this one', { origin: `${FROM_HERE}0` }],
    ['a known name over plain http', { origin: 'http://till.example' }],
    ['an empty origin', { origin: '' }],
    ['another site that hides its origin', { 'sec-fetch-site': 'cross-site' }],
    ['another site with an origin as ours', { origin: FROM_HERE, 'sec-fetch-site': 'cross-site' }],
  ])('%s gets 403', async (_whom, headers) => {
    const { ask, handled } = build()
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(await ask(method, 'localhost:8001', headers)).toBe(FOREIGN)
    }
    expect(handled).toEqual([])
  })

  test('another site may look and may ask what is allowed: a browser does not show it the answers', async () => {
    const { ask } = build()
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(await ask(method, 'localhost', headers)).toBe(DONE)
  })
})

test('over a socket the name in the request line counts, too', async () => {
  const { handle } = build()
  const port = await openPort(handle, { hostname: '127.0.0.1', port: 0 })
  const statusOf = async (target: string, host: string) => {
    const socket = connect(port.port, '127.0.0.1')
    socket.end(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    return /^HTTP\/1\.1 (\d+)/.exec(await text(socket))?.[1]
  }
  expect(await statusOf('/', 'localhost')).toBe('200')
  expect(await statusOf('/', '')).toBe('200')
  expect(await statusOf('/', 'evil.example')).toBe('421')
  expect(await statusOf('http://evil.example/', 'localhost')).toBe('421')
  expect(await statusOf('http://localhost?x', 'evil.example')).toBe('421')
  expect(await statusOf('http://localhost:80/', 'localhost')).toBe('200')
  expect(await statusOf('http://localhost', 'localhost')).toBe('200')
  expect(await statusOf('http://localhosts', 'localhost')).toBe('421')
  await port.stop('now')
})
