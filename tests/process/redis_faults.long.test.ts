import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { openRealRedis } from '@kkt/adapter/src/testing/real_redis.ts'
import { z } from 'zod'
import { expectBody } from '../harness/http.ts'
import { durationOf, expectKept } from '../harness/kept_promise.ts'
import { TEST_MS } from '../harness/patience.ts'
import { shops } from './shop.ts'
import { type Adapter, soon, tell } from './tills.ts'

setDefaultTimeout(TEST_MS)
/** The time that a failing Redis may add to an answer, and an ordinary answer's own. */
const SLOWEST_MS = 1000 + 500
/** Just short enough to be answered, with two delays for each question. */
const SLOW_MS = 200
/** The time for a stopped process to end: its container is killed a second later. */
const STOP_MS = 2000

const openShop = shops()
const redis = await openRealRedis(13)

afterAll(() => redis?.close())

const redisHealth = z.object({
  status: z.enum(['healthy', 'degraded']),
  components: z.object({ redis: z.object({ status: z.string() }), sender_lease: z.object({ hosts: z.string() }) }),
})

async function healthOf({ client }: Adapter) {
  const { components } = expectBody(await client.get('/v1/health'), 200, redisHealth)
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
    /** @returns the duration of the slowest sale */
    const sell = async (to: Adapter) =>
      Math.max(...(await Promise.all(sellers.map((posId) => shop.sell(posId, 5, [to])))))
    const isWell = (adapter: Adapter) => soon('it to be well', async () => (await healthOf(adapter)) === WELL)
    return { ...shop, link, open, sell, isWell }
  }
  type Shop = Awaited<ReturnType<typeof start>>

  /** Expects a greater token than `before` once Redis is back, and everything to be at the OFD once. */
  async function expectRecovery(shop: Shop, adapter: Adapter, before: Awaited<ReturnType<Adapter['lease']>>) {
    shop.link.restore()
    await shop.isWell(adapter)
    await shop.sell(adapter)
    const after = await adapter.lease()
    expect(after.fencing_token).toBeGreaterThan(before.fencing_token ?? Number.POSITIVE_INFINITY)
    await shop.expectAllOnce(adapter)
  }

  test.concurrent.each(['cut', 'hold', 'lose', 'slowDown'] as const)(
    'when the way to Redis fails (%s), and when it is back Redis grants a greater token',
    async (fault) => {
      await expectKept({ 'a sale': SLOWEST_MS, 'a look at health': SLOWEST_MS }, async () => {
        const shop = await start()
        const adapter = await shop.open()
        await shop.isWell(adapter)
        const before = await adapter.lease()
        await shop.sell(adapter)
        shop.link[fault](SLOWEST_MS)
        const atOnceMs = await shop.sell(adapter)
        const firstLookMs = await durationOf(() => healthOf(adapter))
        if (fault !== 'lose') await soon('health to say so', async () => (await healthOf(adapter)) === TROUBLED)
        const laterMs = await shop.sell(adapter)
        const laterLookMs = await durationOf(() => healthOf(adapter))
        await expectRecovery(shop, adapter, before)
        const slowestMs = Math.max(atOnceMs, laterMs)
        tell(`The slowest answer with a Redis that fails (${fault}) took ${Math.round(slowestMs)} ms.`)
        return { 'a sale': slowestMs, 'a look at health': Math.max(firstLookMs, laterLookMs) }
      })
    },
  )

  test.concurrent.each(['cut', 'hold'] as const)(
    'when Redis is away at the start (%s), and when it comes it grants a greater token',
    async (fault) => {
      await expectKept({ 'a sale': SLOWEST_MS, 'a look at health': SLOWEST_MS }, async () => {
        const shop = await start()
        shop.link[fault]()
        const startedMs = performance.now()
        const adapter = await shop.open()
        tell(`The adapter started in ${Math.round(performance.now() - startedMs)} ms without its Redis (${fault}).`)
        const saleMs = await shop.sell(adapter)
        const lookMs = await durationOf(async () => expect(await healthOf(adapter)).toBe(TROUBLED))
        const before = await adapter.lease()
        await soon('all to be sent', async () => (await adapter.client.status()).synced === 15)
        await expectRecovery(shop, adapter, before)
        return { 'a sale': saleMs, 'a look at health': lookMs }
      })
    },
  )

  test.concurrent.each(['hold', 'slowDown'] as const)(
    'and the process stops in time while the way to Redis fails (%s)',
    async (fault) => {
      await expectKept({ 'a stop': STOP_MS }, async () => {
        const { link, open, sell, isWell } = await start()
        const adapter = await open()
        await isWell(adapter)
        await sell(adapter)
        link[fault](SLOW_MS)
        adapter.signal('SIGTERM')
        return { 'a stop': await durationOf(async () => expect(await adapter.ended).toBe(0)) }
      })
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
