import { describe, expect, test } from 'bun:test'
import { fetchOver } from '@kkt/platform/fetch.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { powerCycledOfd } from '../testing/peer.ts'
import { BREAKER_TIMEOUT_MS, DOWN, setUp, THRESHOLD } from '../testing/worker_kit.ts'
import { createOfdClient } from './ofd_client.ts'
import { createOfdSend } from './ofd_connection.ts'

const TILLS = Array.from({ length: 8 }, (_, i) => `POS-${i}`)
/** Longer than an idle pooled connection is trusted. */
const PAUSE_MS = 2000

/** A shop with one sold receipt at each till; the pool holds one connection for each. */
async function shop() {
  const peer = await powerCycledOfd(TILLS.length)
  const kit = setUp({
    maxInFlight: TILLS.length,
    clientOf: ({ clock, breaker }) =>
      createOfdClient({
        url: peer.url,
        kktId: 'KKT-001',
        timeoutMs: 5000,
        clock,
        send: createOfdSend({ send: fetchOver, clock, onRetryAfter: breaker.waitAtLeast }),
      }),
  })
  const sell = async () => (await Promise.all(TILLS.map((posId) => kit.till(1, posId)))).flat()
  await sell()
  await kit.worker.runOnce()
  expect([peer.ledger.length, peer.sockets.length]).toEqual([TILLS.length, TILLS.length])
  const expectOnce = (ids: ReceiptId[]) => {
    for (const id of ids) expect([kit.at(id), peer.ledger.filter((one) => one === id).length]).toEqual(['synced', 1])
  }
  return { ...kit, peer, sell, expectOnce }
}

describe('an OFD that is back from a power cycle', () => {
  test('invariant 11: gets everything by the first probe: it goes over no earlier connection, nor does the rest', async () => {
    const { clock, breaker, worker, peer, sell, changes, expectOnce } = await shop()
    peer.powerCycle()
    await clock.advance(PAUSE_MS)
    const ids = await sell()
    for (const id of ids.slice(0, THRESHOLD)) await breaker.run(id, async () => DOWN)
    expect(breaker.snapshot.state).toBe('OPEN')
    await clock.advance(BREAKER_TIMEOUT_MS)
    await worker.runOnce()
    expect(changes).toEqual(['CLOSED>OPEN', 'OPEN>HALF_OPEN', 'HALF_OPEN>CLOSED'])
    expectOnce(ids)
    expect(peer.resets).toBe(0)
  })

  test('a manual sync delivers everything', async () => {
    const { clock, worker, peer, sell, changes, expectOnce } = await shop()
    peer.powerCycle()
    await clock.advance(PAUSE_MS)
    const ids = await sell()
    expect(await worker.syncNow()).toMatchObject({ synced: TILLS.length, failed: 0, skipped: 0, remaining: 0 })
    expectOnce(ids)
    expect([changes, peer.resets]).toEqual([[], 0])
  })
})

describe('connections that die while the tills sell', () => {
  test('invariant 11: are no failures of the OFD, nor attempts of their receipts', async () => {
    const { worker, peer, sell, changes, breaker, receipt, expectOnce } = await shop()
    peer.powerCycle()
    const ids = await sell()
    expect(await worker.syncNow()).toMatchObject({ synced: TILLS.length, failed: 0, skipped: 0, remaining: 0 })
    expectOnce(ids)
    expect(peer.resets).toBe(TILLS.length)
    expect([changes, breaker.snapshot.failureCount]).toEqual([[], 0])
    expect(ids.map((id) => receipt(id)?.retryCount)).toEqual(ids.map(() => 0))
  })
})
