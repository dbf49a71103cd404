import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { token } from '../testing/kit.ts'
import { BREAKER_TIMEOUT_MS, DOWN, setUp } from '../testing/worker_kit.ts'

describe('a host wants to send', () => {
  test('what is pending, though it may not, and nothing else', async () => {
    const { lease, worker, till } = setUp()
    lease.isHeld = false
    expect(worker.wantsToSend()).toBe(false)
    await till(1, 'A')
    expect(worker.wantsToSend()).toBe(true)
    lease.isHeld = true
    await worker.runOnce()
    expect(worker.wantsToSend()).toBe(false)
  })

  test('what a crash left half sent', async () => {
    const { journal, worker, till } = setUp()
    const [id] = await till(1, 'A')
    await journal.write((tx) => id && tx.markSyncing(id))
    expect(worker.wantsToSend()).toBe(true)
  })

  test('nothing while the breaker is open, until a probe is due', async () => {
    const { clock, worker, till, takeDown } = setUp()
    for (const posId of ['A', 'B', 'C']) await till(1, posId)
    takeDown()
    await worker.runOnce()
    expect(worker.wantsToSend()).toBe(false)
    await clock.advance(BREAKER_TIMEOUT_MS)
    expect(worker.wantsToSend()).toBe(true)
  })

  test('nothing of a till that is held up, until that is over', async () => {
    const { clock, ofd, worker, till } = setUp()
    await till(1, 'A')
    ofd.onDeliver = async () => DOWN
    await worker.runOnce()
    expect(worker.wantsToSend()).toBe(false)
    await till(1, 'B')
    expect(worker.wantsToSend()).toBe(true)
    await clock.advance(60_000)
    expect(worker.wantsToSend()).toBe(true)
  })

  test('nothing when it is to end', async () => {
    const { worker, till } = setUp()
    await till(1, 'A')
    await worker.stop()
    expect(worker.wantsToSend()).toBe(false)
  })
})

test('invariant 6: when its turn ends, each till’s receipt under way is brought to its end, and no other is begun', async () => {
  const { lease, worker, ofd, till, hold, at } = setUp()
  const [first, second] = await till(2, 'A')
  const [other] = await till(1, 'B')
  if (!first || !second || !other) throw new Error('no receipts')
  const answer = hold('A')
  const running = worker.runOnce()
  await settle()
  expect([worker.isSending(), ofd.sent]).toEqual([true, [first, other]])
  lease.token = (since) => (since === undefined ? null : token(1))
  answer()
  await running
  expect([worker.isSending(), ofd.sent]).toEqual([false, [first, other]])
  expect([first, second].map(at)).toEqual(['synced', 'pending'])
})

test('the journal is asked for tills when one begins or ends, and not for each receipt', async () => {
  const { journal, worker, ofd, till } = setUp()
  await till(10, 'A')
  await till(10, 'B')
  const { posIdsToDeliver } = journal.queries
  let times = 0
  journal.queries.posIdsToDeliver = () => {
    times += 1
    return posIdsToDeliver()
  }
  await worker.runOnce()
  expect(ofd.sent).toHaveLength(20)
  expect(times).toBeLessThan(5)
})
