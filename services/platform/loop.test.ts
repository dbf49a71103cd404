import { describe, expect, test } from 'bun:test'
import { createLoop, type NextTurn } from './loop.ts'
import { settle, TestClock } from './testing.ts'

const REST_MS = 1000
const REST: NextTurn = { kind: 'rest', ms: REST_MS }
const BACKOFF: NextTurn = { kind: 'backoff', ms: REST_MS }

/** A loop that counts its turns, each of which ends with the current `next`. */
function setUp(first: NextTurn = REST) {
  const clock = new TestClock()
  const told = { turns: 0, next: async (): Promise<NextTurn> => first }
  const loop = createLoop({
    clock,
    turn: () => {
      told.turns += 1
      return told.next()
    },
  })
  /** Keeps each turn that begins from now on open until the returned function is called. */
  const hold = () => {
    const { promise, resolve } = Promise.withResolvers<NextTurn>()
    told.next = () => promise
    return () => resolve(first)
  }
  const turns = async () => {
    await settle()
    return told.turns
  }
  return { clock, told, loop, hold, turns }
}

describe('a loop', () => {
  test('takes no turn before it is started, and the first at once', async () => {
    const { loop, turns } = setUp()
    expect(await turns()).toBe(0)
    loop.start()
    expect(await turns()).toBe(1)
  })

  test('rests in between for as long as the turn says, each time again', async () => {
    const { clock, told, loop, turns } = setUp()
    loop.start()
    await settle()
    told.next = async () => ({ kind: 'rest', ms: 3 * REST_MS })
    await clock.advance(REST_MS - 1)
    expect(await turns()).toBe(1)
    await clock.advance(1)
    expect(await turns()).toBe(2)
    await clock.advance(3 * REST_MS - 1)
    expect(await turns()).toBe(2)
    await clock.advance(1)
    expect(await turns()).toBe(3)
  })

  test('goes on at once where a turn says so', async () => {
    const { told, loop, turns } = setUp()
    told.next = async () => (told.turns < 5 ? { kind: 'again' } : REST)
    loop.start()
    expect(await turns()).toBe(5)
  })

  test('takes one turn at a time', async () => {
    const { clock, loop, hold, turns } = setUp()
    hold()
    loop.start()
    loop.nudge()
    await clock.advance(5 * REST_MS)
    expect(await turns()).toBe(1)
  })
})

describe('a nudge', () => {
  test('ends a rest', async () => {
    const { loop, turns } = setUp()
    loop.start()
    await settle()
    loop.nudge()
    expect(await turns()).toBe(2)
    expect(await turns()).toBe(2)
  })

  test('during a turn is not lost, and several have one turn follow', async () => {
    const { loop, hold, turns } = setUp()
    const letGo = hold()
    loop.start()
    await settle()
    for (let i = 0; i < 3; i++) loop.nudge()
    letGo()
    expect(await turns()).toBe(2)
  })

  test('before the start is not lost', async () => {
    const { loop, turns } = setUp()
    loop.nudge()
    loop.start()
    expect(await turns()).toBe(2)
  })

  test('does not end a backoff, and ends the rest after it', async () => {
    const { clock, told, loop, turns } = setUp(BACKOFF)
    loop.start()
    await settle()
    told.next = async () => REST
    loop.nudge()
    await clock.advance(REST_MS - 1)
    expect(await turns()).toBe(1)
    await clock.advance(1)
    expect(await turns()).toBe(3)
  })
})

describe('a stop', () => {
  test('waits for the turn under way, tells it, and lets none follow', async () => {
    const { clock, loop, hold, turns } = setUp()
    const letGo = hold()
    loop.start()
    await settle()
    let isStopped = false
    void loop.stop().then(() => {
      isStopped = true
    })
    await settle()
    expect([loop.stopping.aborted, isStopped]).toEqual([true, false])
    letGo()
    await settle()
    expect(isStopped).toBe(true)
    loop.nudge()
    await clock.advance(5 * REST_MS)
    expect(await turns()).toBe(1)
  })

  test.each([REST, BACKOFF])('ends at once what is waited for: %p', async (next) => {
    const { clock, loop, turns } = setUp(next)
    loop.start()
    await settle()
    await loop.stop()
    expect([await turns(), clock.waiting]).toEqual([1, 0])
  })

  test('of one that was never started ends at once, and it stays at rest', async () => {
    const { loop, turns } = setUp()
    await loop.stop()
    loop.start()
    expect(await turns()).toBe(0)
  })
})
