/** The limits of a listener. Runs under `bun test` and `deno test`: each has sockets of its own. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { afterEach, describe, test } from 'node:test'
import { type Handle, openPort, type Port } from '../serve.ts'
import { settle, TestClock, until } from '../testing.ts'
import type { Limits } from './limits.ts'
import { conversation, WAYS, type Way } from './testing.ts'

const running: { server: Port; lines: ReturnType<typeof conversation>[] }[] = []
afterEach(async () => {
  for (const { server, lines } of running.splice(0)) {
    for (const line of lines) line.socket.destroy()
    await server.stop('now')
  }
})

/** Requests whose path starts with /wait are answered when the test says so. */
async function startOn(way: Way, limits: Partial<Limits> = {}) {
  const clock = new TestClock()
  const opened = Promise.withResolvers<void>()
  let asked = 0
  let full = 0
  const handle: Handle = async (request) => {
    asked += 1
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/wait')) await opened.promise
    return new Response(pathname === '/large' ? 'x'.repeat(20_000_000) : `${pathname} is done`)
  }
  const onFull = () => {
    full += 1
  }
  const server = await openPort(handle, {
    hostname: '127.0.0.1',
    port: 0,
    identity: way.identity,
    clock,
    limits,
    onFull,
  })
  const lines: ReturnType<typeof conversation>[] = []
  running.push({ server, lines })
  /** Opens a connection, and resolves once the listener has read these bytes on it. */
  const say = async (bytes: string) => {
    const line = conversation(server.port, way)
    lines.push(line)
    await once(line.socket, way.identity === null ? 'connect' : 'secureConnect')
    line.socket.write(bytes)
    const own = `127.0.0.1:${line.socket.localPort}`
    await until('the connection', () => server.openPeers().includes(own) || line.received() !== '')
    for (let time = 0; time < way.settlings; time += 1) await settle()
    return line
  }
  return { clock, server, say, open: opened.resolve, asked: () => asked, full: () => full }
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`
const begun = (length: number, part = '') => `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: ${length}\r\n\r\n${part}`
const firstLine = (received: string) => received.split('\r\n')[0]
const codeIn = (received: string) => /"code":"(\w+)"/.exec(received)?.[1]

for (const way of WAYS)
  describe(way.name, () => {
    const start = (limits: Partial<Limits> = {}) => startOn(way, limits)
    describe('time', () => {
      test('a head that is not here after 10 s is refused, however it trickles', async () => {
        const { clock, say } = await start()
        const line = await say('GET / HTTP/1.1\r\n')
        for (let s = 0; s < 9; s += 1) {
          line.socket.write(`a${s}: b\r\n`)
          await clock.advance(1000)
        }
        assert.equal(line.received(), '')
        await clock.advance(2000)
        assert.equal(await line.ended, 'FIN')
        assert.deepEqual(
          [firstLine(line.received()), codeIn(line.received())],
          ['HTTP/1.1 408 Request Timeout', 'too_slow'],
        )
      })

      test('a body that is not here after 10 s is refused, however it trickles', async () => {
        const { asked, clock, say } = await start()
        const line = await say(begun(100))
        for (let s = 0; s < 9; s += 1) {
          line.socket.write('x')
          await clock.advance(1000)
        }
        assert.equal(line.received(), '')
        await clock.advance(2000)
        assert.equal(await line.ended, 'FIN')
        assert.match(line.received(), /"title":"Out of time"/)
        assert.deepEqual([codeIn(line.received()), asked()], ['too_slow', 0])
      })

      test('a connection without a request ends after 75 s at most, and is there for the next sale before', async () => {
        const { clock, say } = await start()
        const silent = await say('')
        const kept = await say(get('/1'))
        await kept.until('/1 is done')
        await clock.advance(60_000)
        kept.socket.write(get('/2'))
        await kept.until('/2 is done')
        await clock.advance(15_000)
        assert.equal(await silent.ended, 'FIN')
        kept.socket.write(get('/3'))
        await kept.until('/3 is done')
        await clock.advance(75_000)
        assert.equal(await kept.ended, 'FIN')
      })

      test('a client that does not take its answer is let go', async () => {
        const { clock, say, server } = await start()
        const line = await say('')
        line.socket.pause()
        line.socket.write(get('/large'))
        await until('bytes to be sent', () => line.socket.bytesWritten > 0)
        await clock.advance(75_000)
        await until('the peers to leave', () => server.openPeers().length === 0)
      })

      test('a client that keeps a connection after its last answer is let go', async () => {
        const { clock, say, server } = await start()
        const line = await say('GARBAGE\r\n\r\n')
        assert.equal(await line.ended, 'FIN')
        assert.equal(server.openPeers().length, 1)
        await clock.advance(12_000)
        await until('the peers to leave', () => server.openPeers().length === 0)
      })
    })

    describe('memory', () => {
      test('bodies on their way share a memory: beyond it a large one is told to come again, and a small one is heard', async () => {
        const part = 'x'.repeat(60_000)
        const { say } = await start({ bodiesBytes: 100_000 })
        const large = [
          await say(begun(200_000, part)),
          await say(begun(200_000, part)),
          await say(begun(200_000, part)),
        ]
        const refused = await Promise.race(large.map((line) => line.ended.then(() => line)))
        assert.deepEqual(
          [codeIn(refused.received()), firstLine(refused.received())],
          ['too_many_bodies', 'HTTP/1.1 503 Service Unavailable'],
        )
        assert.match(refused.received(), /\r\nretry-after: 1\r\n/)
        const small = await say(begun(10_000, 'x'.repeat(5000)))
        small.socket.write('x'.repeat(5000))
        await small.until('/ is done')
      })

      test('what is done with gives its share back', async () => {
        const { say } = await start({ bodiesBytes: 100_000 })
        for (let round = 0; round < 5; round += 1) {
          const whole = await say(begun(100_000, 'x'.repeat(60_000)))
          whole.socket.write('x'.repeat(40_000))
          await whole.until('/ is done')
          const left = await say(begun(100_000, 'x'.repeat(60_000)))
          left.socket.destroy()
          await settle()
        }
      })

      test('who sends ahead while an answer is awaited is not read for ever', async () => {
        const { say, open } = await start()
        const line = await say(get('/wait'))
        const flood = get('/next').repeat(400_000)
        line.socket.write(flood)
        await settle()
        await settle()
        assert.ok(line.socket.writableLength > 0, 'all was taken')
        open()
        await line.until('/next is done', 1000)
      })
    })

    describe('connections', () => {
      test('one that waits for an answer keeps its place, and beyond the limit a client is told so', async () => {
        const { full, open, say } = await start({ connections: 3 })
        const waiting = [await say(get('/wait1')), await say(get('/wait2')), await say(get('/wait3'))]
        const refused = await say(get('/4'))
        assert.equal(await refused.ended, 'FIN')
        assert.deepEqual(
          [codeIn(refused.received()), firstLine(refused.received())],
          ['too_many_connections', 'HTTP/1.1 503 Service Unavailable'],
        )
        assert.match(refused.received(), /\r\nretry-after: 1\r\n/)
        assert.equal(full(), 1)
        open()
        for (const line of waiting) await line.until('is done')
      })

      test('one that says nothing makes room for a till, the longest silent first', async () => {
        const { clock, full, say } = await start({ connections: 4 })
        const oldest = await say('')
        await clock.advance(200)
        const others = [await say(''), await say('')]
        await clock.advance(200)
        const till = await say(get('/1'))
        await till.until('/1 is done')
        assert.equal(await oldest.ended, 'FIN')
        assert.deepEqual([others.map(({ socket }) => socket.readyState), full()], [['open', 'open'], 0])
      })

      test('a crowd that says nothing, come at once: a till gets in all the same', async () => {
        const { say } = await start({ connections: 3 })
        for (let i = 0; i < 20; i += 1) await say('')
        for (const path of ['/1', '/2', '/3', '/4', '/5']) await (await say(get(path))).until(`${path} is done`)
      })

      test('one that stalls in its head or body makes room for a till after a second', async () => {
        const { clock, full, say } = await start({ connections: 2 })
        const stalled = [await say('GET /'), await say(begun(100, 'x'))]
        await clock.advance(3000)
        for (const path of ['/1', '/2']) await (await say(get(path))).until(`${path} is done`)
        assert.deepEqual([await stalled[0]?.ended, await stalled[1]?.ended, full()], ['FIN', 'FIN', 0])
      })

      test('one too many that asks nothing is told so after a second, and only a few of them are kept that long', async () => {
        const { clock, open, say, server } = await start({ connections: 1, turnedAway: 8 })
        await say(get('/wait'))
        const first = await say('')
        for (let i = 0; i < 20; i += 1) await say('')
        assert.ok(server.openPeers().length <= 9, `${server.openPeers().length} are open`)
        assert.equal(await first.ended, 'FIN')
        const last = await say('')
        await clock.advance(2000)
        assert.equal(await last.ended, 'FIN')
        assert.equal(codeIn(last.received()), 'too_many_connections')
        open()
      })
    })
  })
