import { describe, expect, test } from 'bun:test'
import type { Connection } from '@kkt/platform/fetch.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { createOfdSend, PooledConnectionLost } from './ofd_connection.ts'

const FIVE_MINUTES_MS = 300_000
const RESET = Object.assign(new TypeError('The connection failed'), { code: 'ECONNRESET' })
const REFUSED = Object.assign(new TypeError('The connection failed'), { code: 'ECONNREFUSED' })

type Answer = number | Error

function setUp() {
  const clock = new TestClock()
  const used: Connection[] = []
  const waits: number[] = []
  const answers: Answer[] = []
  const send = createOfdSend({
    send: async (_request, connection) => {
      used.push(connection)
      const answer = answers.shift() ?? 200
      if (typeof answer === 'number') return new Response('', { status: answer, headers: { 'retry-after': '7' } })
      throw answer
    },
    clock,
    onRetryAfter: (ms) => waits.push(ms),
  })
  /** Sends one request for each of these answers. @returns the connections used */
  const each = async (method: 'POST' | 'GET', ...answered: Answer[]) => {
    const from = used.length
    for (const answer of answered) {
      answers.push(answer)
      await send(new Request('http://ofd.test/', { method })).catch(() => undefined)
    }
    return used.slice(from)
  }
  const post = () => send(new Request('http://ofd.test/', { method: 'POST' }))
  return { clock, waits, answers, send, each, post }
}

describe('the pool is used', () => {
  test('while it brings good answers without a pause', async () => {
    const { clock, each } = setUp()
    expect(await each('POST', 200, 422)).toEqual(['pooled', 'pooled'])
    await clock.advance(1000)
    expect(await each('GET', 404, 200)).toEqual(['pooled', 'pooled'])
  })

  test.each<[string, Answer]>([
    ['a reset', RESET],
    ['a refused connection', REFUSED],
    ['a 503', 503],
    ['a 429', 429],
  ])('not after %s, until nothing that was in it then is left', async (_what, answer) => {
    const { clock, each } = setUp()
    await each('POST', 200, answer)
    const lastPooledMs = clock.monotonicMs()
    expect(await each('POST', 200, 200)).toEqual(['fresh', 'fresh'])
    await clock.advance(lastPooledMs + FIVE_MINUTES_MS - clock.monotonicMs())
    expect(await each('POST', 200)).toEqual(['fresh'])
    await clock.advance(1)
    expect(await each('POST', 200)).toEqual(['pooled'])
  })

  test('not after a pause, in which the other machine may have lost its power', async () => {
    const { clock, each } = setUp()
    await each('POST', 200)
    await clock.advance(1001)
    expect(await each('POST', 200, 200)).toEqual(['fresh', 'fresh'])
  })
})

describe('a connection of the pool that fails before an answer', () => {
  test('is told from one that fails with nothing in the pool', async () => {
    const { answers, each, post } = setUp()
    answers.push(RESET)
    expect(await post().catch((error) => error)).toBe(RESET)
    await each('POST', 200)
    answers.push(RESET)
    expect(await post().catch((error) => error)).toBeInstanceOf(PooledConnectionLost)
  })

  test('is not one that was refused: nothing was there to die', async () => {
    const { answers, each, post } = setUp()
    await each('POST', 200)
    answers.push(REFUSED)
    expect(await post().catch((error) => error)).toBe(REFUSED)
  })

  test('is not one that was given up', async () => {
    const { each, send, answers } = setUp()
    await each('POST', 200)
    answers.push(RESET)
    const request = new Request('http://ofd.test/', { method: 'POST', signal: AbortSignal.abort() })
    expect(await send(request).catch((error) => error)).toBe(RESET)
  })

  test('is made good at once for a look-up, over a fresh one, and once', async () => {
    const { each } = setUp()
    await each('GET', 200)
    expect(await each('GET', RESET)).toEqual(['pooled', 'fresh'])
    const other = setUp()
    await other.each('GET', 200)
    other.answers.push(RESET, RESET)
    expect(await other.send(new Request('http://ofd.test/')).catch((error) => error)).toBe(RESET)
  })
})

test('a wait that the OFD asks for is heard, of a look-up too', async () => {
  const { each, waits } = setUp()
  await each('POST', 503, 200)
  await each('GET', 429)
  expect(waits).toEqual([7000, 7000])
})
