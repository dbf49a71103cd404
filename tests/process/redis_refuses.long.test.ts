import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { openRealRedis } from '@kkt/adapter/src/testing/real_redis.ts'
import { z } from 'zod'
import { expectBody } from '../harness/http.ts'
import { TEST_MS } from '../harness/patience.ts'
import { shops } from './shop.ts'
import { type Adapter, soon } from './tills.ts'

setDefaultTimeout(TEST_MS)
/** Longer than the wait after which a host without the right to send would go on without an unreachable Redis. */
const ALONE_MS = 11_000
/** An OFD that knows a token of 2099 refuses 31 tokens, and each refusal may open the breaker for 0.3 s. */
const OVERTAKEN_MS = 45_000

const openShop = shops()
const redis = await openRealRedis(14)

afterAll(() => redis?.close())

const health = z.object({
  status: z.string(),
  components: z.object({
    redis: z.object({ status: z.string(), error: z.string().nullable() }),
    sender_lease: z.object({ hosts: z.string() }),
  }),
})

/** Reads health, which must be 200 whatever Redis answers. */
async function healthOf({ client }: Adapter) {
  const { status, components } = expectBody(await client.get('/v1/health'), 200, health)
  return `${status} ${components.redis.error} ${components.sender_lease.hosts}`
}

describe.skipIf(redis === null)('invariant 6: a Redis that is there', () => {
  if (redis === null) return test('there is no Redis', () => undefined)
  const { openLink, addUser, client } = redis

  test.concurrent('and refuses leaves the right to send where it is, grants it to no other host, and shows its code in health', async () => {
    const shop = await openShop()
    const users = await Promise.all([addUser(), addUser()])
    const [link, secondLink] = await Promise.all(users.map((user) => openLink(user)))
    const first = await shop.start('first', 'host 1', { REDIS_URL: link?.url ?? '' })
    await soon('the first to be the sender', first.isSender)
    const second = await shop.start('second', 'host 2', { REDIS_URL: secondLink?.url ?? '' })
    await Promise.all(users.map((user) => user.may('-eval')))
    const refused = (said: string) => said === 'degraded NOPERM refused'
    for (const host of [first, second]) await soon('health to say so', () => healthOf(host), refused)
    const { fencing_token: token } = await first.lease()
    await shop.sell('POS-2', 2, [second])
    const refusedAtMs = performance.now()
    while (performance.now() - refusedAtMs < ALONE_MS) await shop.sell('POS-1', 5, [first])
    await soon('the first to send all', async () => (await first.client.status()).pending === 0)
    expect(await first.lease()).toEqual({ held_by: 'this_process', fencing_token: token, hosts: 'refused' })
    expect(await second.lease()).toEqual({ held_by: 'nobody', fencing_token: null, hosts: 'refused' })
    expect(shop.ofd.postsBy('second')).toEqual([])
    expect(await second.client.status()).toMatchObject({ pending: 2, network_status: 'degraded' })
    await Promise.all(users.map((user) => user.may('+eval')))
    await shop.expectAllOnce(first, second)
    const well = (said: string) => said === 'healthy null held' || said === 'healthy null elsewhere'
    for (const host of [first, second]) await soon('health to be well', () => healthOf(host), well)
  })

  test.concurrent.each(['9007199254740992', '9223372036854775807', 'x'])(
    'and has %p as its newest token counts as unreachable: all is delivered, and it grants again when that is gone',
    async (value) => {
      const shop = await openShop()
      const tokenKey = `kkt:{${shop.kktId}}:token`
      await client.set(tokenKey, value)
      const link = await openLink()
      const adapter = await shop.start('first', 'host', { REDIS_URL: link.url })
      const isTold = (said: string) => said === 'degraded BADTOKEN unreachable'
      await soon('health to say so', () => healthOf(adapter), isTold)
      await shop.sell('POS-1', 3, [adapter])
      await soon('all to be sent', async () => (await adapter.client.status()).synced === 3)
      await client.del(tokenKey)
      await soon(
        'it to be well',
        () => healthOf(adapter),
        (said) => said === 'healthy null held',
      )
      await shop.sell('POS-1', 3, [adapter])
      await shop.expectAllOnce(adapter)
      expect(await adapter.client.status()).toMatchObject({ dlq_size: 0 })
    },
  )

  test.concurrent('and has lost all data after granting a token from a fast clock stops nothing for good', async () => {
    const shop = await openShop()
    await client.set(`kkt:{${shop.kktId}}:token`, String(Date.UTC(2099, 0)))
    const [link, secondLink] = await Promise.all([openLink(), openLink()])
    const first = await shop.start('first', 'host 1', { REDIS_URL: link.url })
    await shop.sell('POS-1', 1, [first])
    await soon('it to be sent', async () => (await first.client.status()).synced === 1)
    first.signal('SIGKILL')
    await first.ended
    await client.del(`kkt:{${shop.kktId}}:token`, `kkt:{${shop.kktId}}:sender`)
    const second = await shop.start('second', 'host 2', { REDIS_URL: secondLink.url })
    await shop.sell('POS-2', 2, [second])
    const sent = async () => (await second.client.status()).synced === 2
    await soon('what the second has sold to be sent', sent, Boolean, OVERTAKEN_MS)
    expect(await second.client.status()).toMatchObject({ dlq_size: 0 })
    expect(shop.ofd.postsBy('second').some(({ status }) => status === 412)).toBe(true)
  })
})
