import { afterEach, beforeEach, expect, jest, onTestFinished, test } from 'bun:test'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createLogger } from '@kkt/platform/logger.ts'
import { settle } from '@kkt/platform/testing.ts'
import { connectRedis, type RedisLink } from './redis.ts'

const COMMAND_TIMEOUT_MS = 500
const RECONNECT_EVERY_MS = 1000

// ioredis waits with the timers of the runtime. One that is left waiting when they become real again holds up whole
// turns of the event loop, in the tests of other files too.
const links: RedisLink[] = []
beforeEach(() => void jest.useFakeTimers())
afterEach(async () => {
  for (const link of links.splice(0)) link.close()
  await settle()
  jest.useRealTimers()
})

/** As much of Redis as a connection and a PING need. */
async function fakeRedis(ping: string | null = '+PONG\r\n', port = 0) {
  const pinged = Promise.withResolvers<void>()
  function answer(command: string): string | null {
    if (command.includes('info')) return '$0\r\n\r\n'
    if (!command.includes('ping')) return '+OK\r\n'
    pinged.resolve()
    return ping
  }
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      const commands = String(data).split(/^\*\d+\r\n/m)
      socket.write(commands.slice(1).map(answer).join(''))
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(stop)
  return { port: (server.address() as AddressInfo).port, pinged: pinged.promise, stop }
}

function connect(port: number) {
  const lines: { level: string; event: string; to: string }[] = []
  let wake = () => {}
  const logger = createLogger('test', 'debug', (line) => {
    lines.push(JSON.parse(line))
    wake()
  })
  const redis = connectRedis(`redis://:Zq7-secret@127.0.0.1:${port}/0`, logger)
  links.push(redis)
  return {
    redis,
    lines,
    /** Resolves when so many lines are logged. */
    logged: async (count: number) => {
      while (lines.length < count) await new Promise<void>((resolve) => (wake = resolve))
      return lines.map(({ event, level, to }) => `${event} ${level} ${to}`)
    },
  }
}
const UP = 'redis_changed info up'
const DOWN = 'redis_changed warn down'

test('a Redis that answers has no failure', async () => {
  const { port } = await fakeRedis()
  const { redis, logged } = connect(port)
  expect(await logged(1)).toEqual([UP])
  expect(await redis.failure()).toBeNull()
})

test('where nobody is, it says so at once, and logs it once without the password', async () => {
  const gone = await fakeRedis()
  gone.stop()
  const { redis, lines, logged } = connect(gone.port)
  expect(await redis.failure()).toBe('not connected')
  expect(await logged(1)).toEqual([DOWN])
  for (let tries = 0; tries < 3; tries++) {
    jest.advanceTimersByTime(RECONNECT_EVERY_MS)
    await settle()
  }
  expect(await logged(1)).toEqual([DOWN])
  expect(JSON.stringify(lines)).not.toContain('Zq7')
})

test('one that does not answer is a failure within half a second', async () => {
  const { port, pinged } = await fakeRedis(null)
  const { redis, logged } = connect(port)
  await logged(1)
  const failure = redis.failure()
  await pinged
  jest.advanceTimersByTime(COMMAND_TIMEOUT_MS)
  expect(await failure).toBe('no answer')
})

test('one that answers with an error is a failure', async () => {
  const { port } = await fakeRedis('-LOADING Redis is loading the dataset in memory\r\n')
  const { redis, logged } = connect(port)
  await logged(1)
  expect(await redis.failure()).toBe('no answer')
})

test('one that goes away and comes back is used again, a second later at most', async () => {
  const first = await fakeRedis()
  const { redis, logged } = connect(first.port)
  await logged(1)
  first.stop()
  expect(await logged(2)).toEqual([UP, DOWN])
  expect(await redis.failure()).toBe('not connected')
  await fakeRedis('+PONG\r\n', first.port)
  jest.advanceTimersByTime(RECONNECT_EVERY_MS)
  expect(await logged(3)).toEqual([UP, DOWN, UP])
  expect(await redis.failure()).toBeNull()
})
