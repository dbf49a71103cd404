import { describe, expect, test } from 'bun:test'
import { fetchOver } from '@kkt/platform/fetch.ts'
import { settle } from '@kkt/platform/testing.ts'
import { rawPeer } from '../testing/peer.ts'
import { replaceVerbs } from '../testing/verbs.ts'
import { BREAKER_TIMEOUT_MS, DOWN, setUp, THRESHOLD } from '../testing/worker_kit.ts'
import { createOfdClient, type OfdOutcome } from './ofd_client.ts'
import { createOfdSend } from './ofd_connection.ts'

const BUSY: OfdOutcome = { kind: 'refused', blames: 'service', reason: 'the OFD answered 429' }
const MINUTE_MS = 60_000

/** An OFD that gives the next submissions this outcome and asks for this pause each time. */
function asking(outcome: OfdOutcome, askedMs: number, times = 1) {
  const kit = setUp()
  const { ofd, breaker } = kit
  const { onDeliver } = ofd
  let left = times
  ofd.onDeliver = async (receipt, take) => {
    if (left-- <= 0) return onDeliver(receipt, take)
    breaker.waitAtLeast(askedMs)
    return outcome
  }
  return kit
}

describe.each([
  ['429', BUSY],
  ['503', DOWN],
])('an OFD that answers %s and asks to be left alone', (_status, outcome) => {
  test.each([
    ['for longer than the backoff gets the next attempt just then', 1000, 1000],
    // The first backoff with the kit's random numbers.
    ['for less gets it after the backoff', 100, 375],
  ])('%s', async (_what, askedMs, afterMs) => {
    const { clock, worker, till, asked, journal } = asking(outcome, askedMs)
    await till(1, 'A')
    worker.start()
    await clock.advance(afterMs - 1)
    expect(asked()).toBe(1)
    await clock.advance(1)
    expect(journal.queries.counts()).toMatchObject({ synced: 1 })
    await worker.stop()
  })

  test('is left alone by every till', async () => {
    const { clock, worker, till, asked, journal } = asking(outcome, MINUTE_MS)
    await till(3, 'A')
    worker.start()
    await settle()
    await Promise.all(['B', 'C'].map((posId) => till(2, posId)))
    worker.nudge()
    await clock.advance(MINUTE_MS - 1)
    expect(asked()).toBe(1)
    await clock.advance(1)
    expect(journal.queries.counts()).toMatchObject({ synced: 7, pending: 0 })
    await worker.stop()
  })

  test('is asked all the same by a manual sync, also when it asks again', async () => {
    const { worker, till, at, clock } = asking(outcome, MINUTE_MS, 2)
    const [first] = await till(1, 'A')
    await worker.runOnce()
    await till(1, 'B')
    expect(await worker.syncNow()).toMatchObject({ synced: 1, failed: 1, skipped: 0, remaining: 1 })
    expect(await worker.syncNow()).toMatchObject({ synced: 1, remaining: 0 })
    expect(first && at(first)).toBe('synced')
    expect(clock.monotonicMs()).toBe(0)
  })
})

test('invariant 11: an open breaker lets no probe through before then, and lets it through just then', async () => {
  const { clock, worker, till, asked, journal, breaker } = asking(DOWN, MINUTE_MS)
  const [id] = await till(3, 'A')
  await till(3, 'B')
  for (let i = 0; id && i < THRESHOLD; i++) await breaker.run(id, async () => DOWN)
  worker.start()
  await clock.advance(BREAKER_TIMEOUT_MS)
  expect(breaker.snapshot).toMatchObject({ state: 'OPEN', nextProbeAtMs: clock.wallMs() + MINUTE_MS })
  await clock.advance(MINUTE_MS - 1)
  expect(asked()).toBe(1)
  await clock.advance(1)
  expect(journal.queries.counts()).toMatchObject({ synced: 6, pending: 0 })
  await worker.stop()
})

test('the next receipt of a till waits too, where it was marked before another till heard of it', async () => {
  const { clock, ofd, worker, till, hold, breaker, journal, asked } = setUp()
  await till(2, 'A')
  const answer = hold('A')
  const running = worker.runOnce()
  await settle()
  replaceVerbs(journal, (own) => ({
    recordSynced(...args) {
      own.recordSynced(...args)
      queueMicrotask(() => breaker.waitAtLeast(MINUTE_MS))
    },
  }))
  answer()
  await running
  expect([asked(), journal.queries.counts()]).toMatchObject([1, { synced: 1, pending: 1, syncing: 0 }])
  await clock.advance(MINUTE_MS)
  await worker.runOnce()
  expect([ofd.sent.length, journal.queries.counts().synced]).toEqual([2, 2])
})

test('the retry is not held up by a connection that dies after the answer', async () => {
  const answer = (status: number, body: string) =>
    `HTTP/1.1 ${status} X\r\nretry-after: 1\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  const taken = JSON.stringify({ status: 'accepted', ofd_id: 'OFD-1', timestamp: 1 })
  let asked = 0
  const { url } = await rawPeer((socket) => {
    asked += 1
    socket.write(asked === 1 ? answer(429, '{}') : answer(200, taken))
    socket.on('data', () => socket.resetAndDestroy())
  })
  const { clock, worker, till, journal } = setUp({
    settleMs: 5000,
    clientOf: ({ clock, breaker }) =>
      createOfdClient({
        url,
        kktId: 'KKT-001',
        timeoutMs: 5000,
        clock,
        send: createOfdSend({ send: fetchOver, clock, onRetryAfter: breaker.waitAtLeast }),
      }),
  })
  await till(1, 'A')
  await worker.runOnce()
  await clock.advance(999)
  await worker.runOnce()
  expect(asked).toBe(1)
  await clock.advance(1)
  await worker.runOnce()
  expect([asked, journal.queries.counts()]).toMatchObject([2, { synced: 1, pending: 0 }])
})
