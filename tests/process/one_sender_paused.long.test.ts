/** A sender that is paused in the middle of something, and wakes once the other adapter has taken over. */
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { TEST_MS } from '../harness/patience.ts'
import { shops, twoOnOneBuffer } from './shop.ts'
import { soon } from './tills.ts'
import { takenTurns } from './watched_ofd.ts'

setDefaultTimeout(TEST_MS)

const openShop = shops()

describe('invariant 6: of two adapters on one buffer one sends at a time,', () => {
  test.concurrent('and a receipt that a paused sender has handed to a slow OFD is looked up, not sent again', async () => {
    const { ofd, first, second, sell, sellTo, takeOver, expectAllOnce } = await twoOnOneBuffer(openShop)
    ofd.shutDoor('first')
    await sell('POS-1', 1, [first])
    await soon('it to be at the door', () => ofd.posts.length === 1)
    await first.pause()
    expect(ofd.posts).toMatchObject([{ by: 'first', status: null }])
    ofd.openDoor('first')
    await soon('it to be taken', () => ofd.postsBy('first')[0]?.status === 200)
    await sellTo([second], 2)
    await takeOver()
    first.signal('SIGCONT')
    await sellTo([first, second], 2)
    await expectAllOnce(second)
    expect(takenTurns(ofd.posts)).toEqual(['first', 'second'])
  })

  test.concurrent('and a request that was on its way during the pause is refused when it arrives after the other’s', async () => {
    const { ofd, first, second, sell, sellTo, takeOver, expectAllOnce } = await twoOnOneBuffer(openShop)
    ofd.shutDoor('first')
    await sell('POS-1', 1, [first])
    await soon('it to be at the door', () => ofd.posts.length === 1)
    await first.pause()
    await sellTo([second], 2)
    const { token } = await takeOver()
    ofd.openDoor('first')
    const [late] = await soon(
      'it to be answered',
      () => ofd.postsBy('first'),
      ([post]) => post?.status !== null,
    )
    expect(late?.status).toBe(412)
    expect(token).toBeGreaterThan(late?.token ?? 0)
    first.signal('SIGCONT')
    await sellTo([first, second], 2)
    await expectAllOnce(second)
    expect(takenTurns(ofd.posts)).toEqual(['second'])
    expect(await ofd.client.health()).toMatchObject({ stale_fence: 1 })
  })

  test.concurrent('and a receipt whose sender is paused while it prints has one document, and paper', async () => {
    const { ofd, first, second, sell, sellTo, expectAllOnce } = await twoOnOneBuffer(openShop)
    await first.kkt.configure({ slow_print_seconds: 2 })
    const selling = sell('POS-1', 1, [first, second])
    await soon('it to be printing', async () => (await second.client.receipts({ status: 'printing' })).receipts.length)
    await first.pause()
    await second.kkt.reset()
    await selling
    await sellTo([second], 1)
    first.signal('SIGCONT')
    await sellTo([first, second], 2)
    await expectAllOnce(second)
    expect(takenTurns(ofd.posts)).toEqual(['second'])
  })
})
