import { describe, expect, test } from 'bun:test'
import type { OfdOutcome } from '../ofd/client.ts'
import { pending } from '../testing/kit.ts'
import { BAD_TOKEN, DOWN, INTERVAL_MS, setUp, THRESHOLD } from '../testing/worker_kit.ts'

const HOUR_MS = 3_600_000

describe('invariant 7: an OFD that is half back kills nothing', () => {
  test.each<[string, OfdOutcome]>([
    ['503 under load', { kind: 'unknown', reason: 'the OFD answered 503' }],
    ['429 above its rate', { kind: 'refused', blames: 'service', reason: 'the OFD answered 429' }],
  ])('taking one receipt now and then, %s for the others', async (_name, busy) => {
    const { clock, journal, ofd, worker, till } = setUp()
    await Promise.all(Array.from({ length: 12 }, (_, i) => till(5, `POS-${i}`)))
    let takenAtMs = Number.NEGATIVE_INFINITY
    ofd.onDeliver = async (_receipt, take) => {
      if (clock.monotonicMs() - takenAtMs < 60_000) return busy
      takenAtMs = clock.monotonicMs()
      return take()
    }
    worker.start()
    await clock.advance(HOUR_MS)
    expect(journal.queries.counts()).toMatchObject({ failed: 0 })
    expect(journal.queries.counts().synced).toBeGreaterThan(10)
    await worker.stop()
  })
})

describe('invariant 6: a sender that has lost the lease on the way', () => {
  test('leaves the row to the new holder, whatever it hears then; taken it records', async () => {
    for (const [kind, outcome] of [
      ['refused', { kind: 'refused', blames: 'service', reason: 'the OFD answered 412' }],
      ['unknown', { kind: 'unknown', reason: 'the OFD did not answer in time' }],
    ] as const) {
      const { ofd, lease, worker, till, receipt } = setUp()
      const [id] = await till(1, 'A')
      if (!id) throw new Error('no receipt')
      ofd.onDeliver = async () => {
        lease.isHeld = false
        return outcome
      }
      await worker.runOnce()
      expect([kind, receipt(id)]).toMatchObject([kind, { status: 'syncing', maybeAtOfd: true, retryCount: 0 }])
    }
    const { ofd, lease, worker, till, at } = setUp()
    const [id] = await till(1, 'A')
    ofd.onDeliver = async (_receipt, take) => {
      lease.isHeld = false
      return take()
    }
    await worker.runOnce()
    expect(id && at(id)).toBe('synced')
  })

  test('takes the receipt up again when it has the lease back, and looks it up first', async () => {
    const { clock, ofd, lease, worker, till, at } = setUp()
    const [id] = await till(1, 'A')
    const { onDeliver } = ofd
    ofd.onDeliver = async (_receipt, take) => {
      take()
      lease.isHeld = false
      return { kind: 'unknown', reason: 'the OFD did not answer in time' }
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
    const { markSyncing } = journal.transitions
    journal.transitions.markSyncing = (marked) => {
      markSyncing(marked)
      lease.isHeld = false
    }
    await worker.runOnce()
    expect(ofd.sent).toEqual([])
    expect(id && at(id)).toBe('syncing')
  })
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
    const { journal, breaker, deliverer, ofd, receipt } = setUp()
    const id = await pending(journal)
    await journal.write(() => {
      journal.transitions.markSyncing(id)
      journal.transitions.recordUndelivered(id, 'a reset', maybeAtOfd)
    })
    const next = journal.queries.nextToDeliver('POS-001')
    if (!next) throw new Error('no receipt')
    for (let i = 0; i < THRESHOLD; i++) await breaker.run(id, async () => DOWN)
    expect(await deliverer.deliver(next, () => true)).toBe('not_sent')
    expect(receipt(id)).toMatchObject({ status: 'pending', maybeAtOfd, retryCount: 0, lastError: 'a reset' })
    expect([...ofd.sent, ...ofd.lookedUp]).toEqual([])
  },
)

test('the fencing token of the lease goes along with each receipt', async () => {
  const { ofd, lease, worker, till } = setUp()
  await till(2, 'A')
  const tokens: (number | undefined)[] = []
  const { deliver } = ofd
  ofd.deliver = (receipt, token) => {
    tokens.push(token)
    return deliver.call(ofd, receipt)
  }
  lease.fencingToken = 7
  await worker.runOnce()
  expect(tokens).toEqual([7, 7])
})
