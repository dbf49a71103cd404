import { afterEach, beforeEach, describe, expect, jest, onTestFinished, test } from 'bun:test'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createLogger } from '@kkt/platform/logger.ts'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { connectRedis, type RedisLink } from './redis_link.ts'

const COMMAND_TIMEOUT_MS = 500
const SILENCE_MS = 1000
const RECONNECT_EVERY_MS = 1000
const TRY_MS = 1000
const REFUSAL_IS_NEWS_MS = 5000

// ioredis waits with the runtime's timers. A wait that is left over when real timers return blocks whole turns of the
// event loop, in the tests of other files too.
const links: RedisLink[] = []
beforeEach(() => void jest.useFakeTimers())
afterEach(async () => {
  for (const link of links.splice(0)) link.close()
  await settle()
  jest.useRealTimers()
})

type Answer = string | null
type Answers = { hello?: Answer; ping?: Answer; eval?: Answer }

/** As much of Redis as a connection and a command need. Null: no answer. */
async function fakeRedis(asked: Answers = {}, port = 0) {
  const { hello = '+OK\r\n', ping = '+PONG\r\n' } = asked
  const pinged = Promise.withResolvers<void>()
  const evaluated = Promise.withResolvers<void>()
  function answer(command: string): Answer {
    if (command.includes('info')) return hello && '$0\r\n\r\n'
    if (command.includes('eval')) {
      evaluated.resolve()
      return asked.eval ?? null
    }
    if (!command.includes('ping')) return hello
    pinged.resolve()
    return ping
  }
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      const commands = String(data).split(/^\*\d+\r\n/m)
      socket.write(
        commands
          .slice(1)
          .map((command) => answer(command) ?? '')
          .join(''),
      )
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  onTestFinished(stop)
  return { port: (server.address() as AddressInfo).port, pinged: pinged.promise, evaluated: evaluated.promise, stop }
}

function connect(port: number) {
  const lines: { level: string; event: string; to: string }[] = []
  let wake = () => {}
  const logger = createLogger('test', 'debug', (line) => {
    lines.push(JSON.parse(line))
    wake()
  })
  const clock = new TestClock()
  const redis = connectRedis({ url: `redis://:Zq7-secret@127.0.0.1:${port}/0`, ca: null }, logger, clock)
  links.push(redis)
  return {
    clock,
    redis,
    lines,
    /** Resolves when this many lines are logged. */
    logged: async (count: number) => {
      while (lines.length < count) await new Promise<void>((resolve) => (wake = resolve))
      return lines.map(({ event, level, to }) => `${event} ${level} ${to}`)
    },
  }
}
const UP = 'redis_changed info up'
const DOWN = 'redis_changed warn down'
const LOADING = '-LOADING Redis is loading the dataset in memory\r\n'
const WRONG_PASSWORD = '-WRONGPASS invalid username-password pair or user is disabled.\r\n'

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
  const { port, pinged } = await fakeRedis({ ping: null })
  const { redis, logged } = connect(port)
  await logged(1)
  const failure = redis.failure()
  await pinged
  jest.advanceTimersByTime(COMMAND_TIMEOUT_MS)
  expect(await failure).toBe('no answer')
})

test('one that answers with an error is a failure, by its code', async () => {
  const { port } = await fakeRedis({ ping: LOADING })
  const { redis, logged } = connect(port)
  await logged(1)
  expect(await redis.failure()).toBe('LOADING')
})

test('one that goes away and comes back is used again, a second later at most', async () => {
  const first = await fakeRedis()
  const { redis, logged } = connect(first.port)
  await logged(1)
  first.stop()
  expect(await logged(2)).toEqual([UP, DOWN])
  expect(await redis.failure()).toBe('not connected')
  await fakeRedis({}, first.port)
  jest.advanceTimersByTime(RECONNECT_EVERY_MS)
  expect(await logged(3)).toEqual([UP, DOWN, UP])
  expect(await redis.failure()).toBeNull()
})

describe('the first attempt to connect has ended', () => {
  test('when Redis is there', async () => {
    const { redis, lines } = connect((await fakeRedis()).port)
    await redis.tried
    expect(lines).toMatchObject([{ to: 'up' }])
  })

  test('when nobody is there', async () => {
    const gone = await fakeRedis()
    gone.stop()
    const { redis, lines } = connect(gone.port)
    await redis.tried
    expect(lines).toMatchObject([{ to: 'down' }])
  })

  test('when it does not take the password', async () => {
    const { redis, lines } = connect((await fakeRedis({ hello: WRONG_PASSWORD })).port)
    await redis.tried
    expect(lines).toMatchObject([
      { to: 'shut_out', code: 'WRONGPASS', advice: expect.stringContaining('the password in REDIS_URL') },
    ])
    for (let tries = 0; tries < 3; tries++) {
      expect(await redis.run('return 1', [], [])).toEqual({ kind: 'refused', code: 'WRONGPASS' })
      expect(await redis.failure()).toBe('WRONGPASS')
      jest.advanceTimersByTime(RECONNECT_EVERY_MS)
      await settle()
    }
    expect(lines).toHaveLength(1)
  })

  test('after a second, however silent it is', async () => {
    const { clock, redis, lines } = connect((await fakeRedis({ hello: null })).port)
    let tried = false
    void redis.tried.then(() => (tried = true))
    await clock.advance(TRY_MS - 1)
    expect(tried).toBe(false)
    await clock.advance(1)
    expect(tried).toBe(true)
    expect(lines).toEqual([])
    expect(await redis.run('return 1', [], [])).toEqual({ kind: 'unreachable' })
  })
})

describe('a script', () => {
  test('is answered', async () => {
    const { redis } = connect((await fakeRedis({ eval: ':7\r\n' })).port)
    await redis.tried
    expect(await redis.run('return 7', ['a'], [1])).toEqual({ kind: 'answered', value: 7 })
  })

  const IN_SCRIPT = 'script: 620cd258c2c9c88c9d10db67812ccf663d96bdc6, on @user_script:1.'
  test.each([
    [`READONLY You can't write against a read only replica. ${IN_SCRIPT}`, 'READONLY'],
    [`NOREPLICAS Not enough good replicas to write. ${IN_SCRIPT}`, 'NOREPLICAS'],
    ["NOPERM this user has no permissions to run the 'eval' command", 'NOPERM'],
    [`ERR The user executing the script can't run this command or subcommand ${IN_SCRIPT}`, 'NOPERM'],
    [
      "ERR Error running script (call to f_e0e1): @user_script:5: @user_script: 5: -READONLY You can't write",
      'READONLY',
    ],
    ['what is this', 'ERR'],
  ])(
    'that is refused (%s) is a failure by its code, though a PING is answered, and one warning',
    async (error, code) => {
      const { redis, clock, lines } = connect((await fakeRedis({ eval: `-${error}\r\n` })).port)
      await redis.tried
      for (let times = 0; times < 3; times++) {
        expect(await redis.run('return 7', [], [])).toEqual({ kind: 'refused', code })
        expect(await redis.failure()).toBe(code)
      }
      expect(lines).toMatchObject([{ to: 'up' }, { level: 'warn', event: 'redis_changed', to: 'refusing', code }])
      await clock.advance(REFUSAL_IS_NEWS_MS)
      expect(await redis.failure()).toBeNull()
    },
  )

  test('that is done after one that was refused: all is well again, and each change is logged', async () => {
    const answers: Answers = { eval: '-READONLY no\r\n' }
    const { redis, lines } = connect((await fakeRedis(answers)).port)
    await redis.tried
    for (const answer of ['-READONLY no\r\n', '-NOPERM no\r\n', ':7\r\n', ':7\r\n']) {
      answers.eval = answer
      await redis.run('return 7', [], [])
    }
    expect(await redis.failure()).toBeNull()
    expect(lines.map(({ to }) => to)).toEqual(['up', 'refusing', 'refusing', 'up'])
  })

  test('is given up after half a second, and after a whole one the connection is', async () => {
    const { port, evaluated } = await fakeRedis()
    const { redis, logged } = connect(port)
    await redis.tried
    const answer = redis.run('return 7', [], [])
    await evaluated
    jest.advanceTimersByTime(COMMAND_TIMEOUT_MS)
    expect(await answer).toEqual({ kind: 'unreachable' })
    jest.advanceTimersByTime(SILENCE_MS - COMMAND_TIMEOUT_MS)
    await settle()
    expect(await redis.failure()).toBe('not connected')
    jest.advanceTimersByTime(RECONNECT_EVERY_MS)
    expect((await logged(4)).filter((line) => line.startsWith('redis_changed'))).toEqual([UP, DOWN, UP])
  })

  test('is not sent where there is no connection', async () => {
    const gone = await fakeRedis()
    gone.stop()
    const { redis } = connect(gone.port)
    expect(await redis.run('return 7', [], [])).toEqual({ kind: 'unreachable' })
  })
})
