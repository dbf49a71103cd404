import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { openRealRedis } from '@kkt/adapter/src/testing/real_redis.ts'
import { durationOf, expectKept } from '../harness/kept_promise.ts'
import { TEST_MS } from '../harness/patience.ts'
import { shops } from './shop.ts'
import { type Adapter, soon, tell } from './tills.ts'
import { outdatedByOthers, takenTurns } from './watched_ofd.ts'

setDefaultTimeout(TEST_MS)
/** The time within which another host must send after the sender has fallen silent. */
const TAKE_OVER_MS = 10_000
/** The same where no lease has to run out. One in Redis, renewed each second, would take 7 s at least. */
const HAND_OVER_MS = 6_000
/** In this many rounds of 20 receipts a till each host gets a turn, and the first host a second one. */
const SELLING_ROUNDS = 18
/** A turn takes seconds: a waiting host asks for it every second, and gets it within three. */
const THREE_TURNS_MS = 30_000
/** No till waits for a turn to send. */
const SALE_MS = 5_000

const openShop = shops()
const redis = await openRealRedis(12)

afterAll(() => redis?.close())

describe.skipIf(redis === null)('invariant 6: of two hosts with one KKT_ID one sends at a time,', () => {
  if (redis === null) return test('there is no Redis', () => undefined)
  const { openLink } = redis

  /** Each host has a buffer of its own. The first is the sender, and neither has anything to send. */
  async function twoHosts() {
    const shop = await openShop()
    const [link, secondLink] = await Promise.all([openLink(), openLink()])
    const first = await shop.start('first', 'host 1', { REDIS_URL: link.url })
    await soon('the first to be the sender', first.isSender)
    const startSecond = (name: string) => shop.start(name, 'host 2', { REDIS_URL: secondLink.url })
    const second = await startSecond('second')
    // On a busy machine a host may take Redis for unreachable now and then.
    const knows = ({ held_by, fencing_token, hosts }: Awaited<ReturnType<Adapter['lease']>>) =>
      held_by === 'another_host' && fencing_token === null && hosts === 'elsewhere'
    await soon('the second to know', second.lease, knows)
    const sellAtSecond = () => shop.sell('POS-2', 2, [second])
    /**
     * Pauses the first host while Redis grants it the lease. On a busy machine it may have lost touch with Redis for seconds,
     * and would go on sending when it wakes, as a host without Redis does.
     */
    async function pauseFirst(): Promise<void> {
      await soon('the first to have the lease among hosts', first.lease, ({ hosts }) => hosts === 'held')
      await first.pause()
    }
    /**
     * Ends the second host, which leaves the lease to the first. Every receipt of both is then at the OFD once.
     * @returns the time until the first is the sender
     */
    async function handBack(): Promise<number> {
      second.signal('SIGTERM')
      await second.ended
      const tookMs = await durationOf(() => soon('the first to be the sender again', first.isSender))
      await shop.expectAllOnce(first, await startSecond('second again'))
      return tookMs
    }
    const taken = (by: string) => shop.ofd.postsBy(by).filter(({ status }) => status === 200)
    return { ...shop, link, first, second, sellAtSecond, taken, pauseFirst, handBack }
  }

  const expectHandOver = (attempt: () => Promise<number>) =>
    expectKept({ 'the hand-over': HAND_OVER_MS }, async () => ({ 'the hand-over': await attempt() }))

  test.concurrent('and a host that has nothing to send gives way to the other, under a greater token', () =>
    expectHandOver(async () => {
      const { ofd, first, second, sell, sellAtSecond, firstTaken, taken, expectAllOnce } = await twoHosts()
      await sell('POS-1', 2, [first])
      await soon('all to be sent', () => taken('first').length === 2)
      const soldAtMs = performance.now()
      await sellAtSecond()
      const { atMs, token } = await firstTaken('second')
      tell(`A host that waits sent ${Math.round(atMs - soldAtMs)} ms after it had sold.`)
      expect(token).toBeGreaterThan(taken('first').at(-1)?.token ?? Number.POSITIVE_INFINITY)
      await sell('POS-1', 2, [first])
      await expectAllOnce(first, second)
      expect(outdatedByOthers(ofd.posts)).toEqual([])
      return atMs - soldAtMs
    }))

  test.concurrent('and two hosts that sell all the time take turns, and keep no till waiting', () =>
    expectKept({ 'a sale': SALE_MS, 'three turns': THREE_TURNS_MS }, async () => {
      const { ofd, first, second, sell, expectAllOnce } = await twoHosts()
      // The number of sales in a turn depends on the machine. The fastest sell hundreds.
      const slowestMs: number[] = []
      const soldFromMs = performance.now()
      for (let round = 0; round < SELLING_ROUNDS && takenTurns(ofd.posts).length <= 2; round++) {
        const slowest = await Promise.all([
          ...['POS-1', 'POS-2'].map((posId) => sell(posId, 20, [first])),
          ...['POS-3', 'POS-4'].map((posId) => sell(posId, 20, [second])),
        ])
        slowestMs.push(...slowest)
      }
      const tookMs = performance.now() - soldFromMs
      tell(
        `Two turns and the beginning of a third took ${Math.round(tookMs)} ms, the slowest sale ${Math.round(Math.max(...slowestMs))} ms.`,
      )
      await expectAllOnce(first, second)
      expect(takenTurns(ofd.posts).length).toBeGreaterThan(2)
      expect(ofd.posts.map(({ token }) => token)).toEqual(ofd.posts.map(({ token }) => token).toSorted((a, b) => a - b))
      const settled = ({ network_status: network }: { network_status: string }) => network === 'online'
      for (const host of [first, second]) await soon('the network to be well', host.client.status, settled)
      return { 'a sale': Math.max(...slowestMs), 'three turns': tookMs }
    }))

  test.concurrent('and when it is killed the other goes on', () =>
    expectKept({ 'the take-over': TAKE_OVER_MS }, async () => {
      const { start, link, first, second, sell, sellAtSecond, firstTaken, taken, expectAllOnce } = await twoHosts()
      await sell('POS-1', 2, [first])
      await soon('all to be sent', () => taken('first').length === 2)
      const killedAtMs = performance.now()
      first.signal('SIGKILL')
      await sellAtSecond()
      const { atMs } = await firstTaken('second')
      tell(`The other host sent ${Math.round(atMs - killedAtMs)} ms after the sender was killed.`)
      await first.ended
      await expectAllOnce(second, await start('first again', 'host 1', { REDIS_URL: link.url }))
      return { 'the take-over': atMs - killedAtMs }
    }))

  test.concurrent('and a sender that was paused past its lease sends nothing more until it has the lease again', () =>
    expectKept({ 'the take-over': TAKE_OVER_MS, 'the hand-over': HAND_OVER_MS }, async () => {
      const { ofd, first, sell, sellAtSecond, firstTaken, taken, pauseFirst, handBack } = await twoHosts()
      await sell('POS-1', 2, [first])
      await soon('all to be sent', () => taken('first').length === 2)
      await pauseFirst()
      const pausedAtMs = performance.now()
      await sellAtSecond()
      const { atMs, token } = await firstTaken('second')
      tell(`The other host sent ${Math.round(atMs - pausedAtMs)} ms after the sender was paused.`)
      first.signal('SIGCONT')
      await sell('POS-1', 2, [first])
      await sellAtSecond()
      await soon('the second to send on', () => taken('second').length === 4)
      const handOverMs = await handBack()
      expect(
        Math.min(
          ...ofd
            .postsBy('first')
            .slice(2)
            .map((post) => post.token),
        ),
      ).toBeGreaterThan(token)
      expect(outdatedByOthers(ofd.posts)).toEqual([])
      return { 'the take-over': atMs - pausedAtMs, 'the hand-over': handOverMs }
    }))

  test.concurrent('and a request that was on its way during the pause is refused when it arrives after the other’s', () =>
    expectHandOver(async () => {
      const { ofd, first, sell, sellAtSecond, firstTaken, pauseFirst, handBack } = await twoHosts()
      ofd.shutDoor('first')
      await sell('POS-1', 1, [first])
      await soon('it to be at the door', () => ofd.posts.length === 1)
      await pauseFirst()
      await sellAtSecond()
      await firstTaken('second')
      ofd.openDoor('first')
      await soon('it to be refused', () => ofd.postsBy('first')[0]?.status === 412)
      first.signal('SIGCONT')
      await sell('POS-1', 2, [first])
      const tookMs = await handBack()
      expect(takenTurns(ofd.posts)).toEqual(['second', 'first'])
      expect(await ofd.client.health()).toMatchObject({ stale_fence: 1 })
      return tookMs
    }))

  test.concurrent('and a receipt that a paused sender has handed to a slow OFD is not sent again', () =>
    expectHandOver(async () => {
      const { ofd, first, sell, sellAtSecond, firstTaken, pauseFirst, handBack } = await twoHosts()
      ofd.shutDoor('first')
      await sell('POS-1', 1, [first])
      await soon('it to be at the door', () => ofd.posts.length === 1)
      await pauseFirst()
      expect(ofd.posts).toMatchObject([{ by: 'first', status: null }])
      ofd.openDoor('first')
      await soon('it to be taken', () => ofd.postsBy('first')[0]?.status === 200)
      await sellAtSecond()
      await firstTaken('second')
      first.signal('SIGCONT')
      await sell('POS-1', 2, [first])
      const tookMs = await handBack()
      expect(takenTurns(ofd.posts)).toEqual(['first', 'second', 'first'])
      return tookMs
    }))

  test.concurrent('and a host that loses only its own way to Redis sends on until the OFD has seen the other', () =>
    expectHandOver(async () => {
      const { ofd, link, first, sell, sellAtSecond, firstTaken, taken, handBack } = await twoHosts()
      link.cut()
      await soon('the first to be on its own', async () => (await first.lease()).hosts === 'unreachable')
      await sell('POS-1', 2, [first])
      await soon('the first to send on', () => taken('first').length === 2)
      await sellAtSecond()
      await firstTaken('second')
      await sell('POS-1', 2, [first])
      await soon('the first to be refused', () => ofd.postsBy('first').some(({ status }) => status === 412))
      await soon('the first to hear that', async () => (await first.lease()).held_by === 'nobody')
      expect(await first.lease()).toMatchObject({ fencing_token: null, hosts: 'unreachable' })
      await sellAtSecond()
      await soon('the second to send on', () => taken('second').length === 4)
      link.restore()
      const tookMs = await handBack()
      expect(takenTurns(ofd.posts)).toEqual(['first', 'second', 'first'])
      return tookMs
    }))
})
