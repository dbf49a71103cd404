import { expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { redisLeasesConformance } from './redis_leases_conformance.ts'
import { TestRedis } from './test_redis.ts'

const TTL_MS = 8000
const NAME = 'KKT-001'

redisLeasesConformance(async () => {
  const clock = new TestClock()
  const redis = new TestRedis(clock)
  let names = 0
  return {
    host: (bufferId) => redis.connect(bufferId),
    newName: () => `KKT-${++names}`,
    leftMs: async (name) => redis.held(name)?.leftMs ?? null,
    expire: (name) => clock.advance(redis.held(name)?.leftMs ?? 0),
    expireWaiting: async (name) => redis.stopWaiting(name),
    spoil: async (name) => redis.spoil(name),
    flush: async () => redis.flush(),
  }
})

function setUp() {
  const clock = new TestClock()
  const redis = new TestRedis(clock)
  return { clock, redis, host: redis.connect('first') }
}

/** A promise's current result. */
const soFar = <T>(promise: Promise<T>) => Promise.race([promise, Promise.resolve('nothing yet')])

test('one that is gone says so at once, and does nothing', async () => {
  const { redis, host } = setUp()
  host.reach = 'gone'
  expect(await host.take(NAME, 0, TTL_MS)).toEqual({ kind: 'unreachable' })
  expect(await host.renew(NAME, 1, TTL_MS)).toEqual({ kind: 'unreachable' })
  expect(redis.held(NAME)).toBeNull()
})

test.each([
  ['silent', null],
  ['unheard', { bufferId: 'first', token: 1, leftMs: TTL_MS - 500 }],
] as const)('one that is %s is given up after half a second', async (reach, held) => {
  const { clock, redis, host } = setUp()
  host.reach = reach
  const grant = host.take(NAME, 0, TTL_MS)
  await clock.advance(499)
  expect(await soFar(grant)).toBe('nothing yet')
  await clock.advance(1)
  expect(await soFar(grant)).toEqual({ kind: 'unreachable' })
  expect(redis.held(NAME)).toEqual(held)
})

test('one that is slow answers late, or too late', async () => {
  const { clock, host } = setUp()
  host.delayMs = 499
  const slow = host.take(NAME, 0, TTL_MS)
  await clock.advance(499)
  expect(await soFar(slow)).toEqual({ kind: 'granted', token: 1 })
  host.delayMs = 500
  const tooSlow = host.renew(NAME, 1, TTL_MS)
  await clock.advance(500)
  expect(await soFar(tooSlow)).toEqual({ kind: 'unreachable' })
})

test('each host reaches it in its own way', async () => {
  const { redis, host } = setUp()
  host.reach = 'gone'
  expect(await redis.connect('second').take(NAME, 0, TTL_MS)).toEqual({ kind: 'granted', token: 1 })
})

test.each([
  ['refusing', null],
  ['read_only', { bufferId: 'second', token: 1, leftMs: TTL_MS }],
] as const)('one that is %s says so at once, and changes nothing', async (reach, held) => {
  const { redis, host } = setUp()
  host.reach = reach
  expect(await host.take(NAME, 0, TTL_MS)).toEqual({ kind: 'refused' })
  expect(redis.held(NAME)).toBeNull()
  if (!held) return
  await redis.connect('second').take(NAME, 0, TTL_MS)
  expect(await host.take(NAME, 0, TTL_MS)).toEqual({ kind: 'elsewhere' })
  expect(await host.take(NAME, 0, TTL_MS, 3000)).toEqual({ kind: 'refused' })
  expect(await host.renew(NAME, 1, TTL_MS)).toEqual({ kind: 'lost' })
  expect([redis.held(NAME), redis.waiting(NAME)]).toEqual([held, null])
})
