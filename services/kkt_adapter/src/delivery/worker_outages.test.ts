import { describe, expect, test } from 'bun:test'
import { LONG, settle } from '@kkt/platform/testing.ts'
import { pending } from '../testing/kit.ts'
import { BAD_TOKEN, BREAKER_TIMEOUT_MS, DOWN, INTERVAL_MS, setUp, THRESHOLD } from '../testing/worker_kit.ts'
import type { OfdOutcome } from './ofd_client.ts'

/** Many times what it takes to try a receipt as often as ends one that fails by itself. */
const OUTAGE_MS = LONG ? 3_600_000 : 600_000

const BAD_RECEIPT: OfdOutcome = { kind: 'refused', blames: 'receipt', reason: 'the OFD answered 422' }

describe('invariant 7: an outage kills nothing', () => {
  test('a long time without the OFD dead-letters nothing, counts no probe, and all arrive afterwards', async () => {
    const { clock, journal, ofd, worker, till, takeDown, bringBack, receipt } = setUp({ maxRetryAttempts: 3 })
    const ids = (await Promise.all(['A', 'B', 'C', 'D', 'E'].map((posId) => till(4, posId)))).flat()
    takeDown()
    worker.start()
    await clock.advance(OUTAGE_MS)
    expect(journal.queries.counts()).toMatchObject({ pending: 20, failed: 0 })
    expect(Math.max(...ids.map((id) => receipt(id)?.retryCount ?? 0))).toBeLessThanOrEqual(1)
    const probesPossible = OUTAGE_MS / BREAKER_TIMEOUT_MS
    expect(ofd.sent.length + ofd.lookedUp.length).toBeLessThanOrEqual(5 + THRESHOLD + probesPossible)
    bringBack()
    await clock.advance(BREAKER_TIMEOUT_MS)
    expect(journal.queries.counts()).toMatchObject({ pending: 0, synced: 20 })
    await worker.stop()
  })

  test.each([
    ['401, 404, 429 and the like', BAD_TOKEN],
    ['no answer, or an unreadable one', DOWN],
  ])('%s is an outage, not the end of a receipt', async (_name, outcome) => {
    const { clock, ofd, worker, till, at, bringBack } = setUp({ maxRetryAttempts: 2 })
    const [id] = await till(1, 'A')
    ofd.onDeliver = async () => outcome
    worker.start()
    await clock.advance(OUTAGE_MS)
    expect(id && at(id)).toBe('pending')
    bringBack()
    await clock.advance(BREAKER_TIMEOUT_MS)
    expect(id && at(id)).toBe('synced')
    await worker.stop()
  })

  test('a receipt that the OFD refuses is dead-lettered at once, and the next of its till goes on', async () => {
    const { ofd, worker, till, at, receipt } = setUp()
    const [poison, next] = await till(2, 'A')
    if (!poison || !next) throw new Error('no receipts')
    ofd.onDeliver = async ({ id }, take) => (id === poison ? BAD_RECEIPT : take())
    await worker.runOnce()
    expect(at(poison)).toBe('failed')
    expect(receipt(poison)).toMatchObject({ dlqReason: 'refused_by_ofd', lastError: 'the OFD answered 422' })
    expect(at(next)).toBe('synced')
  })

  test('a receipt that alone keeps failing while others get through is dead-lettered after so many attempts', async () => {
    const { clock, ofd, worker, till, at, receipt } = setUp({ maxRetryAttempts: 4 })
    const [poison] = await till(1, 'A')
    if (!poison) throw new Error('no receipt')
    ofd.onDeliver = async ({ id }, take) => (id === poison ? DOWN : take())
    worker.start()
    for (let i = 0; i < 4; i++) {
      expect(at(poison)).toBe('pending')
      await till(1, 'B')
      worker.nudge()
      await clock.advance(INTERVAL_MS)
    }
    expect(at(poison)).toBe('failed')
    expect(receipt(poison)).toMatchObject({ dlqReason: 'retries_exhausted', retryCount: 4 })
    await worker.stop()
  })

  test('different receipts refused in a row open the breaker, and the one that did is kept', async () => {
    const { clock, ofd, worker, till, at, changes, bringBack } = setUp()
    const ids = await till(6, 'A')
    ofd.onDeliver = async () => BAD_RECEIPT
    worker.start()
    await settle()
    expect(ids.map(at)).toEqual(['failed', 'failed', 'pending', 'pending', 'pending', 'pending'])
    expect(changes).toEqual(['CLOSED>OPEN'])
    await clock.advance(OUTAGE_MS)
    expect(ids.map(at).filter((status) => status === 'failed')).toHaveLength(THRESHOLD - 1)
    bringBack()
    await clock.advance(BREAKER_TIMEOUT_MS)
    expect(ids.slice(2).map(at)).toEqual(['synced', 'synced', 'synced', 'synced'])
    await worker.stop()
  })

  test('a manual sync gets past the refused receipts of a single till, which probes alone do not', async () => {
    const { clock, ofd, worker, till, at } = setUp()
    const ids = await till(4, 'A')
    const bad = ids.slice(0, THRESHOLD)
    ofd.onDeliver = async ({ id }, take) => (bad.includes(id) ? BAD_RECEIPT : take())
    worker.start()
    await clock.advance(OUTAGE_MS)
    expect(ids.map(at)).toEqual(['failed', 'failed', 'pending', 'pending'])
    expect(await worker.syncNow()).toMatchObject({ synced: 1, failed: 1, skipped: 0, remaining: 0 })
    expect(ids.map(at)).toEqual(['failed', 'failed', 'failed', 'synced'])
    await worker.stop()
  })

  test('one bad receipt that is requeued again and again stops no other till', async () => {
    const { journal, ofd, worker, till, at, changes } = setUp()
    const [bad] = await till(1, 'A')
    if (!bad) throw new Error('no receipt')
    ofd.onDeliver = async ({ id }, take) => (id === bad ? BAD_RECEIPT : take())
    for (let i = 0; i < 2 * THRESHOLD; i++) {
      await worker.runOnce()
      expect(at(bad)).toBe('failed')
      await journal.write((tx) => tx.requeue(bad))
    }
    expect(changes).toEqual([])
  })

  test('a poison receipt at the head of one till does not keep an open breaker from closing', async () => {
    const { clock, ofd, worker, till, at, takeDown, bringBack } = setUp()
    const [poison] = await till(1, 'A')
    const [good] = await till(1, 'B')
    takeDown()
    worker.start()
    await clock.advance(OUTAGE_MS)
    bringBack()
    const deliver = ofd.onDeliver
    ofd.onDeliver = async (receipt, take) => (receipt.id === poison ? DOWN : deliver(receipt, take))
    await clock.advance(2 * BREAKER_TIMEOUT_MS)
    expect(good && at(good)).toBe('synced')
    expect(poison && at(poison)).toBe('pending')
    await worker.stop()
  })
})

describe('invariant 11: the breaker', () => {
  test('while it is open nothing is sent; after its time-out one probe decides, and the rest follows', async () => {
    const { clock, worker, till, takeDown, bringBack, changes, journal, asked } = setUp()
    await Promise.all(['A', 'B', 'C', 'D'].map((posId) => till(3, posId)))
    takeDown()
    worker.start()
    await settle()
    expect(changes).toEqual(['CLOSED>OPEN'])
    const askedAtOpening = asked()
    await clock.advance(BREAKER_TIMEOUT_MS - 1)
    expect(asked()).toBe(askedAtOpening)
    await clock.advance(1)
    expect(asked()).toBe(askedAtOpening + 1)
    expect(changes.slice(1)).toEqual(['OPEN>HALF_OPEN', 'HALF_OPEN>OPEN'])
    bringBack()
    await clock.advance(BREAKER_TIMEOUT_MS)
    expect(changes.slice(3)).toEqual(['OPEN>HALF_OPEN', 'HALF_OPEN>CLOSED'])
    expect(journal.queries.counts()).toMatchObject({ pending: 0, synced: 12 })
    await worker.stop()
  })

  test('a probe waits until what is under way has ended', async () => {
    const { clock, worker, till, takeDown, breaker, hold, asked } = setUp()
    await Promise.all(['A', 'B', 'C', 'D'].map((posId) => till(1, posId)))
    takeDown()
    const answer = hold('A')
    worker.start()
    await clock.advance(BREAKER_TIMEOUT_MS)
    expect([breaker.admission().kind, asked()]).toEqual(['probe', 4])
    answer(DOWN)
    await settle()
    expect([breaker.admission().kind, asked()]).toEqual(['closed_off', 5])
    await worker.stop()
  })

  test("a probe waits for no till's backoff, and a good one ends everybody's", async () => {
    const timeoutMs = 100
    const { clock, worker, till, takeDown, bringBack, asked, journal } = setUp({ breakerTimeoutMs: timeoutMs })
    await Promise.all(['A', 'B', 'C', 'D'].map((posId) => till(2, posId)))
    takeDown()
    worker.start()
    await clock.advance(timeoutMs)
    expect(asked()).toBe(5)
    bringBack()
    await clock.advance(timeoutMs)
    expect(journal.queries.counts()).toMatchObject({ pending: 0, synced: 8 })
    await worker.stop()
  })

  test('a probe that fails is no attempt of its receipt, though others got through since the last', async () => {
    const { journal, ofd, worker, breaker, receipt } = setUp()
    const id = await pending(journal, 'A')
    const answerA = (outcome: OfdOutcome) => {
      ofd.onDeliver = async (sent, take) => (sent.id === id ? outcome : take())
    }
    answerA(DOWN)
    await worker.syncNow()
    await pending(journal, 'B')
    answerA(BAD_TOKEN)
    for (let i = 0; i <= THRESHOLD; i++) await worker.syncNow()
    expect([breaker.snapshot.state, journal.queries.counts().synced]).toEqual(['OPEN', 1])
    answerA(DOWN)
    await worker.syncNow()
    expect(receipt(id)).toMatchObject({ retryCount: 1, lastError: DOWN.reason })
  })

  test('what is next of a till is not touched when the breaker has opened meanwhile', async () => {
    const { journal, worker, till, takeDown, breaker, hold } = setUp()
    const [, second] = await till(2, 'A')
    if (!second) throw new Error('no receipts')
    await Promise.all(['B', 'C', 'D'].map((posId) => till(1, posId)))
    takeDown()
    const answer = hold('A')
    worker.start()
    await settle()
    expect(breaker.snapshot.state).toBe('OPEN')
    answer()
    await settle()
    const { items } = journal.events.list({ receiptId: second, kind: null }, null, 10)
    expect(items.map(({ to }) => to)).toEqual(['pending', 'printing', 'accepted'])
    await worker.stop()
  })
})
