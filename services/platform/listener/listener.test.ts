/** What a client gets for its bytes. Runs under `bun test` and `deno test`: each has sockets of its own. */
import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import { type Handle, type ListenOptions, openPort, type Port } from '../serve.ts'
import { settle, TestClock } from '../testing.ts'
import { streamed } from './answering.ts'
import { conversation } from './testing.ts'

const running: { server: Port; lines: ReturnType<typeof conversation>[] }[] = []
afterEach(async () => {
  for (const { server, lines } of running.splice(0)) {
    for (const line of lines) line.socket.destroy()
    await server.stop('now')
  }
})

/** Tells of each request what was read, and answers when it is let. */
async function start(options: Partial<ListenOptions> = {}, handle?: Handle) {
  const asked: string[] = []
  const clock = new TestClock()
  const gate = { opens: Promise.resolve() }
  const echo: Handle = async (request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`)
    await gate.opens
    return new Response(`${new URL(request.url).pathname} is done`)
  }
  const server = await openPort(handle ?? echo, { hostname: '127.0.0.1', port: 0, clock, ...options })
  const lines: ReturnType<typeof conversation>[] = []
  running.push({ server, lines })
  const dial = () => {
    const line = conversation(server.port)
    lines.push(line)
    return line
  }
  /** Sends bytes on a connection of their own. */
  const say = (text: string) => {
    const line = dial()
    line.socket.write(text)
    return line
  }
  /** Has answers wait until what is returned is called. */
  const shut = () => {
    const opened = Promise.withResolvers<void>()
    gate.opens = opened.promise
    return opened.resolve
  }
  const reached = async (count: number) => {
    while (asked.length < count) await settle()
  }
  return { asked, clock, dial, say, server, shut, reached }
}

const get = (path: string, fields = '') => `GET ${path} HTTP/1.1\r\nhost: a\r\n${fields}\r\n`
const post = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: ${body.length}\r\n\r\n${body}`
const bodiesOf = (received: string) => received.split(/HTTP\/1\.1 \d+ [\s\S]*?\r\n\r\n/).slice(1)
const statusesOf = (received: string) => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))

describe('invariant 13: a request that was read gets its answer', () => {
  test('where CRLF follows its body, in the same packet and while it is being answered', async () => {
    const { asked, say, shut, reached } = await start()
    const open = shut()
    const line = say(`${post('/1', 'abc')}\r\n`)
    await reached(1)
    line.socket.write('\r\n')
    await settle()
    open()
    await line.until('/1 is done')
    line.socket.write(get('/2'))
    await line.until('/2 is done')
    assert.deepEqual(asked, ['POST /1 abc', 'GET /2 '])
    assert.deepEqual(statusesOf(line.received()), [200, 200])
  })

  test('where CRLF comes before its first line', async () => {
    const { say } = await start()
    await say(`\r\n\r\n${get('/1')}`).until('/1 is done')
  })

  test('where its body comes in chunks, with extensions and a trailer', async () => {
    const { asked, say } = await start()
    const chunks = '3;name=value\r\nabc\r\n2\r\nde\r\n0\r\nchecksum: 5\r\n\r\n'
    const line = say(`POST /1 HTTP/1.1\r\nhost: a\r\ntransfer-encoding: Chunked\r\n\r\n${chunks}${get('/2')}`)
    await line.until('/2 is done')
    assert.deepEqual(asked, ['POST /1 abcde', 'GET /2 '])
  })

  test('where others come behind it: in turn, each when the one before is answered', async () => {
    const { asked, say, shut, reached } = await start()
    const open = shut()
    const line = say(`${post('/1', 'a')}${get('/2')}${post('/3', 'c')}`)
    await reached(1)
    await settle()
    assert.deepEqual(asked, ['POST /1 a'])
    open()
    await line.until('/3 is done')
    assert.deepEqual(bodiesOf(line.received()), ['/1 is done', '/2 is done', '/3 is done'])
  })

  test('while another sends a thousand at once: it need not wait for them', async () => {
    const { asked, dial, shut, reached } = await start()
    const [greedy, till] = [dial(), dial()]
    const open = shut()
    greedy.socket.write(get('/0'))
    await reached(1)
    greedy.socket.write(get('/n').repeat(1000))
    till.socket.write(get('/till'))
    await reached(2)
    open()
    await till.until('/till is done')
    assert.ok(asked.length < 1000, `${asked.length} came first`)
    await greedy.until('/n is done', 1000)
  })

  test('where its client has nothing more to say, and ends its side', async () => {
    const { say, shut, reached } = await start()
    const open = shut()
    const line = say(`${post('/1', 'abc')}${get('/2')}`)
    line.socket.end()
    await reached(1)
    open()
    assert.equal(await line.ended, 'FIN')
    assert.deepEqual(bodiesOf(line.received()), ['/1 is done', '/2 is done'])
  })

  test('where garbage follows: that is told afterwards', async () => {
    const { say, shut, reached } = await start()
    const open = shut()
    const line = say(`${post('/1', 'abc')}GARBAGE\r\n\r\n`)
    await reached(1)
    open()
    assert.equal(await line.ended, 'FIN')
    assert.deepEqual(statusesOf(line.received()), [200, 400])
  })

  test('bit by bit, however it is cut', async () => {
    const { asked, dial } = await start()
    const line = dial()
    line.socket.setNoDelay(true)
    for (const byte of post('/1', 'abc')) {
      line.socket.write(byte)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await line.until('/1 is done')
    assert.deepEqual(asked, ['POST /1 abc'])
  })

  test('however long it takes', async () => {
    const { clock, say, shut, reached } = await start()
    const open = shut()
    const line = say(get('/1'))
    await reached(1)
    await clock.advance(3_600_000)
    open()
    await line.until('/1 is done')
  })
})

describe('invariant 10: what is no request, or two at once, is refused and reaches nobody', () => {
  const withFields = (...fields: string[]) => `POST / HTTP/1.1\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`
  for (const [what, bytes, status] of [
    ['HTTP/2 by prior knowledge', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['HTTP/2.0 by its number', 'GET / HTTP/2.0\r\nhost: a\r\n\r\n', 400],
    ['no version', 'GET /\r\n\r\n', 400],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', 400],
    ['two hosts', withFields('host: a', 'host: b'), 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a path for a host', withFields('host: a/b?c'), 400],
    ['two lengths', withFields('host: a', 'content-length: 3', 'content-length: 4'), 400],
    ['a length in words', withFields('host: a', 'content-length: three'), 400],
    ['a negative length', withFields('host: a', 'content-length: -1'), 400],
    ['a length and chunks', withFields('host: a', 'content-length: 3', 'transfer-encoding: chunked'), 400],
    ['chunks that are packed', withFields('host: a', 'transfer-encoding: gzip, chunked'), 400],
    ['space before a colon', withFields('host : a'), 400],
    ['a folded line', withFields('host: a', 'b: c\r\n d'), 400],
    ['NUL in a value', withFields('host: a', 'b: \0'), 400],
    ['bare line feeds', 'GET / HTTP/1.1\nhost: a\n\n', 400],
    ['a space in the target', 'GET /a b HTTP/1.1\r\nhost: a\r\n\r\n', 400],
    ['a chunk without a size', `${withFields('host: a', 'transfer-encoding: chunked')}x\r\n`, 400],
    ['a chunk that is too short', `${withFields('host: a', 'transfer-encoding: chunked')}3\r\nabXYZ`, 400],
    [
      'a size of chunk that never ends',
      `${withFields('host: a', 'transfer-encoding: chunked')}${'0'.repeat(300)}`,
      400,
    ],
    ['a proxy’s method', 'CONNECT a:443 HTTP/1.1\r\nhost: a\r\n\r\n', 405],
    ['a request to the server as a whole', 'OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n', 405],
    ['a head that is too large', `GET / HTTP/1.1\r\nhost: a\r\nb: ${'c'.repeat(20_000)}`, 431],
    ['a body that is announced as too large', withFields('host: a', 'content-length: 1000000'), 413],
    ['a chunk that is too large', `${withFields('host: a', 'transfer-encoding: chunked')}fffff\r\n`, 413],
  ] as const) {
    test(what, async () => {
      const { asked, say } = await start()
      const line = say(bytes)
      assert.equal(await line.ended, 'FIN')
      assert.deepEqual(statusesOf(line.received()), [status])
      assert.match(line.received(), /\r\ncontent-type: application\/problem\+json\r\n/)
      assert.match(line.received(), /"code":"\w+"/)
      assert.deepEqual(asked, [])
    })
  }

  test('what breaks off', async () => {
    for (const part of ['GET / HT', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nab']) {
      const { asked, say } = await start()
      const line = say(part)
      line.socket.end()
      assert.equal(await line.ended, 'FIN')
      assert.deepEqual([statusesOf(line.received()), asked], [[400], []])
    }
  })

  test('a refusal arrives, although its client goes on sending', async () => {
    const { say } = await start()
    const line = say(`POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9000000\r\n\r\n`)
    line.socket.write('x'.repeat(9_000_000))
    assert.equal(await line.ended, 'FIN')
    assert.deepEqual(statusesOf(line.received()), [413])
  })
})

describe('the forms that an answer takes', () => {
  test('to HEAD it has no body, and says how long that would be', async () => {
    const { say } = await start({}, () => new Response('four'))
    const line = say(`HEAD / HTTP/1.1\r\nhost: a\r\n\r\n${get('/', 'connection: close\r\n')}`)
    await line.ended
    assert.deepEqual(bodiesOf(line.received()), ['', 'four'])
    assert.equal(line.received().match(/content-length: 4\r\n/g)?.length, 2)
  })

  test('one of 204 has no body and no length', async () => {
    const { say } = await start({}, () => new Response(null, { status: 204 }))
    const line = say(get('/', 'connection: close\r\n'))
    await line.ended
    assert.match(line.received(), /^HTTP\/1\.1 204 No Content\r\nconnection: close\r\ndate: [^\r]+ GMT\r\n\r\n$/)
  })

  test('to HTTP/1.0 it ends the connection, unless its client wants to keep it', async () => {
    const { say } = await start()
    const closed = say('GET /1 HTTP/1.0\r\n\r\n')
    assert.equal(await closed.ended, 'FIN')
    const kept = say('GET /1 HTTP/1.0\r\nconnection: Keep-Alive\r\n\r\n')
    await kept.until('/1 is done')
    assert.match(kept.received(), /\r\nconnection: keep-alive\r\n/)
    kept.socket.write('GET /2 HTTP/1.0\r\n\r\n')
    await kept.until('/2 is done')
  })

  test('a client that asks whether to send its body is told to', async () => {
    const { asked, say } = await start()
    const line = say('POST /1 HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n')
    await line.until('HTTP/1.1 100 Continue\r\n\r\n')
    line.socket.write('abc')
    await line.until('/1 is done')
    assert.deepEqual(asked, ['POST /1 abc'])
  })

  test('bytes arrive as they are', async () => {
    const { server } = await start({}, () => new Response(new Uint8Array([0xff, 0, 0xfe])))
    const response = await fetch(`http://127.0.0.1:${server.port}/`)
    assert.deepEqual([...(await response.bytes())], [0xff, 0, 0xfe])
  })

  const bits = (...texts: string[]) =>
    new ReadableStream({
      pull: (controller) => {
        const text = texts.shift()
        if (text === undefined) controller.close()
        else controller.enqueue(new TextEncoder().encode(text))
      },
    })

  test('one that comes bit by bit goes in chunks, and to HTTP/1.0 until the end', async () => {
    const { say } = await start({}, () => streamed(new Response(bits('one', 'two'))))
    const line = say(get('/'))
    await line.until('\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n')
    const old = say('GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n')
    assert.equal(await old.ended, 'FIN')
    assert.ok(old.received().endsWith('\r\n\r\nonetwo'), old.received())
  })

  test('one that breaks off ends with a reset: nobody takes it for whole', async () => {
    const broken = () => new ReadableStream({ pull: (controller) => controller.error() })
    const { say } = await start({}, () => streamed(new Response(broken())))
    const line = say(get('/'))
    assert.deepEqual([await line.ended, line.received()], ['ECONNRESET', ''])
  })

  test('a handler that throws says nothing: what it has done is unknown', async () => {
    const { say } = await start({}, () => Promise.reject(new Error('a mistake')))
    const line = say(get('/'))
    assert.deepEqual([await line.ended, line.received()], ['ECONNRESET', ''])
  })

  test('what comes bit by bit is cancelled when its client leaves', async () => {
    const cancelled = Promise.withResolvers<void>()
    const endless = new ReadableStream({
      pull: async (controller) => {
        await settle()
        controller.enqueue(new TextEncoder().encode('more'))
      },
      cancel: () => cancelled.resolve(),
    })
    const { say } = await start({}, () => streamed(new Response(endless)))
    const line = say(get('/'))
    await line.until('more')
    line.socket.destroy()
    await cancelled.promise
  })

  test('and so it is where nothing more has to be said', async () => {
    const cancelled = Promise.withResolvers<void>()
    const silent = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('that is all for now')),
      cancel: () => cancelled.resolve(),
    })
    const { say } = await start({}, () => streamed(new Response(silent)))
    const line = say(get('/'))
    await line.until('for now')
    line.socket.destroy()
    await cancelled.promise
  })
})
