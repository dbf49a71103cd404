import { afterAll, describe, expect, test } from 'bun:test'
import { randomUUID } from 'node:crypto'
import { systemClock } from '@kkt/platform/clock.ts'
import { until } from '@kkt/platform/testing.ts'
import { quiet } from '../testing/kit.ts'
import { openRealRedis, type RedisUser } from '../testing/real_redis.ts'
import { redisLeasesConformance } from '../testing/redis_leases_conformance.ts'
import { createRedisLeases } from './redis_leases.ts'
import { connectRedis, type RedisLink } from './redis_link.ts'

const redis = await openRealRedis(9)
const links: RedisLink[] = []

afterAll(async () => {
  for (const link of links) link.close()
  await redis?.close()
})

describe.skipIf(redis === null)('leases in a real Redis', () => {
  if (redis === null) return test('there is none', () => undefined)
  const { client, openLink } = redis
  const keyOf = (name: string) => `kkt:{${name}}:sender`
  const newName = () => `KKT-${randomUUID()}`

  async function connect(user?: RedisUser): Promise<RedisLink> {
    const link = connectRedis({ url: (await openLink(user)).url, ca: null }, quiet, systemClock)
    links.push(link)
    await link.tried
    return link
  }

  redisLeasesConformance(async () => {
    const [first, second] = await Promise.all([connect(), connect()])
    return {
      host: (bufferId) => createRedisLeases(bufferId === 'second' ? second : first, bufferId),
      newName,
      async leftMs(name) {
        const leftMs = await client.pttl(keyOf(name))
        return leftMs === -2 ? null : leftMs
      },
      expire: async (name) => void (await client.pexpire(keyOf(name), 0)),
      expireWaiting: async (name) => void (await client.pexpire(`kkt:{${name}}:waiting`, 0)),
      spoil: async (name, value) => void (await client.set(`kkt:{${name}}:token`, value)),
      flush: async () => void (await client.flushdb()),
    }
  })

  test('invariant 6: the time of a silent holder runs out by itself', async () => {
    const [first, second] = [createRedisLeases(await connect(), 'first'), createRedisLeases(await connect(), 'second')]
    const name = newName()
    await first.take(name, 0, 50)
    const startedMs = performance.now()
    await until('the lease', async () => (await second.take(name, 0, 50)).kind !== 'elsewhere')
    expect(performance.now() - startedMs).toBeGreaterThan(25)
  })

  test('values that never run out are none of ours: they keep nobody from the lease, and nobody waits by them', async () => {
    const name = newName()
    await client.set(keyOf(name), 'somebody 7')
    await client.set(`kkt:{${name}}:waiting`, 'somebody ')
    const leases = createRedisLeases(await connect(), 'first')
    expect(await leases.take(name, 0, 8000)).toEqual({ kind: 'granted', token: 1 })
    expect(await leases.renew(name, 1, 8000)).toEqual({ kind: 'renewed', isWaitedFor: false })
  })

  test('a Redis that refuses is not one that cannot be reached', async () => {
    const name = newName()
    const user = await redis.addUser()
    const leases = createRedisLeases(await connect(user), 'first')
    await user.may('-set')
    expect(await leases.take(name, 0, 8000)).toMatchObject({ kind: 'refused', code: 'NOPERM' })
    await user.may('-eval')
    expect(await leases.take(name, 0, 8000)).toMatchObject({ kind: 'refused', code: 'NOPERM' })
    await user.may('+eval', '+set')
    expect(await leases.take(name, 0, 8000)).toEqual({ kind: 'granted', token: 1 })
  })

  test('a value of another kind counts as a Redis that cannot be reached', async () => {
    const name = newName()
    const leases = createRedisLeases(await connect(), 'first')
    await client.hset(keyOf(name), { a: 1 })
    expect(await leases.take(name, 0, 8000)).toEqual({ kind: 'unreachable' })
    expect(await leases.renew(name, 1, 8000)).toEqual({ kind: 'unreachable' })
    expect(await leases.release(name, 1)).toBeUndefined()
  })
})
