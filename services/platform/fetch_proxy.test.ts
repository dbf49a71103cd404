/** Runs under `bun test` and `deno test`: each tests its own `fetch`. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { after, afterEach, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { LONG } from './testing.ts'

const PROXY_VARIABLES = ['HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()])
const before = PROXY_VARIABLES.map((name) => [name, process.env[name]] as const)
/** Deno unpacks far less than this at a time. */
const MOST_AT_ONCE_BYTES = 1024 * 1024
const GZIP_MAGIC = new Uint8Array([0x1f, 0x8b])
const servers: Server[] = []
const sockets: Socket[] = []
after(() => {
  always?.close()
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name]
    else process.env[name] = value
  }
})
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
  for (const socket of sockets.splice(0)) socket.destroy()
})

/** Answers everything with these bytes, and keeps the first bytes of each connection. */
async function startPeer(answer: string | Uint8Array = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok') {
  const heard: string[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.once('data', (data) => {
      heard.push(String(data))
      socket.write(answer)
    })
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert(address !== null && typeof address === 'object')
  return { url: `http://127.0.0.1:${address.port}`, heard }
}

const post = (url: string) => new Request(`${url}/receipt`, { method: 'POST', body: '{}' })

// Bun reads these variables at each request. On Deno `fetchOver` deletes them when it is imported.
const isBun = 'bun' in process.versions
const environment = await startPeer()
// This server stays for all tests.
const [always] = servers.splice(0)
for (const name of PROXY_VARIABLES) process.env[name] = environment.url
const exempt = (hosts: string) => {
  for (const name of ['NO_PROXY', 'no_proxy']) process.env[name] = hosts
}
exempt('')
const { fetchOver } = await import('./fetch.ts')

for (const connection of ['pooled', 'new_pool', 'fresh'] as const) {
  test(`a ${connection} request goes straight to its address, whatever proxy the environment names`, async () => {
    const ofd = await startPeer()
    assert.equal(await (await fetchOver(post(ofd.url), connection)).text(), 'ok')
    assert.match(ofd.heard[0] ?? '', /^POST \/receipt HTTP/)
    assert.deepEqual(environment.heard, [])
  })

  test(`a ${connection} request goes through the proxy that it is given, whatever the environment exempts`, async () => {
    const [ofd, proxy] = [await startPeer(), await startPeer()]
    if (isBun) exempt('127.0.0.1,*')
    assert.equal(await (await fetchOver(post(ofd.url), connection, { proxy: proxy.url, ca: null })).text(), 'ok')
    exempt('')
    assert.equal(proxy.heard[0]?.split('\r\n')[0], `POST ${ofd.url}/receipt HTTP/1.1`)
    assert.deepEqual([...ofd.heard, ...environment.heard], [])
  })
}

test('with the user and the password of the proxy, and by a tunnel to a host that speaks TLS', async () => {
  const proxy = await startPeer('HTTP/1.1 422 Unprocessable Content\r\ncontent-length: 2\r\n\r\nno')
  const url = proxy.url.replace('//', '//till:secret@')
  // The proxy's refusal must not count as the host's answer, which would dead-letter a receipt.
  await assert.rejects(fetchOver(post('https://ofd.test'), 'pooled', { proxy: url, ca: null }))
  assert.match(proxy.heard[0] ?? '', /^CONNECT ofd\.test:443 HTTP/)
  assert.match(proxy.heard[0] ?? '', /\r\nproxy-authorization: Basic dGlsbDpzZWNyZXQ=\r\n/i)
})

test('a plain answer is asked for, and a packed one that comes all the same stays bounded', async () => {
  const packed = gzipSync(new Uint8Array((LONG ? 64 : 8) * MOST_AT_ONCE_BYTES))
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${packed.length}\r\n\r\n`
  const ofd = await startPeer(Buffer.concat([Buffer.from(head), packed]))
  const { headers, body } = await fetchOver(post(ofd.url), 'fresh')
  assert.match(ofd.heard[0] ?? '', /\r\naccept-encoding: identity\r\n/i)
  assert.equal(headers.get('content-encoding'), isBun ? 'gzip' : null)
  for await (const chunk of body ?? []) {
    assert.ok(chunk.length <= MOST_AT_ONCE_BYTES, `${chunk.length} bytes at once`)
    if (isBun) assert.deepEqual(chunk.slice(0, 2), GZIP_MAGIC)
    break
  }
})
