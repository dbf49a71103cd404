import { describe, expect, test } from 'bun:test'
import type { Connection } from '@kkt/platform/fetch.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { createOfdSend, PooledConnectionLost } from './ofd_connection.ts'

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

/** Requests that end as each of `ends` is told to. */
function setUpHeld() {
  const clock = new TestClock()
  const used: Connection[] = []
  const ends: PromiseWithResolvers<Response>[] = []
  const send = createOfdSend({
    send: async (_request, connection) => {
      used.push(connection)
      const end = Promise.withResolvers<Response>()
      ends.push(end)
      return await end.promise
    },
    clock,
    onRetryAfter: () => undefined,
  })
  return { clock, used, ends, send }
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
  ])('and a new one begins after %s', async (_what, answer) => {
    const { each } = setUp()
    await each('POST', 200, answer)
    expect(await each('POST', 200, 200)).toEqual(['new_pool', 'pooled'])
    expect(await each('POST', answer, answer, 200)).toEqual(['pooled', 'new_pool', 'new_pool'])
  })

  test('and a new one begins after a pause, in which the other machine may have lost its power', async () => {
    const { clock, each } = setUp()
    await each('POST', 200)
    await clock.advance(1001)
    expect(await each('POST', 200, 200)).toEqual(['new_pool', 'pooled'])
  })

  test('whatever becomes of requests of an earlier one', async () => {
    const { clock, used, send, ends } = setUpHeld()
    const post = () => send(new Request('http://ofd.test/', { method: 'POST' })).catch(() => undefined)
    const [failing, late, stuck] = [post(), post(), post()]
    ends[0]?.reject(RESET)
    await failing
    const first = post()
    ends[3]?.resolve(new Response(''))
    await first
    await clock.advance(900)
    ends[1]?.reject(RESET)
    ends[2]?.resolve(new Response(''))
    await Promise.all([late, stuck])
    void post()
    await clock.advance(200)
    void post()
    expect(used).toEqual(['pooled', 'pooled', 'pooled', 'new_pool', 'pooled', 'new_pool'])
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

  test('is made good at once for a look-up, over a new one, and once', async () => {
    const { each } = setUp()
    await each('GET', 200)
    expect(await each('GET', RESET)).toEqual(['pooled', 'new_pool'])
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
