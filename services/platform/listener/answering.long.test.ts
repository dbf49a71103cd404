/** The forms of an answer on the wire. Runs under `bun test` and `deno test`: each has sockets of its own. */
import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import type { Handle, ListenOptions } from '../serve.ts'
import { settle, until } from '../testing.ts'
import { streamed } from './answering.ts'
import { bodiesOf, get, start as startOn, stopAll, WAYS } from './testing.ts'

afterEach(stopAll)

for (const way of WAYS)
  describe(way.name, () => {
    const start = (options: Partial<ListenOptions> = {}, handle?: Handle) => startOn(options, handle, way)
    test('to HEAD it has no body, and says how long that would be', async () => {
      const { say } = await start({}, () => new Response('four'))
      const line = say(`HEAD / HTTP/1.1\r\nhost: a\r\n\r\n${get('/', 'connection: close\r\n')}`)
      await line.ended
      assert.deepEqual(bodiesOf(line.received()), ['', 'four'])
      assert.equal(line.received().match(/content-length: 4\r\n/g)?.length, 2)
    })

    test('a stream is not followed for HEAD: its head is all', async () => {
      const asked: string[] = []
      let isCancelled = false
      const endless = () =>
        new ReadableStream({
          start: (controller) => controller.enqueue(new TextEncoder().encode('that is all for now')),
          cancel: () => {
            isCancelled = true
          },
        })
      const { say } = await start({}, (request) => {
        asked.push(request.method)
        return streamed(new Response(endless()))
      })
      const line = say('HEAD / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
      await line.ended
      assert.deepEqual([bodiesOf(line.received()), isCancelled], [[''], true])
      // Elysia reads a whole answer to HEAD, to find its length.
      assert.deepEqual(asked, ['GET'])
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
      const { dial } = await start({}, () => new Response(new Uint8Array([0xff, 0, 0xfe])))
      const line = dial()
      const received: number[] = []
      line.socket.on('data', (bytes) => received.push(...Buffer.from(bytes)))
      line.socket.write(get('/', 'connection: close\r\n'))
      await line.ended
      assert.deepEqual(received.slice(-3), [0xff, 0, 0xfe])
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
      assert.deepEqual([await line.ended, line.received()], [way.reset, ''])
    })

    test('a handler that throws says nothing: what it has done is unknown', async () => {
      const { say } = await start({}, () => Promise.reject(new Error('a mistake')))
      const line = say(get('/'))
      assert.deepEqual([await line.ended, line.received()], [way.reset, ''])
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

    test('and so it is where its client has left before it begins', async () => {
      const cancelled = Promise.withResolvers<void>()
      const silent = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('that is all for now')),
        cancel: () => cancelled.resolve(),
      })
      const { dial } = await start({}, async (request) => {
        await until('the client to leave', () => request.signal.aborted)
        return streamed(new Response(silent))
      })
      dial().socket.end(get('/'))
      await cancelled.promise
    })

    test('a stop does not wait for a client that does not read its stream', async () => {
      const flood = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1024 * 1024)) })
      const { dial, server } = await start({}, () => streamed(new Response(flood)))
      const line = dial()
      line.socket.pause()
      line.socket.write(get('/'))
      await until('the client', () => server.openPeers().length > 0)
      for (let turn = 0; turn < 20; turn += 1) await settle()
      await server.stop()
      assert.deepEqual(server.openPeers(), [])
    })

    test('a stop ends a stream that is over, although its client keeps the connection open', async () => {
      const over = Promise.withResolvers<void>()
      const stream = new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode('one'))
          await over.promise
          controller.close()
        },
      })
      const { say, server } = await start({}, () => streamed(new Response(stream)))
      const line = say(get('/'))
      await line.until('one')
      const stopped = server.stop()
      over.resolve()
      await stopped
      await line.until('\r\n0\r\n\r\n')
    })

    test('a stop waits for a client that reads a whole answer, although it has had a stream before', async () => {
      const large = new Uint8Array(16 * 1024 * 1024)
      const stream = () => streamed(new Response(new Blob(['one']).stream()))
      const { dial, server } = await start({}, ({ url }) => (url.endsWith('/one') ? stream() : new Response(large)))
      const line = dial()
      line.socket.write(get('/one'))
      await line.until('\r\n0\r\n\r\n')
      line.socket.pause()
      line.socket.write(get('/large'))
      for (let turn = 0; turn < 20; turn += 1) await settle()
      const stopped = server.stop()
      line.socket.resume()
      assert.equal(await line.ended, 'FIN')
      assert.ok(line.received().length > large.length)
      line.socket.end()
      await stopped
    })

    test('nor does it wait for one that stops reading after that', async () => {
      const more = Promise.withResolvers<void>()
      const stream = new ReadableStream({
        async start(controller) {
          controller.enqueue(new TextEncoder().encode('one'))
          await more.promise
          controller.enqueue(new Uint8Array(16 * 1024 * 1024))
          controller.close()
        },
      })
      const { say, server } = await start({}, () => streamed(new Response(stream)))
      const line = say(get('/'))
      await line.until('one')
      line.socket.pause()
      const stopped = server.stop()
      more.resolve()
      await stopped
      assert.deepEqual(server.openPeers(), [])
    })
  })
