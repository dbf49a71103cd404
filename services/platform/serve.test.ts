/** Runs under `bun test` and `deno test`: each has sockets of its own. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { afterEach, test } from 'node:test'
import { type Handle, openPort, type Port } from './serve.ts'
import { until } from './testing.ts'

const running: Port[] = []
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop('now')
})

async function start(handle: Handle, port = 0, hostname = '127.0.0.1'): Promise<Port> {
  const server = await openPort(handle, { hostname, port })
  running.push(server)
  return server
}

const url = ({ port }: Port) => `http://127.0.0.1:${port}/`

const outcome = (answer: Promise<unknown>) =>
  answer.then(
    () => 'answered',
    () => 'cut off',
  )

/** A server that holds its answers until they are released, and a request that has reached it. */
async function withRequestUnderWay() {
  const arrived = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const server = await start(async () => {
    arrived.resolve()
    await release.promise
    return new Response('whole')
  })
  const answer = fetch(url(server)).then((response) => response.text())
  await arrived.promise
  return { server, release: release.resolve, answer }
}

test('port 0 listens on a free port and tells which', async () => {
  const server = await start(() => new Response('here'))
  assert.ok(server.port > 0)
  assert.equal(await (await fetch(url(server))).text(), 'here')
})

test('a taken port is told by number, with what to do', async () => {
  const { port } = await start(() => new Response())
  await assert.rejects(
    start(() => new Response(), port),
    {
      name: 'CannotListen',
      message: `Another program uses port ${port}: stop that program, or set PORT to a free port.`,
    },
  )
})

test('a host that is not of this machine is told by name, with what to do', async () => {
  // Reserved for documentation (RFC 5737): no machine has it, and listening there sends nothing.
  const hostname = '203.0.113.7'
  await assert.rejects(
    start(() => new Response(), 0, hostname),
    {
      name: 'CannotListen',
      message: `HOST is "${hostname}": set it to an address of this machine, such as 0.0.0.0 or 127.0.0.1.`,
    },
  )
})

test('stopping takes no new request, and lets the answers under way be given', async () => {
  const { server, release, answer } = await withRequestUnderWay()
  const stopped = server.stop()
  await assert.rejects(fetch(url(server)))
  release()
  assert.equal(await answer, 'whole')
  await stopped
})

test('stopping now cuts off an answer that never comes', async () => {
  const { server, release, answer } = await withRequestUnderWay()
  const ended = outcome(answer)
  await server.stop('now')
  assert.equal(await ended, 'cut off')
  release()
})

test('the first stop decides, and all end together', async () => {
  const { server, release, answer } = await withRequestUnderWay()
  const stops = [server.stop(), server.stop('now'), server.stop()]
  release()
  assert.equal(await answer, 'whole')
  await Promise.all(stops)
})

test('stopping does not wait for a connection that asks nothing', async () => {
  const server = await start(() => new Response('here'))
  const socket = connect(server.port, '127.0.0.1')
  await new Promise((resolve) => socket.once('connect', resolve))
  await (await fetch(url(server))).text()
  await server.stop()
  socket.destroy()
})

test('a request is aborted by a client that goes away, and not by its own answer', async () => {
  const seen: string[] = []
  const arrived = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  const server = await start(({ url, signal }) => {
    const { pathname } = new URL(url)
    signal.addEventListener('abort', () => seen.push(pathname))
    if (pathname === '/answered') return new Response('here')
    signal.addEventListener('abort', () => left.resolve())
    arrived.resolve()
    return new Promise<Response>(() => {})
  })
  await (await fetch(`${url(server)}answered`)).text()
  const client = new AbortController()
  const answer = outcome(fetch(`${url(server)}hanging`, { signal: client.signal }))
  await arrived.promise
  client.abort()
  await left.promise
  assert.equal(await answer, 'cut off')
  assert.deepEqual(seen, ['/hanging'])
})

test('a port that was stopped refuses connections, and takes them again when it is reopened', async () => {
  const server = await start(() => new Response('here'))
  const kept = connect(server.port, '127.0.0.1').resume()
  const cutOff = new Promise((resolve) => kept.on('error', resolve).on('close', resolve))
  kept.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await new Promise((resolve) => kept.once('data', resolve))
  await server.stop('now')
  await cutOff
  assert.equal(await connectionTo(server.port), 'ECONNREFUSED')
  await server.reopen()
  assert.equal(await (await fetch(url(server))).text(), 'here')
  await server.stop()
  assert.equal(await connectionTo(server.port), 'ECONNREFUSED')
})

const connectionTo = (port: number) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve('connected')).on('error', (error) => resolve('code' in error && error.code))
    socket.on('connect', () => socket.destroy())
  })

/** Sends a request and returns all bytes until the connection's end. */
async function ask(port: number, address = '127.0.0.1') {
  const socket = connect(port, address)
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
  const own = new Promise<string>((resolve) => socket.once('connect', () => resolve(`${socket.localPort}`)))
  let received = ''
  socket.on('data', (chunk) => {
    received += String(chunk)
  })
  await new Promise((resolve, reject) => socket.on('end', resolve).on('error', reject))
  return { received, ownPort: await own }
}

for (const [hostname, address] of [
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
  ['::', '::1'],
] as const) {
  test(`a request to ${address} of ${hostname} tells the other end of its connection, which is one of those open`, async () => {
    const openOnes: string[][] = []
    const counted: number[] = []
    const listening = start(
      (request) => {
        openOnes.push([...server.openPeers()])
        counted.push(server.openConnections())
        return new Response(server.peerOf(request))
      },
      0,
      hostname,
    )
    // For machines without IPv6.
    if (hostname === '::' && (await outcome(listening)) === 'cut off') return
    const server = await listening
    const { received, ownPort } = await ask(server.port, address)
    const peer = `${address}:${ownPort}`
    assert.ok(received.endsWith(`\r\n\r\n${peer}`), received)
    assert.deepEqual([openOnes, counted], [[[peer]], [1]])
    await until('the connections to end', () => server.openConnections() === 0)
  })
}

test('a connection is ended by what is said and FIN', async () => {
  const bytes = 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'
  const server = await start((request) => {
    assert.ok(server.endWith(request, new TextEncoder().encode(bytes)))
    return new Response('what comes too late')
  })
  assert.equal((await ask(server.port)).received, bytes)
})

test('bytes are sent on a connection ahead of its answer', async () => {
  const stray = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nstray'
  const server = await start((request) => {
    const isSent = server.sendOn(request, new TextEncoder().encode(stray))
    return new Response(`sent: ${isSent}`)
  })
  const { received } = await ask(server.port)
  assert.ok(received.startsWith(stray), received)
  assert.ok(received.endsWith('sent: true'), received)
})
