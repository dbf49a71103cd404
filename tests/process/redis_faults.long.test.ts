import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { openRealRedis } from '@kkt/adapter/src/testing/real_redis.ts'
import { z } from 'zod'
import { expectBody } from '../harness/http.ts'
import { BUSY_MS, TEST_MS } from '../harness/patience.ts'
import { shops } from './shop.ts'
import { type Adapter, soon, tell } from './tills.ts'

setDefaultTimeout(TEST_MS)
/** The time that a failing Redis may add to an answer, and that a busy machine adds. */
const SLOWEST_MS = 1000 + BUSY_MS

/** Just short enough to be answered, with two delays for each question. */
const SLOW_MS = 200
/** A stopped process ends in two seconds, because its container is killed a second later. A busy machine adds some. */
const STOP_MS = 2000 + BUSY_MS

const openShop = shops()
const redis = await openRealRedis(13)

afterAll(() => redis?.close())

const redisHealth = z.object({
  status: z.enum(['healthy', 'degraded']),
  components: z.object({ redis: z.object({ status: z.string() }), sender_lease: z.object({ hosts: z.string() }) }),
})

/** Reads health, which may take no longer than a till's answer. */
async function healthOf({ client }: Adapter) {
  const startedMs = performance.now()
  const { components } = expectBody(await client.get('/v1/health'), 200, redisHealth)
  expect(performance.now() - startedMs).toBeLessThan(SLOWEST_MS)
  return `${components.redis.status} ${components.sender_lease.hosts}`
}

const WELL = 'healthy held'
const TROUBLED = 'degraded unreachable'

describe.skipIf(redis === null)('invariant 6: without Redis the lease in the journal holds, and health says so', () => {
  if (redis === null) return test('there is no Redis', () => undefined)
  const { openLink } = redis

  async function start() {
    const shop = await openShop()
    const link = await openLink()
    const sellers = ['POS-1', 'POS-2', 'POS-3']
    const open = () => shop.start('first', 'host', { REDIS_URL: link.url })
    const sell = async (to: Adapter) => {
      const slowest = await Promise.all(sellers.map((posId) => shop.sell(posId, 5, [to])))
      return Math.round(Math.max(...slowest))
    }
    return { ...shop, link, open, sell }
  }

  test.concurrent.each(['cut', 'hold', 'lose', 'slowDown'] as const)(
    'when the way to Redis fails (%s), and when it is back Redis grants a greater token',
    async (fault) => {
      const { link, open, sell, expectAllOnce } = await start()
      const adapter = await open()
      await soon('the lease to be held', async () => (await healthOf(adapter)) === WELL)
      const before = await adapter.lease()
      await sell(adapter)
      link[fault](SLOWEST_MS)
      const atOnceMs = await sell(adapter)
      if (fault !== 'lose') await soon('health to say so', async () => (await healthOf(adapter)) === TROUBLED)
      const laterMs = await sell(adapter)
      tell(`The slowest answer with a Redis that fails (${fault}) took ${Math.max(atOnceMs, laterMs)} ms.`)
      expect(Math.max(atOnceMs, laterMs)).toBeLessThan(SLOWEST_MS)
      link.restore()
      await soon('it to be well again', async () => (await healthOf(adapter)) === WELL)
      await sell(adapter)
      const after = await adapter.lease()
      expect(after.fencing_token).toBeGreaterThan(before.fencing_token ?? Number.POSITIVE_INFINITY)
      await expectAllOnce(adapter)
    },
  )

  test.concurrent.each(['cut', 'hold'] as const)(
    'when Redis is away at the start (%s), and when it comes it grants a greater token',
    async (fault) => {
      const { link, open, sell, expectAllOnce } = await start()
      link[fault]()
      const startedMs = performance.now()
      const adapter = await open()
      tell(`The adapter started in ${Math.round(performance.now() - startedMs)} ms without its Redis (${fault}).`)
      expect(await sell(adapter)).toBeLessThan(SLOWEST_MS)
      expect(await healthOf(adapter)).toBe(TROUBLED)
      const before = await adapter.lease()
      await soon('all to be sent', async () => (await adapter.client.status()).synced === 15)
      link.restore()
      await soon('it to be well', async () => (await healthOf(adapter)) === WELL)
      await sell(adapter)
      const after = await adapter.lease()
      expect(after.fencing_token).toBeGreaterThan(before.fencing_token ?? Number.POSITIVE_INFINITY)
      await expectAllOnce(adapter)
    },
  )

  test.concurrent.each(['hold', 'slowDown'] as const)(
    'and the process stops in time while the way to Redis fails (%s)',
    async (fault) => {
      const { link, open, sell } = await start()
      const adapter = await open()
      await soon('the lease to be held', async () => (await healthOf(adapter)) === WELL)
      await sell(adapter)
      link[fault](SLOW_MS)
      const startedMs = performance.now()
      adapter.signal('SIGTERM')
      expect(await adapter.ended).toBe(0)
      expect(performance.now() - startedMs).toBeLessThan(STOP_MS)
    },
  )
})

test.skipIf(redis === null)(
  'invariant 6: a Redis that has lost everything grants the lease again, under a greater token',
  async () => {
    const [shop, link] = [await openShop(), await redis?.openLink()]
    const adapter = await shop.start('first', 'host', { REDIS_URL: link?.url ?? '' })
    await soon('the lease to be held', async () => (await healthOf(adapter)) === WELL)
    const before = await adapter.lease()
    await shop.sell('POS-1', 3, [adapter])
    await redis?.client.flushdb()
    await shop.sell('POS-1', 3, [adapter])
    const isGreater = ({ fencing_token: token }: typeof before) => (token ?? 0) > (before.fencing_token ?? Infinity)
    await soon('a greater token', adapter.lease, isGreater)
    await shop.sell('POS-1', 3, [adapter])
    expect(await adapter.lease()).toMatchObject({ held_by: 'this_process', hosts: 'held' })
    await shop.expectAllOnce(adapter)
  },
)
