/** The link to a real Redis whose network fails. */
import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { connectRedis, type RedisLink } from '@kkt/adapter/src/lease/redis_link.ts'
import { quiet } from '@kkt/adapter/src/testing/kit.ts'
import { openRealRedis } from '@kkt/adapter/src/testing/real_redis.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { eventually } from '../harness/eventually.ts'
import { durationOf, expectKept } from '../harness/kept_promise.ts'
import { PATIENT_MS, TEST_MS } from '../harness/patience.ts'

/** The time that one question may cost: half a second until it is given up, and some for the tests' own work. */
const COST_MS = 500 + 250
/** The time to notice that nothing comes any more, and to reconnect. */
const BACK_MS = 5000
const PROMISED_MS = { 'a question': COST_MS, 'the way back': BACK_MS }
setDefaultTimeout(TEST_MS)

const redis = await openRealRedis(10)
const links: RedisLink[] = []

afterAll(async () => {
  for (const link of links) link.close()
  await redis?.close()
})

describe.skipIf(redis === null)('a real Redis', () => {
  if (redis === null) return test('there is none', () => undefined)
  const { client, openLink } = redis

  async function connect() {
    const way = await openLink()
    const link = connectRedis({ url: way.url, ca: null }, quiet, systemClock)
    links.push(link)
    await link.tried
    return { way, link }
  }

  const ask = async (link: RedisLink, counter = 'asked') =>
    (await link.run("return redis.call('INCR', KEYS[1])", [counter], [])).kind
  const answers = (link: RedisLink) =>
    eventually('Redis to answer again', () => ask(link), {
      withinMs: PATIENT_MS,
      until: (kind) => kind === 'answered',
    })

  test.concurrent.each(['cut', 'hold', 'lose', 'slowDown'] as const)(
    'over a way with the fault "%s" costs half a second a question, and is used again afterwards',
    async (fault) => {
      await expectKept(PROMISED_MS, async () => {
        const { way, link } = await connect()
        const costsMs: number[] = []
        const expectAnswer = async (kind: Awaited<ReturnType<typeof ask>>) =>
          void costsMs.push(await durationOf(async () => expect(await ask(link)).toBe(kind)))
        await expectAnswer('answered')
        way[fault](COST_MS)
        await expectAnswer('unreachable')
        if (fault !== 'lose') for (const _ of [1, 2, 3]) await expectAnswer('unreachable')
        way.restore()
        return { 'a question': Math.max(...costsMs), 'the way back': await durationOf(() => answers(link)) }
      })
    },
  )

  test.concurrent('does not hear a question again that was given up', async () => {
    const { way, link } = await connect()
    await ask(link, 'once')
    way.lose()
    expect(await ask(link, 'once')).toBe('unreachable')
    way.cut()
    way.restore()
    await answers(link)
    expect(await client.get('once')).toBe('1')
  })
})
