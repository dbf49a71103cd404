import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type Handle, type ListenOptions, openPort, type Port } from '../serve.ts'
import { HAS_OPENSSL, makeAuthority } from '../testing/certificates.ts'
import { LONG, SEED, seededRandom, TestClock, until } from '../testing.ts'
import type { Identity } from './sockets.ts'

/** How bytes travel to a listener. */
export type Way = {
  name: string
  identity: (() => Identity) | null
  dial: (port: number) => Socket
  /** How a client of this runtime sees a reset. */
  reset: 'ECONNRESET' | 'FIN'
  /** How often to `settle` until the listener has read the end of the client's handshake, or its first bytes. */
  settlings: number
}

const host = '127.0.0.1'
const IN_CLEAR: Way = {
  name: `over TCP (SEED=${SEED})`,
  identity: null,
  dial: (port) => connect({ port, host, allowHalfOpen: true }),
  reset: 'ECONNRESET',
  settlings: 1,
}

function overTls(): Way {
  const { ca, issue, remove } = makeAuthority()
  const identity = issue({ name: 'listener' })
  remove()
  return {
    name: `over TLS (SEED=${SEED})`,
    identity: () => identity,
    dial: (port) => {
      // The types lack `allowHalfOpen`, which both runtimes take.
      const options = { port, host, ca, allowHalfOpen: true }
      return connectTls(options)
    },
    // Deno's client sees any end of a TLS connection so.
    reset: 'bun' in process.versions ? 'ECONNRESET' : 'FIN',
    settlings: 10,
  }
}

/** The ways that the listener's tests go, one after the other. In the short form they go one of them, another in other runs. */
export const WAYS: readonly Way[] = waysOf(seededRandom())

function waysOf(draw: (limit: number) => number): readonly Way[] {
  if (!HAS_OPENSSL) return [IN_CLEAR]
  if (LONG) return [IN_CLEAR, overTls()]
  return [draw(2) === 0 ? IN_CLEAR : overTls()]
}
if (!HAS_OPENSSL) process.stderr.write('There is no openssl: the listener is not tested over TLS.\n')

/** A client that sees and sends raw bytes. */
export function conversation(port: number, way: Way = IN_CLEAR) {
  const socket = way.dial(port)
  let received = ''
  let notify: () => unknown = () => undefined
  const ended = new Promise<string>((resolve) => {
    socket.on('end', () => resolve('FIN'))
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : error.name))
  })
  socket.on('data', (chunk) => {
    received += chunk
    notify()
  })
  return {
    socket,
    /** How the server has ended the connection. */
    ended,
    received: () => received,
    /** Resolves when the text has arrived this many times. */
    until: (text: string, count = 1) =>
      new Promise<void>((resolve) => {
        let [times, searched] = [0, 0]
        notify = () => {
          // Goes on behind the last match: at each chunk, a search of all bytes took longer than the rest of the tests.
          for (let at = received.indexOf(text, searched); at >= 0; at = received.indexOf(text, searched)) {
            times += 1
            searched = at + text.length
          }
          if (times < count) return
          notify = () => undefined
          resolve()
        }
        notify()
      }),
  }
}

const running: { server: Port; lines: ReturnType<typeof conversation>[] }[] = []
export async function stopAll(): Promise<void> {
  for (const { server, lines } of running.splice(0)) {
    for (const line of lines) line.socket.destroy()
    await server.stop('now')
  }
}

/** A listener that records each request it read, and answers when told to. `stopAll` ends it. */
export async function start(options: Partial<ListenOptions> = {}, handle?: Handle, way: Way = IN_CLEAR) {
  const asked: string[] = []
  const clock = new TestClock()
  const gate = { opens: Promise.resolve() }
  const echo: Handle = async (request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`)
    await gate.opens
    return new Response(`${new URL(request.url).pathname} is done`)
  }
  const server = await openPort(handle ?? echo, { hostname: host, port: 0, identity: way.identity, clock, ...options })
  const lines: ReturnType<typeof conversation>[] = []
  running.push({ server, lines })
  const dial = () => {
    const line = conversation(server.port, way)
    lines.push(line)
    return line
  }
  /** Sends bytes on a connection of their own. */
  const say = (text: string) => {
    const line = dial()
    line.socket.write(text)
    return line
  }
  /** Holds answers back until the returned function is called. */
  const shut = () => {
    const opened = Promise.withResolvers<void>()
    gate.opens = opened.promise
    return opened.resolve
  }
  const reached = async (count: number) => {
    await until(`${count} requests`, () => asked.length >= count)
  }
  return { asked, clock, dial, say, server, shut, reached }
}

export const get = (path: string, fields = '') => `GET ${path} HTTP/1.1\r\nhost: a\r\n${fields}\r\n`
export const post = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n${body}`
export const bodiesOf = (received: string) => received.split(/HTTP\/1\.1 \d+ [\s\S]*?\r\n\r\n/).slice(1)
export const statusesOf = (received: string) =>
  [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))
