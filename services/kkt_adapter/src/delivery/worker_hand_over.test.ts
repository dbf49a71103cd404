import { expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { pending } from '../testing/kit.ts'
import { failOnce, replaceVerbs } from '../testing/verbs.ts'
import { DOWN, INTERVAL_MS, setUp } from '../testing/worker_kit.ts'

test('invariant 6: who takes over takes up at once what the sender before left half done', async () => {
  const { journal, worker, at } = setUp()
  worker.start()
  await settle()
  const id = await pending(journal)
  await journal.write((tx) => tx.markSyncing(id))
  worker.takeOver()
  await settle()
  expect(at(id)).toBe('synced')
  await worker.stop()
})

test('invariant 7: what failed here, and another sender delivered, keeps no poison receipt from being counted', async () => {
  const { clock, journal, ofd, worker, lease, till, receipt } = setUp({ maxRetryAttempts: 3 })
  const elsewhere = await pending(journal, 'A')
  ofd.onDeliver = async () => DOWN
  await worker.runOnce()
  lease.isHeld = false
  await journal.write((tx) => {
    tx.markSyncing(elsewhere)
    tx.recordSynced(elsewhere, 'OFD-000001')
  })
  lease.isHeld = true
  worker.takeOver()
  const poison = await pending(journal, 'B')
  ofd.onDeliver = async ({ id }, take) => (id === poison ? DOWN : take())
  for (let i = 0; i < 3; i++) {
    await till(1, 'C')
    await worker.runOnce()
    await clock.advance(INTERVAL_MS)
  }
  expect(receipt(poison)).toMatchObject({ status: 'failed', dlqReason: 'retries_exhausted' })
})

test('invariant 5: while a receipt waits to be reclaimed no queue moves, and nothing is reclaimed under a sender', async () => {
  const { clock, journal, ofd, worker, till, at, hold } = setUp()
  const [first, second] = await till(2, 'A')
  const [other] = await till(1, 'B')
  if (!first || !second || !other) throw new Error('no receipts')
  let fails = true
  ofd.onDeliver = async (_receipt, take) => (fails ? DOWN : take())
  const answer = hold('B')
  failOnce(journal, 'recordUndelivered')
  worker.start()
  await clock.advance(2 * INTERVAL_MS)
  expect([first, second, other].map(at)).toEqual(['syncing', 'pending', 'syncing'])
  fails = false
  answer()
  await settle()
  expect([...ofd.ledger]).toEqual([other, first, second])
  await worker.stop()
})

test('a till whose queue does not end keeps no receipt of another till from being reclaimed', async () => {
  const MANY = 50
  const { journal, ofd, worker, till, at } = setUp()
  await till(MANY, 'A')
  const stuck = await pending(journal, 'B')
  // A work that throws inside a shared commit is run a second time.
  let failures = 2
  let sentByThen = 0
  replaceVerbs(journal, (own) => ({
    recordSynced(id, ofdId) {
      if (id === stuck && failures-- > 0) throw new Error('the row was changed by hand')
      own.recordSynced(id, ofdId)
    },
    reclaimSyncing() {
      const reclaimed = own.reclaimSyncing()
      if (reclaimed.includes(stuck)) sentByThen = ofd.sent.length
      return reclaimed
    },
  }))
  worker.start()
  for (let i = 0; i < MANY; i++) await settle()
  expect([journal.queries.counts().synced, at(stuck)]).toEqual([MANY, 'pending'])
  expect(sentByThen).toBeGreaterThan(1)
  expect(sentByThen).toBeLessThan(MANY / 2)
  await worker.stop()
})
