import { describe, expect, test } from 'bun:test'
import { LONG } from '@kkt/platform/testing.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import { pending, token } from '../testing/kit.ts'
import { replaceVerbs } from '../testing/verbs.ts'
import { BAD_TOKEN, DOWN, INTERVAL_MS, setUp, THRESHOLD } from '../testing/worker_kit.ts'
import type { OfdOutcome } from './ofd_client.ts'

/** How long an OFD that is half back takes nothing more after a receipt. */
const BUSY_MS = LONG ? 60_000 : 15_000
const TURNS = LONG ? 60 : 15

describe('invariant 7: an OFD that is half back kills nothing', () => {
  test.each<[string, OfdOutcome]>([
    ['503 under load', { kind: 'unknown', reason: 'the OFD answered 503', isCutOff: false }],
    ['429 above its rate', { kind: 'refused', blames: 'service', reason: 'the OFD answered 429' }],
  ])('taking one receipt now and then, %s for the others', async (_name, busy) => {
    const { clock, journal, ofd, worker, till } = setUp()
    await Promise.all(Array.from({ length: 12 }, (_, i) => till(5, `POS-${i}`)))
    let takenAtMs = Number.NEGATIVE_INFINITY
    ofd.onDeliver = async (_receipt, take) => {
      if (clock.monotonicMs() - takenAtMs < BUSY_MS) return busy
      takenAtMs = clock.monotonicMs()
      return take()
    }
    worker.start()
    await clock.advance(TURNS * BUSY_MS)
    expect(journal.queries.counts()).toMatchObject({ failed: 0 })
    expect(journal.queries.counts().synced).toBeGreaterThan(10)
    await worker.stop()
  })
})

describe('invariant 6: a sender that has lost the lease on the way', () => {
  test.each<[string, OfdOutcome | 'taken']>([
    ['taken', 'taken'],
    ['refused', { kind: 'refused', blames: 'receipt', reason: 'the OFD answered 422' }],
    ['unknown', { kind: 'unknown', reason: 'the OFD did not answer in time', isCutOff: true }],
  ])('leaves the row to the new holder, whatever it hears then: %s', async (_what, outcome) => {
    const { ofd, lease, worker, till, receipt } = setUp()
    const [id] = await till(1, 'A')
    if (!id) throw new Error('no receipt')
    ofd.onDeliver = async (_receipt, take) => {
      lease.isHeld = false
      return outcome === 'taken' ? take() : outcome
    }
    await worker.runOnce()
    expect(receipt(id)).toMatchObject({ status: 'syncing', maybeAtOfd: true, retryCount: 0 })
  })

  test.each<[string, OfdOutcome]>([
    ['refused', { kind: 'refused', blames: 'token', reason: 'the OFD answered 412' }],
    ['unknown', { kind: 'unknown', reason: 'the OFD did not answer in time', isCutOff: true }],
  ])('leaves it though it has the lease again when it hears: %s', async (_what, outcome) => {
    const { journal, ofd, lease, deliver, till, receipt } = setUp()
    const [id] = await till(1, 'A')
    const next = journal.queries.nextToDeliver('A')
    if (!id || !next) throw new Error('no receipt')
    ofd.onDeliver = async () => {
      // Another holder in between has sent the receipt, too.
      lease.since = lease.now = token(3)
      return outcome
    }
    expect((await deliver(next)).delivery).toBe('abandoned')
    expect(receipt(id)).toMatchObject({ status: 'syncing', maybeAtOfd: true })
  })

  test('sends nothing on a look-up of before, though it has the lease again', async () => {
    const { journal, ofd, lease, deliver } = setUp()
    await maybeThere(journal)
    const next = journal.queries.nextToDeliver('POS-001')
    if (!next) throw new Error('no receipt')
    ofd.onLookup = async () => {
      lease.since = lease.now = token(3)
      return { kind: 'absent' }
    }
    expect((await deliver(next)).delivery).toBe('abandoned')
    expect(ofd.sent).toEqual([])
  })

  test('takes the receipt up again when it has the lease back, and looks it up first', async () => {
    const { clock, ofd, lease, worker, till, at } = setUp()
    const [id] = await till(1, 'A')
    const { onDeliver } = ofd
    ofd.onDeliver = async (_receipt, take) => {
      take()
      lease.isHeld = false
      return { kind: 'unknown', reason: 'the OFD did not answer in time', isCutOff: true }
    }
    await worker.runOnce()
    ofd.onDeliver = onDeliver
    lease.isHeld = true
    await clock.advance(INTERVAL_MS)
    await worker.runOnce()
    expect(id && at(id)).toBe('synced')
    expect([ofd.lookedUp.length, ofd.sent.length]).toEqual([1, 1])
  })

  test('sends nothing when the lease goes while the mark is written', async () => {
    const { journal, ofd, lease, worker, till, at } = setUp()
    const [id] = await till(1, 'A')
    replaceVerbs(journal, (own) => ({
      markSyncing(marked) {
        own.markSyncing(marked)
        lease.isHeld = false
      },
    }))
    await worker.runOnce()
    expect(ofd.sent).toEqual([])
    expect(id && at(id)).toBe('syncing')
  })
})

test('what the OFD took, and has rejected since, is dead-lettered as any receipt that it refuses', async () => {
  const { journal, ofd, worker, receipt } = setUp()
  const id = await maybeThere(journal)
  ofd.onLookup = async () => ({ kind: 'rejected', reason: 'the OFD has rejected it' })
  await worker.runOnce()
  expect(receipt(id)).toMatchObject({
    status: 'failed',
    dlqReason: 'refused_by_ofd',
    lastError: 'the OFD has rejected it',
    maybeAtOfd: true,
  })
  expect(ofd.sent).toEqual([])
})

test('invariant 7: a refusal that is about the service is no attempt of the receipt', async () => {
  const { journal, ofd, worker, receipt } = setUp()
  const id = await pending(journal)
  ofd.onDeliver = async () => BAD_TOKEN
  await worker.runOnce()
  expect(receipt(id)).toMatchObject({ status: 'pending', retryCount: 0, lastError: BAD_TOKEN.reason })
})

test.each([false, true])(
  'invariant 4: what the breaker kept back may be at the OFD as before: %p',
  async (maybeAtOfd) => {
    const { journal, breaker, deliver, ofd, receipt } = setUp()
    const id = await pending(journal)
    await journal.write((tx) => {
      tx.markSyncing(id)
      tx.recordUndelivered(id, 'a reset', maybeAtOfd)
    })
    const next = journal.queries.nextToDeliver('POS-001')
    if (!next) throw new Error('no receipt')
    for (let i = 0; i < THRESHOLD; i++) await breaker.run(id, async () => DOWN)
    expect((await deliver(next)).delivery).toBe('not_sent')
    expect(receipt(id)).toMatchObject({ status: 'pending', maybeAtOfd, retryCount: 0, lastError: 'a reset' })
    expect([...ofd.sent, ...ofd.lookedUp]).toEqual([])
  },
)

test('invariant 7: what became a probe while it was waited for is no attempt of its receipt', async () => {
  const SETTLE_MS = 4000
  const { clock, journal, breaker, deliverer, deliver, ofd, receipt } = setUp({
    settleMs: SETTLE_MS,
    breakerTimeoutMs: 1000,
  })
  const id = await maybeThere(journal)
  const next = journal.queries.nextToDeliver('POS-001')
  if (!next) throw new Error('no receipt')
  deliverer.takeOver()
  const delivery = deliver(next)
  for (let i = 0; i < THRESHOLD; i++) await breaker.run(id, async () => DOWN)
  ofd.onLookup = async () => ({ kind: 'unknown', reason: 'the OFD answered 500 to the look-up' })
  await clock.advance(SETTLE_MS)
  expect(await delivery).toMatchObject({ delivery: 'failed', wasProbe: true })
  expect(receipt(id)).toMatchObject({ status: 'pending', maybeAtOfd: true, retryCount: 0 })
})

test('invariant 11: what is looked up while the breaker opens is not sent any more', async () => {
  const { journal, breaker, deliver, ofd, receipt } = setUp()
  const id = await maybeThere(journal)
  const next = journal.queries.nextToDeliver('POS-001')
  if (!next) throw new Error('no receipt')
  ofd.onLookup = async () => {
    for (let i = 0; i < THRESHOLD; i++) await breaker.run(id, async () => DOWN)
    return { kind: 'absent' }
  }
  expect((await deliver(next)).delivery).toBe('not_sent')
  expect(receipt(id)).toMatchObject({ status: 'pending', maybeAtOfd: true, retryCount: 0, lastError: 'a reset' })
  expect(ofd.sent).toEqual([])
})

describe('invariant 6: the fencing token of the lease', () => {
  test('goes along with each receipt', async () => {
    const { ofd, lease, worker, till } = setUp()
    await till(2, 'A')
    lease.now = token(7)
    await worker.runOnce()
    expect(ofd.tokens).toEqual([token(7), token(7)])
  })

  test('goes along with each look-up, and one that the OFD knows to be outdated there ends the delivery', async () => {
    const { journal, ofd, lease, worker, receipt } = setUp()
    const id = await maybeThere(journal)
    lease.now = token(7)
    ofd.onLookup = async () => ({ kind: 'outdated', reason: 'the OFD answered 412 to the look-up' })
    await worker.runOnce()
    expect([ofd.lookupTokens, ofd.sent]).toEqual([[token(7)], []])
    expect(lease.refused).toEqual([token(7)])
    expect(receipt(id)).toMatchObject({ status: 'pending', maybeAtOfd: true, retryCount: 0 })
  })

  test('is asked for again after a look-up: one that was lost meanwhile sends nothing', async () => {
    const { journal, ofd, lease, worker, receipt } = setUp()
    const id = await maybeThere(journal)
    ofd.onLookup = async () => {
      lease.isHeld = false
      return { kind: 'absent' }
    }
    await worker.runOnce()
    expect(ofd.sent).toEqual([])
    expect(receipt(id)?.status).toBe('syncing')
  })

  test('which the OFD knows to be outdated is told so, and the receipt waits', async () => {
    const { ofd, lease, worker, till, receipt } = setUp()
    const [id] = await till(1, 'A')
    if (!id) throw new Error('no receipt')
    ofd.onDeliver = async () => ({ kind: 'refused', blames: 'token', reason: 'the OFD answered 412' })
    await worker.runOnce()
    expect(lease.refused).toEqual([token(1)])
    expect(receipt(id)).toMatchObject({ status: 'pending', maybeAtOfd: false, retryCount: 0 })
  })
})

describe('invariant 4: an OFD that was cut off gets its time before it is believed to have nothing', () => {
  const SETTLE_MS = 4000
  const CUT_OFF = { kind: 'unknown', reason: 'the OFD did not answer in time', isCutOff: true } as const

  test('after a time-out the look-up waits for that long, also when somebody asks for a sync', async () => {
    const { clock, ofd, worker, till, at } = setUp({ settleMs: SETTLE_MS })
    const [id] = await till(1, 'A')
    const { onDeliver } = ofd
    let takeLate = () => {}
    ofd.onDeliver = async (_receipt, take) => {
      takeLate = take
      return CUT_OFF
    }
    await worker.runOnce()
    ofd.onDeliver = onDeliver
    const synced = worker.syncNow()
    await clock.advance(SETTLE_MS - 1)
    expect(ofd.lookedUp).toEqual([])
    takeLate()
    await clock.advance(1)
    expect(await synced).toMatchObject({ synced: 1 })
    expect([id && at(id), ofd.sent.length]).toEqual(['synced', 1])
  })

  test('after a whole answer there is nothing to wait for', async () => {
    const { clock, ofd, worker, till, at } = setUp({ settleMs: SETTLE_MS })
    await clock.advance(SETTLE_MS)
    const [id] = await till(1, 'A')
    const { onDeliver } = ofd
    ofd.onDeliver = async () => DOWN
    await worker.runOnce()
    ofd.onDeliver = onDeliver
    await worker.syncNow()
    expect(id && at(id)).toBe('synced')
  })

  test('what a sender before us left is waited for as long from the take-over', async () => {
    const { clock, journal, ofd, worker, deliverer } = setUp({ settleMs: SETTLE_MS })
    await clock.advance(SETTLE_MS)
    await maybeThere(journal)
    deliverer.takeOver()
    const done = worker.runOnce()
    await clock.advance(SETTLE_MS - 1)
    expect(ofd.lookedUp).toEqual([])
    await clock.advance(1)
    await done
    expect(ofd.lookedUp).toHaveLength(1)
  })

  test('a wait is ended by the end of work, and nothing is sent', async () => {
    const { journal, ofd, deliver } = setUp({ settleMs: SETTLE_MS })
    await maybeThere(journal)
    const next = journal.queries.nextToDeliver('POS-001')
    if (!next) throw new Error('no receipt')
    const stopping = new AbortController()
    const delivery = deliver(next, stopping.signal)
    stopping.abort()
    expect((await delivery).delivery).toBe('not_sent')
    expect([...ofd.sent, ...ofd.lookedUp]).toEqual([])
  })
})

/** A pending receipt that was sent to the OFD once, without a clear outcome. */
async function maybeThere(journal: Journal): Promise<ReceiptId> {
  const id = await pending(journal)
  await journal.write((tx) => {
    tx.markSyncing(id)
    tx.recordUndelivered(id, 'a reset', true)
  })
  return id
}
