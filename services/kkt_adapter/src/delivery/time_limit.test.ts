import { describe, expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { createTimeLimit } from './time_limit.ts'

const LIMIT_MS = 1000

function setUp() {
  const clock = new TestClock()
  const limit = createTimeLimit({ clock, limitMs: LIMIT_MS })
  const ended: string[] = []
  /** Begins a work that lasts until the returned function is called, or until it is cut off. */
  function begin(name: string): () => void {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const work = limit.within((signal) => {
      if (signal.aborted) reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason))
      return promise
    })
    work.then(
      () => ended.push(`${name} is done at ${clock.monotonicMs()}`),
      (error) => ended.push(`${name}: ${error.name} at ${clock.monotonicMs()}`),
    )
    return resolve
  }
  return { clock, limit, ended, begin }
}

describe('the time of each is up', () => {
  test('so long after it began, whatever else is under way', async () => {
    const { clock, ended, begin } = setUp()
    begin('first')
    await clock.advance(400)
    begin('second')
    begin('third')
    await clock.advance(LIMIT_MS - 401)
    expect(ended).toEqual([])
    await clock.advance(LIMIT_MS)
    expect(ended).toEqual(['first: OutOfTime at 1000', 'second: OutOfTime at 1400', 'third: OutOfTime at 1400'])
  })

  test('not for what is done, and on time for what began after it', async () => {
    const { clock, ended, begin } = setUp()
    const endFirst = begin('first')
    await clock.advance(600)
    begin('second')
    endFirst()
    await clock.advance(LIMIT_MS)
    expect(ended).toEqual(['first is done at 600', 'second: OutOfTime at 1600'])
  })

  test('for what begins when all before it is done, or was cut off', async () => {
    const { clock, ended, begin } = setUp()
    begin('first')()
    await clock.advance(500)
    begin('second')
    await clock.advance(LIMIT_MS)
    begin('third')
    await clock.advance(LIMIT_MS)
    expect(ended).toEqual(['first is done at 0', 'second: OutOfTime at 1500', 'third: OutOfTime at 2500'])
  })

  test('for what begins while something that was cut off has not ended', async () => {
    const { clock, limit, ended, begin } = setUp()
    const deaf = Promise.withResolvers<void>()
    const work = limit.within(() => deaf.promise)
    await clock.advance(LIMIT_MS)
    begin('next')
    deaf.resolve()
    await work
    await clock.advance(LIMIT_MS)
    expect(ended).toEqual(['next: OutOfTime at 2000'])
  })
})

test('nothing is waited for when all is done', async () => {
  const { clock, begin } = setUp()
  const ends = [begin('first'), begin('second')]
  await settle()
  expect(clock.waiting).toBe(1)
  for (const end of ends) end()
  await settle()
  expect(clock.waiting).toBe(0)
})

test('abort cuts off what is under way, and whatever comes after', async () => {
  const { clock, limit, ended, begin } = setUp()
  begin('first')
  limit.abort()
  begin('second')
  await settle()
  expect(ended).toEqual(['first: AbortError at 0', 'second: AbortError at 0'])
  expect(clock.waiting).toBe(0)
})
