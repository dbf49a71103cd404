import { expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { pending } from '../testing/kit.ts'
import { DOWN, INTERVAL_MS, setUp } from '../testing/worker_kit.ts'

test('invariant 6: who takes over takes up at once what the sender before left half done', async () => {
  const { journal, worker, at } = setUp()
  worker.start()
  await settle()
  const id = await pending(journal)
  await journal.write(() => journal.transitions.markSyncing(id))
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
  await journal.write(() => {
    journal.transitions.markSyncing(elsewhere)
    journal.transitions.recordSynced(elsewhere, 'OFD-000001')
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
  const { recordUndelivered } = journal.transitions
  journal.transitions.recordUndelivered = () => {
    journal.transitions.recordUndelivered = recordUndelivered
    throw new Error('the disk is full')
  }
  worker.start()
  await clock.advance(2 * INTERVAL_MS)
  expect([first, second, other].map(at)).toEqual(['syncing', 'pending', 'syncing'])
  fails = false
  answer()
  await settle()
  expect([...ofd.ledger]).toEqual([other, first, second])
  await worker.stop()
})
