/** A listener's TLS handshakes. Runs under `bun test` and `deno test`: each has sockets of its own. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { after, afterEach, describe, test } from 'node:test'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { type ListenOptions, openPort, type Port } from '../serve.ts'
import { HAS_OPENSSL, makeAuthority } from '../testing/certificates.ts'
import { TestClock, until } from '../testing.ts'
import { get } from './testing.ts'

const host = '127.0.0.1'
/** The first bytes of a handshake. The rest does not come. */
const HALF_A_HELLO = '\x16\x03\x01\x02'
const open: { server: Port; sockets: Socket[] }[] = []
afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy()
    await server.stop('now')
  }
})

/** Carries one connection to a port, and may put bytes of its own among the client's. */
async function startRelay(to: number) {
  const ahead = connect({ port: to, host })
  const relay = createServer((client) => {
    client.on('data', (bytes) => ahead.write(bytes))
    ahead.on('data', (bytes) => client.write(bytes))
    client.on('error', () => undefined)
    ahead.on('close', () => client.destroy())
  })
  relay.listen(0, host)
  await once(relay, 'listening')
  const address = relay.address()
  assert(address !== null && typeof address === 'object')
  const close = () => {
    ahead.destroy()
    relay.close()
  }
  ahead.on('error', () => undefined)
  return { port: address.port, garble: () => void ahead.write('GARBAGE '.repeat(10)), close }
}

describe('TLS', { skip: HAS_OPENSSL ? false : 'there is no openssl' }, () => {
  const authority = HAS_OPENSSL ? makeAuthority() : null
  after(() => authority?.remove())
  const issue = (name: string) => authority?.issue({ name }) ?? { cert: '', key: '' }
  const [first, second] = [issue('first'), issue('second')]

  async function start(options: Partial<ListenOptions> = {}) {
    const clock = new TestClock()
    const handle = (request: Request) => new Response(`${new URL(request.url).pathname} is done`)
    const server = await openPort(handle, { hostname: host, port: 0, clock, identity: () => first, ...options })
    const sockets: Socket[] = []
    open.push({ server, sockets })
    /** Connects without TLS, sends these bytes, and resolves when the listener knows of it. */
    const raw = async (bytes: string, allowHalfOpen = false) => {
      const socket = connect({ port: server.port, host, allowHalfOpen })
      sockets.push(socket)
      const ended = new Promise<void>((resolve) => {
        socket.on('error', () => undefined)
        socket.on('close', () => resolve())
        socket.resume()
      })
      await once(socket, 'connect')
      socket.write(bytes)
      const own = `${host}:${socket.localPort}`
      await until('the connection', () => server.openPeers().includes(own) || socket.closed)
      return { socket, ended }
    }
    const secure = async (options: { maxVersion?: 'TLSv1.1' | 'TLSv1.2'; minVersion?: 'TLSv1' } = {}) => {
      const socket = connectTls({ port: server.port, host, ca: authority?.ca ?? '', ...options })
      sockets.push(socket)
      await once(socket, 'secureConnect')
      return socket
    }
    return { clock, server, raw, secure }
  }

  const ask = async (socket: TLSSocket, path: string) => {
    socket.write(get(path))
    let received = ''
    for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
      received += bytes
      if (received.includes(`${path} is done`)) return
    }
    assert.fail(`no answer, but ${received}`)
  }
  const nameOf = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN

  test('a client that speaks plain HTTP is cut off at once', async () => {
    const { raw, server, secure } = await start()
    const plain = await raw(get('/plain'))
    await plain.ended
    await until('the peers to leave', () => server.openPeers().length === 0)
    await ask(await secure(), '/1')
  })

  test('a handshake that takes 10 s is cut off, and counts as a connection until then', async () => {
    const { clock, raw, server } = await start()
    const [silent, slow] = [await raw(''), await raw(HALF_A_HELLO)]
    await clock.advance(9000)
    assert.equal(server.openConnections(), 2)
    await clock.advance(2000)
    await Promise.all([silent.ended, slow.ended])
    await until('the connections to end', () => server.openConnections() === 0)
  })

  test('a crowd that begins handshakes and goes no further: a till gets in all the same', async () => {
    const { raw, secure } = await start({ limits: { connections: 3 } })
    for (let i = 0; i < 10; i += 1) await raw(HALF_A_HELLO)
    for (const path of ['/1', '/2', '/3', '/4']) await ask(await secure(), path)
  })

  test('a client that breaks off its handshake leaves nothing behind', async () => {
    const { raw, server } = await start()
    const [ends, resets] = [await raw(HALF_A_HELLO), await raw(HALF_A_HELLO)]
    const endsAndStays = await raw(HALF_A_HELLO, true)
    endsAndStays.socket.end()
    ends.socket.end()
    resets.socket.resetAndDestroy()
    await until('the connections to end', () => server.openConnections() === 0)
  })

  test('a stop does not wait for a handshake', async () => {
    const { raw, server } = await start()
    await raw(HALF_A_HELLO)
    await server.stop()
    assert.equal(server.openConnections(), 0)
  })

  test('a client that does not trust the certificate leaves nothing behind', async () => {
    const { server, secure } = await start()
    const stranger = connectTls({ port: server.port, host })
    const [error] = await once(stranger, 'error')
    assert.ok(error instanceof Error)
    await until('the connections to end', () => server.openConnections() === 0)
    await ask(await secure(), '/1')
  })

  test('bytes that are no TLS, in the middle of it, end that connection and no other', async () => {
    const { clock, server, secure } = await start()
    const other = await secure()
    const { port, garble, close } = await startRelay(server.port)
    const broken = connectTls({ port, host, ca: authority?.ca ?? '' })
    broken.on('error', () => undefined)
    await once(broken, 'secureConnect')
    await ask(broken, '/1')
    garble()
    // Deno tells nobody of it, and the connection ends as an idle one.
    if ('bun' in process.versions) await until('the rest to end', () => server.openConnections() <= 1)
    await ask(other, '/2')
    await clock.advance(75_000)
    await until('the connections to end', () => server.openConnections() === 0)
    broken.destroy()
    close()
  })

  test('TLS below 1.2 is not spoken', async () => {
    const { secure } = await start()
    await assert.rejects(secure({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }))
    const oldest = await secure({ maxVersion: 'TLSv1.2' })
    await ask(oldest, '/1')
  })

  test('a new certificate is shown to new connections, and the open ones go on', async () => {
    let identity = first
    const { secure } = await start({ identity: () => identity })
    const early = await secure()
    await ask(early, '/1')
    identity = second
    const late = await secure()
    await ask(late, '/2')
    await ask(early, '/3')
    assert.deepEqual([nameOf(early), nameOf(late)], ['first', 'second'])
  })
})
