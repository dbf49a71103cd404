/** The answers that a client gets for its bytes. Runs under `bun test` and `deno test`: each has sockets of its own. */
import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import { settle } from '../testing.ts'
import { bodiesOf, get, post, start as startOn, statusesOf, stopAll, WAYS } from './testing.ts'

afterEach(stopAll)

for (const way of WAYS)
  describe(way.name, () => {
    const start = () => startOn({}, undefined, way)
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
      const withFields = (...fields: string[]) =>
        `POST / HTTP/1.1\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`
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
          assert.doesNotMatch(line.received(), /"title":"Error"/)
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
  })
