import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { openRealRedis, type RealRedis } from '@kkt/adapter/src/testing/real_redis.ts'
import { someCases } from '@kkt/platform/testing.ts'
import { expectKept } from '../harness/kept_promise.ts'
import { TEST_MS } from '../harness/patience.ts'
import { shops, twoOnOneBuffer } from './shop.ts'
import { soon, tell } from './tills.ts'
import { outdatedByOthers, takenTurns } from './watched_ofd.ts'

setDefaultTimeout(TEST_MS)
/** The time within which the other adapter must send after the sender has died. */
const TAKE_OVER_MS = 10_000

const openShop = shops()
const redis = await openRealRedis(11)
const HOW: [how: string, RealRedis | null][] = [
  ['without Redis', null],
  ...(redis ? [['with Redis', redis] as [string, RealRedis]] : []),
]

afterAll(() => redis?.close())

describe('invariant 6: of two adapters on one buffer one sends at a time,', () => {
  const expectTakeOver = (attempt: () => Promise<number>) =>
    expectKept({ 'the take-over': TAKE_OVER_MS }, async () => ({ 'the take-over': await attempt() }))

  test.concurrent.each(someCases(HOW, 2))('%s, and when it is killed the other one goes on', (how, using) =>
    expectTakeOver(async () => {
      const link = await using?.openLink()
      const { ofd, first, second, sellTo, sold, expectAllOnce } = await twoOnOneBuffer(
        openShop,
        link && { REDIS_URL: link.url },
      )
      const selling = sellTo([first, second], 15)
      await soon('the shop to be busy', () => sold.length > 20)
      expect(takenTurns(ofd.posts)).toEqual(['first'])
      first.signal('SIGKILL')
      const killedAtMs = performance.now()
      await selling
      await expectAllOnce(second)
      expect(takenTurns(ofd.posts)).toEqual(['first', 'second'])
      expect(outdatedByOthers(ofd.posts)).toEqual([])
      const takeOverMs = (ofd.postsBy('second')[0]?.atMs ?? Number.POSITIVE_INFINITY) - killedAtMs
      tell(`${how} the other one sent ${Math.round(takeOverMs)} ms after the sender was killed`)
      return takeOverMs
    }),
  )

  test.concurrent('and a sender that was paused past its lease sends nothing more when it wakes', () =>
    expectTakeOver(async () => {
      const { ofd, first, second, sellTo, takeOver, expectAllOnce } = await twoOnOneBuffer(openShop)
      await sellTo([first, second], 1)
      await expectAllOnce(first)
      const sentByFirst = ofd.postsBy('first').length
      await first.pause()
      const stoppedAtMs = performance.now()
      await sellTo([second], 2)
      const { atMs } = await takeOver()
      tell(`the other one sent ${Math.round(atMs - stoppedAtMs)} ms after the sender was paused`)
      first.signal('SIGCONT')
      await sellTo([first], 2)
      await expectAllOnce(first)
      expect(await first.lease()).toMatchObject({ held_by: 'another_process', fencing_token: null })
      expect(ofd.postsBy('first')).toHaveLength(sentByFirst)
      expect(outdatedByOthers(ofd.posts)).toEqual([])
      return atMs - stoppedAtMs
    }))
})

test('invariant 6: the OFD refuses a token that is older than one it has seen', async () => {
  const { ofd, start, sell, expectAllOnce } = await openShop()
  const adapter = await start('first', 'host')
  await sell('POS-1', 1, [adapter])
  await expectAllOnce(adapter)
  const [taken] = await ofd.client.ledger()
  const [newest] = ofd.posts
  const another = { ...taken?.document, receipt_id: crypto.randomUUID() }
  const send = (token = 0) => ofd.client.post('/receipt', another, { 'fencing-token': String(token) })
  expect((await send((newest?.token ?? 0) - 1)).status).toBe(412)
  expect(await ofd.client.health()).toMatchObject({ stale_fence: 1, receipts_received: 1 })
  expect((await send(newest?.token)).status).toBe(200)
})
