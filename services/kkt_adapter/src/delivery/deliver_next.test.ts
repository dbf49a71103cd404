import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { token } from '../testing/kit.ts'
import { replaceVerbs } from '../testing/verbs.ts'
import { DOWN, setUp } from '../testing/worker_kit.ts'
import type { OfdOutcome } from './ofd_client.ts'

/** Two receipts of a till; the first is at an OFD that answers when `answer` is called. */
async function underWay(options: Parameters<typeof setUp>[0] = {}) {
  const kit = setUp(options)
  const [first, second] = await kit.till(2, 'A')
  if (!first || !second) throw new Error('no receipts')
  const answer = kit.hold('A')
  const commits: string[] = []
  const write = kit.lease.write.bind(kit.lease)
  kit.lease.write = async (work, since) => {
    const value = await write(work, since)
    commits.push([first, second].map(kit.at).join(' '))
    return value
  }
  const running = kit.worker.runOnce()
  await settle()
  expect(commits.splice(0).at(-1)).toEqual('syncing pending')
  return { ...kit, first, second, answer, running, commits, statuses: () => [first, second].map(kit.at) }
}

test('that one is delivered is committed with the mark of the till’s next', async () => {
  const { answer, running, commits, ofd, first, second } = await underWay()
  answer()
  await running
  expect(commits).toEqual(['synced syncing', 'synced synced'])
  expect(ofd.sent).toEqual([first, second])
  expect(ofd.lookedUp).toEqual([])
})

describe('the till’s next is not marked, and not sent,', () => {
  test.each<[string, OfdOutcome]>([
    ['failed', DOWN],
    ['refused', { kind: 'refused', blames: 'service', reason: 'the OFD answered 429' }],
  ])('where the one before it was not delivered: %s', async (_what, outcome) => {
    const { answer, running, ofd, statuses } = await underWay()
    answer(outcome)
    await running
    expect(statuses()).toEqual(['pending', 'pending'])
    expect(ofd.sent).toHaveLength(1)
  })

  test('invariant 6: when the right to send ran out meanwhile', async () => {
    const { answer, running, ofd, lease, statuses } = await underWay()
    lease.token = () => null
    answer()
    await running
    expect(statuses()).toEqual(['synced', 'pending'])
    expect(ofd.sent).toHaveLength(1)
  })

  test('invariant 6: when the right to send was given away meanwhile, though it is ours again', async () => {
    const { answer, running, lease, commits, statuses } = await underWay()
    const regained = token(3)
    lease.token = (since = regained) => (since >= regained ? regained : null)
    answer()
    await running
    expect(commits[0]).toBe('synced pending')
    expect(statuses()).toEqual(['synced', 'synced'])
  })

  test('invariant 11: when the breaker opened meanwhile', async () => {
    const { answer, running, breaker, ofd, first, commits } = await underWay()
    for (let i = 0; i < 3; i++) await breaker.run(first, async () => DOWN)
    answer()
    await running
    expect(commits).toEqual(['synced pending'])
    expect(ofd.sent).toHaveLength(1)
  })

  test('when the work is to end', async () => {
    const { answer, running, worker, ofd, statuses } = await underWay()
    const stopped = worker.stop()
    answer()
    await Promise.all([stopped, running])
    expect(statuses()).toEqual(['synced', 'pending'])
    expect(ofd.sent).toHaveLength(1)
  })
})

describe('the till’s next that is marked already', () => {
  test('invariant 11: goes back as it was when the breaker opens before it is sent', async () => {
    const { answer, running, journal, breaker, ofd, first, second, receipt } = await underWay()
    replaceVerbs(journal, (own) => ({
      markSyncing(id) {
        own.markSyncing(id)
        for (let i = 0; i < 3; i++) void breaker.run(first, async () => DOWN)
      },
    }))
    answer()
    await running
    expect(receipt(second)).toMatchObject({ status: 'pending', maybeAtOfd: false, retryCount: 0, lastError: null })
    expect(ofd.sent).toHaveLength(1)
  })

  test('invariant 6: is taken up again when the lease was lost before it is sent, though we have it again', async () => {
    const { answer, running, journal, ofd, lease, second, statuses } = await underWay()
    const restore = replaceVerbs(journal, (own) => ({
      markSyncing(id) {
        own.markSyncing(id)
        lease.since = lease.now = token(3)
        restore()
      },
    }))
    answer()
    await running
    expect(ofd.lookedUp).toEqual([second])
    expect(statuses()).toEqual(['synced', 'synced'])
  })
})

test('invariant 4: the till’s next that may be at the OFD is looked up, and not before that had time to settle', async () => {
  const { answer, running, clock, journal, deliverer, ofd, second, statuses } = await underWay({ settleMs: 1000 })
  await journal.write((tx) => {
    tx.markSyncing(second)
    tx.recordUndelivered(second, 'a reset', true)
  })
  deliverer.takeOver()
  answer()
  await clock.advance(999)
  expect(statuses()).toEqual(['synced', 'pending'])
  ofd.ledger.add(second)
  await clock.advance(1)
  await running
  expect(statuses()).toEqual(['synced', 'synced'])
  expect([ofd.sent.length, ofd.lookedUp]).toEqual([1, [second]])
})
