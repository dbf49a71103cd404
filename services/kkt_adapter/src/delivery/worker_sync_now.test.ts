import { expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { pending } from '../testing/kit.ts'
import { BREAKER_TIMEOUT_MS, DOWN, setUp, THRESHOLD } from '../testing/worker_kit.ts'
import type { OfdOutcome } from './ofd_client.ts'

test('invariant 11: a manual sync probes an open breaker at once and delivers everything', async () => {
  const { ofd, worker, till, takeDown, bringBack, breaker, clock } = setUp()
  await Promise.all(['A', 'B', 'C', 'D'].map((posId) => till(3, posId)))
  takeDown()
  worker.start()
  await settle()
  expect(breaker.snapshot.state).toBe('OPEN')
  bringBack()
  expect(await worker.syncNow()).toMatchObject({ synced: 12, failed: 0, skipped: 0, remaining: 0, ended: 'tried' })
  expect(ofd.ledger.size).toBe(12)
  expect(breaker.snapshot.state).toBe('CLOSED')
  expect(clock.monotonicMs()).toBe(0)
  await worker.stop()
})

test('invariant 11: a manual sync while the OFD is away spends one probe and says what is left', async () => {
  const { worker, till, takeDown, breaker, asked } = setUp()
  await till(5, 'A')
  takeDown()
  for (let i = 0; i < THRESHOLD; i++) await worker.syncNow()
  expect(breaker.snapshot.state).toBe('OPEN')
  const askedBefore = asked()
  expect(await worker.syncNow()).toMatchObject({ synced: 0, failed: 1, skipped: 4, remaining: 5 })
  expect(asked()).toBe(askedBefore + 1)
})

test('two manual syncs at once are one', async () => {
  const { ofd, worker, till } = setUp()
  await till(3, 'A')
  const [first, second] = await Promise.all([worker.syncNow(), worker.syncNow()])
  expect(first).toBe(second)
  expect(ofd.sent).toHaveLength(3)
})

test('a manual sync ends although new receipts keep coming', async () => {
  const { ofd, worker, till, journal } = setUp()
  await till(2, 'A')
  let more = 20
  ofd.onDeliver = async (_receipt, take) => {
    if (more-- > 0) await pending(journal, 'A')
    return take()
  }
  expect((await worker.syncNow()).synced).toBe(2)
  expect(ofd.sent.length).toBeLessThan(6)
  await worker.runOnce()
})

test('invariant 11: a manual sync during a probe makes one of its own, however that ends', async () => {
  const { clock, journal, ofd, worker, breaker, at } = setUp()
  const id = await pending(journal)
  const { onDeliver } = ofd
  ofd.onDeliver = async () => DOWN
  for (let i = 0; i < THRESHOLD; i++) await worker.syncNow()
  await clock.advance(BREAKER_TIMEOUT_MS)
  const probe = Promise.withResolvers<OfdOutcome>()
  ofd.onDeliver = () => {
    ofd.onDeliver = onDeliver
    return probe.promise
  }
  const running = worker.runOnce()
  await settle()
  expect(breaker.snapshot.state).toBe('HALF_OPEN')
  const report = worker.syncNow()
  await settle()
  probe.resolve(DOWN)
  expect(await report).toMatchObject({ synced: 1, failed: 0, skipped: 0, remaining: 0 })
  expect(at(id)).toBe('synced')
  await running
})

test('a manual sync waits for what is under way, and reports it', async () => {
  const { journal, worker, hold } = setUp()
  await pending(journal, 'A')
  const answer = hold('A')
  const running = worker.runOnce()
  await settle()
  const report = worker.syncNow()
  await settle()
  answer()
  expect(await report).toMatchObject({ synced: 1, failed: 0, skipped: 0, remaining: 0 })
  await running
})

test.each([
  ['delivered where the OFD is back', true, { synced: 1, failed: 0, skipped: 0, remaining: 0 }, 'synced'],
  ['where it fails again, that is told', false, { synced: 0, failed: 1, skipped: 0, remaining: 1 }, 'pending'],
] as const)(
  'a try that was under way and fails is not the one that a manual sync is about: the till is tried once more, and %s',
  async (_what, isBack, told, status) => {
    const { journal, ofd, worker, breaker, at } = setUp()
    const id = await pending(journal)
    const own = ofd.onDeliver
    const underWay = Promise.withResolvers<OfdOutcome>()
    ofd.onDeliver = () => {
      ofd.onDeliver = isBack ? own : async () => DOWN
      return underWay.promise
    }
    const running = worker.runOnce()
    await settle()
    expect(breaker.snapshot.state).toBe('CLOSED')
    const report = worker.syncNow()
    await settle()
    underWay.resolve(DOWN)
    await running
    expect(await report).toMatchObject(told)
    expect(at(id)).toBe(status)
  },
)
