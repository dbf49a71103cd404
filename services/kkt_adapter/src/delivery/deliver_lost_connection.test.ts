import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { pending } from '../testing/kit.ts'
import { DOWN, setUp, THRESHOLD } from '../testing/worker_kit.ts'

const SETTLE_MS = 4000
const LOST = { kind: 'connection_lost', reason: 'the connection to the OFD failed (ECONNRESET)' } as const

/** A receipt whose connection was dead; the OFD will take its next submission. */
async function lost() {
  const kit = setUp({ settleMs: SETTLE_MS })
  const { clock, journal, ofd, deliver } = kit
  await clock.advance(SETTLE_MS)
  const id = await pending(journal)
  const next = journal.queries.nextToDeliver('POS-001')
  if (!next) throw new Error('no receipt')
  const { onDeliver } = ofd
  let take = () => {}
  ofd.onDeliver = async (_receipt, takeIt) => {
    take = takeIt
    ofd.onDeliver = onDeliver
    return LOST
  }
  const stopping = new AbortController()
  const delivery = deliver(next, stopping.signal)
  await settle()
  return { ...kit, id, delivery, stopping, take: () => take() }
}

describe('invariant 4: a receipt that went over a dead connection', () => {
  test('is looked up when the OFD has had its time, and sent again when it is absent', async () => {
    const { clock, ofd, delivery, receipt, id, breaker } = await lost()
    await clock.advance(SETTLE_MS - 1)
    expect([ofd.lookedUp.length, ofd.sent.length]).toEqual([0, 1])
    await clock.advance(1)
    expect(await delivery).toMatchObject({ delivery: 'synced' })
    expect([ofd.lookedUp.length, ofd.sent.length]).toEqual([1, 2])
    expect(receipt(id)).toMatchObject({ status: 'synced', retryCount: 0 })
    expect(breaker.snapshot.failureCount).toBe(0)
  })

  test('is not sent again when the OFD was at work on it after all', async () => {
    const { clock, ofd, delivery, take } = await lost()
    await clock.advance(SETTLE_MS - 1)
    take()
    await clock.advance(1)
    expect(await delivery).toMatchObject({ delivery: 'synced' })
    expect([ofd.lookedUp.length, ofd.sent.length]).toEqual([1, 1])
  })

  test('is one failure when the fresh connection brings one', async () => {
    const { clock, ofd, delivery, receipt, id, breaker } = await lost()
    ofd.onDeliver = async () => DOWN
    await clock.advance(SETTLE_MS)
    expect(await delivery).toMatchObject({ delivery: 'failed' })
    expect(receipt(id)).toMatchObject({ status: 'pending', maybeAtOfd: true, retryCount: 1 })
    expect(breaker.snapshot.failureCount).toBe(1)
  })

  test('invariant 11: is one failure of the OFD when the fresh connection is lost, too', async () => {
    const { clock, ofd, delivery, receipt, id, breaker } = await lost()
    ofd.onDeliver = async () => LOST
    await clock.advance(SETTLE_MS)
    expect(await delivery).toMatchObject({ delivery: 'failed' })
    expect([ofd.lookedUp.length, ofd.sent.length]).toEqual([1, 2])
    expect(receipt(id)).toMatchObject({ status: 'pending', maybeAtOfd: true, retryCount: 1, lastError: LOST.reason })
    expect(breaker.snapshot.failureCount).toBe(1)
  })

  test.each<[string, (kit: Awaited<ReturnType<typeof lost>>) => unknown]>([
    [
      'the breaker has opened',
      async ({ breaker, id }) => {
        for (let i = 0; i < THRESHOLD; i++) await breaker.run(id, async () => DOWN)
      },
    ],
    ['the OFD asks to be left alone', ({ breaker }) => breaker.waitAtLeast(60_000)],
    ['the work is to end', ({ stopping }) => stopping.abort()],
  ])('waits, and may have arrived, where meanwhile %s', async (_what, befalls) => {
    const kit = await lost()
    await befalls(kit)
    const { failureCount } = kit.breaker.snapshot
    await kit.clock.advance(SETTLE_MS)
    expect(await kit.delivery).toMatchObject({ delivery: 'not_sent' })
    expect(kit.receipt(kit.id)).toMatchObject({ status: 'pending', maybeAtOfd: true, retryCount: 0 })
    expect([kit.ofd.lookedUp.length, kit.ofd.sent.length]).toEqual([0, 1])
    expect(kit.breaker.snapshot.failureCount).toBe(failureCount)
  })

  test('is left to the new holder of the lease', async () => {
    const { clock, ofd, lease, delivery, at, id } = await lost()
    lease.isHeld = false
    await clock.advance(SETTLE_MS)
    expect(await delivery).toMatchObject({ delivery: 'abandoned' })
    expect([at(id), ofd.lookedUp.length]).toEqual(['syncing', 0])
  })
})
