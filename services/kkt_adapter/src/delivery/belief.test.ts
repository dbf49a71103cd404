/** Delivery trusts only the answers of the OFD that its earlier answers make credible. */
import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import { pending, TestOfd } from '../testing/kit.ts'
import { INTERVAL_MS, setUp, THRESHOLD } from '../testing/worker_kit.ts'
import type { OfdOutcome } from './ofd_client.ts'

const done = (ofdId: string, isNamed: boolean): OfdOutcome => ({ kind: 'done', ofdId, atMs: null, isNamed })
const REPEATED = 'the OFD answered 200 with the ofd_id of another receipt, and named no receipt_id'

/** One receipt delivered as OFD-1, and a pending one of another till. */
async function oneDelivered(options: Parameters<typeof setUp>[0] = {}) {
  const kit = setUp(options)
  const { ofd, worker, till } = kit
  ofd.onDeliver = async () => done('OFD-1', false)
  await till(1, 'A')
  await worker.runOnce()
  const [next] = await till(1, 'B')
  if (!next) throw new Error('no receipt')
  return { ...kit, next }
}

describe('invariant 4: an acceptance that names no receipt', () => {
  test('under an ofd_id of another one is not believed: the receipt is looked up before it is sent again', async () => {
    const { clock, ofd, worker, next, receipt } = await oneDelivered()
    await worker.runOnce()
    expect(receipt(next)).toMatchObject({ status: 'pending', maybeAtOfd: true, lastError: REPEATED })
    ofd.onDeliver = async (_receipt, take) => take()
    await clock.advance(INTERVAL_MS)
    await worker.runOnce()
    expect([ofd.lookedUp, ofd.sent.slice(-2)]).toEqual([[next], [next, next]])
    expect(receipt(next)?.ofdId).toBe(`OFD-${next}`)
  })

  test('leaves the OFD the time to finish what it did not answer', async () => {
    const { clock, ofd, worker, next, at } = await oneDelivered({ settleMs: INTERVAL_MS })
    await worker.runOnce()
    const synced = worker.syncNow()
    await clock.advance(INTERVAL_MS - 1)
    expect(ofd.lookedUp).toEqual([])
    ofd.ledger.add(next)
    await clock.advance(1)
    expect(await synced).toMatchObject({ synced: 1 })
    expect(at(next)).toBe('synced')
  })

  test('is not believed either after a restart', async () => {
    const { clock, journal, ofd, next } = await oneDelivered()
    const restarted = setUp({ clock, journal, ofd })
    await restarted.worker.runOnce()
    expect(restarted.receipt(next)).toMatchObject({ status: 'pending', lastError: REPEATED })
  })

  test.each(['sent', 'looked up'] as const)(
    'is not believed either while the other one, which was %s, is still to be recorded',
    async (how) => {
      const { journal, ofd, lease, worker, till, at } = setUp()
      await journal.write((tx) => tx.rememberLookup(ofd.origin))
      const first = how === 'sent' ? await pending(journal, 'A') : await maybeThere(journal, 'A')
      const [second] = await till(1, 'B')
      if (!second) throw new Error('no receipt')
      const [answered, recorded] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      lease.write = async (work) => {
        if (ofd.sent.length + ofd.lookedUp.length > 0) await recorded.promise
        return await journal.write(work)
      }
      ofd.onLookup = async () => ({ kind: 'found', ofdId: 'OFD-1', atMs: null })
      ofd.onDeliver = async ({ id }) => {
        if (id === second) await answered.promise
        return done('OFD-1', false)
      }
      const running = worker.runOnce()
      await settle()
      answered.resolve()
      await settle()
      expect([...ofd.lookedUp, ...ofd.sent]).toEqual([first, second])
      recorded.resolve()
      await running
      expect([first, second].map(at)).toEqual(['synced', 'pending'])
    },
  )

  test('under an ofd_id of its own is believed, also when it is the same again', async () => {
    const { clock, ofd, lease, worker, till, receipt } = setUp()
    const [id] = await till(1, 'A')
    if (!id) throw new Error('no receipt')
    ofd.onDeliver = async () => {
      lease.isHeld = false
      return done('OFD-1', false)
    }
    await worker.runOnce()
    ofd.onDeliver = async () => done('OFD-1', false)
    ofd.onLookup = async () => ({ kind: 'absent' })
    lease.isHeld = true
    await clock.advance(INTERVAL_MS)
    await worker.runOnce()
    expect(receipt(id)).toMatchObject({ status: 'synced', ofdId: 'OFD-1' })
  })

  test('counts for the breaker as any answer that is not one', async () => {
    const { journal, breaker, worker, till } = await oneDelivered()
    for (let i = 1; i < THRESHOLD; i++) await till(1, `C-${i}`)
    await worker.runOnce()
    expect(breaker.snapshot.state).toBe('OPEN')
    expect(journal.queries.counts()).toMatchObject({ synced: 1, pending: THRESHOLD })
  })
})

test('invariant 4: an acceptance that names its receipt is believed, though its ofd_id began from 1 again', async () => {
  const { ofd, worker, next, receipt } = await oneDelivered()
  ofd.onDeliver = async () => done('OFD-1', true)
  await worker.runOnce()
  expect(receipt(next)).toMatchObject({ status: 'synced', ofdId: 'OFD-1' })
})

test('invariant 4: a look-up that finds the receipt is believed, though its ofd_id began from 1 again', async () => {
  const { clock, ofd, worker, next, receipt } = await oneDelivered()
  await worker.runOnce()
  ofd.onLookup = async () => ({ kind: 'found', ofdId: 'OFD-1', atMs: null })
  await clock.advance(INTERVAL_MS)
  await worker.runOnce()
  expect(receipt(next)).toMatchObject({ status: 'synced', ofdId: 'OFD-1' })
})

describe('invariant 4: an OFD that has answered a look-up', () => {
  const STRANGE = [404, 405, 501].map((status) => `the OFD answered ${status} to the look-up`)
  const NOT_ITS_WORDS = 'in another form than before'

  /** An OFD has answered for one receipt; then a proxy answers the look-up of the next one. */
  async function answeredOnce(first: 'absent' | 'found' | 'rejected', reason: string) {
    const kit = setUp()
    const { journal, ofd, worker } = kit
    await maybeThere(journal, 'A')
    if (first === 'found') ofd.onLookup = async () => ({ kind: 'found', ofdId: 'OFD-1', atMs: null })
    if (first === 'rejected') ofd.onLookup = async () => ({ kind: 'rejected', reason: 'the OFD has rejected it' })
    await worker.runOnce()
    ofd.onLookup = async () => ({ kind: 'unsupported', reason })
    return { ...kit, next: await maybeThere(journal, 'B'), before: ofd.sent.length }
  }

  test.each(STRANGE)('is not believed to have no look-up: %s', async (reason) => {
    const { ofd, worker, next, before, receipt } = await answeredOnce('absent', reason)
    await worker.runOnce()
    expect(receipt(next)).toMatchObject({
      status: 'pending',
      maybeAtOfd: true,
      lastError: `${reason}, ${NOT_ITS_WORDS}`,
    })
    expect(ofd.sent).toHaveLength(before)
  })

  test.each(['absent', 'found', 'rejected'] as const)(
    'in its own words is known after a restart: %s',
    async (first) => {
      const [reason = ''] = STRANGE
      const { clock, journal, ofd, next, before } = await answeredOnce(first, reason)
      const restarted = setUp({ clock, journal, ofd })
      await restarted.worker.runOnce()
      expect([restarted.at(next), ofd.sent.length]).toEqual(['pending', before])
    },
  )

  test('is known before anything is sent by its word: a crash forgets nothing', async () => {
    const { journal, ofd, worker } = setUp()
    await maybeThere(journal, 'A')
    let wasKnown = false
    ofd.onDeliver = async (_receipt, take) => {
      wasKnown = journal.ofds.hasLookup(ofd.origin)
      return take()
    }
    await worker.runOnce()
    expect([ofd.sent.length, wasKnown]).toEqual([1, true])
  })

  test('is known while that is still being journaled, too', async () => {
    const { journal, ofd, worker, receipt } = setUp()
    const [first, next] = [await maybeThere(journal, 'A'), await maybeThere(journal, 'B')]
    const [reason = ''] = STRANGE
    ofd.onLookup = async (id) => (id === first ? { kind: 'absent' } : { kind: 'unsupported', reason })
    await worker.runOnce()
    expect(receipt(next)).toMatchObject({ status: 'pending', lastError: `${reason}, ${NOT_ITS_WORDS}` })
    expect(ofd.sent).toEqual([first])
  })

  test.each(['unsupported', 'outdated', 'unknown'] as const)('is not one that answered %s', async (kind) => {
    const { journal, ofd, worker } = setUp()
    await maybeThere(journal, 'A')
    ofd.onLookup = async () => ({ kind, reason: 'the OFD answered' })
    await worker.runOnce()
    expect(journal.ofds.hasLookup(ofd.origin)).toBe(false)
  })

  test('says nothing of an OFD at another address, which gets the same key again', async () => {
    const { clock, journal, next } = await answeredOnce('absent', '')
    const other = new TestOfd()
    other.origin = 'http://other.test'
    other.onLookup = async () => ({ kind: 'unsupported', reason: 'the OFD answered 404 to the look-up' })
    const moved = setUp({ clock, journal, ofd: other })
    await moved.worker.runOnce()
    expect([moved.at(next), other.sent]).toEqual(['synced', [next]])
  })
})

/** A pending receipt that was sent to the OFD once, without a clear outcome. */
async function maybeThere(journal: Journal, posId: string): Promise<ReceiptId> {
  const id = await pending(journal, posId)
  await journal.write((tx) => {
    tx.markSyncing(id)
    tx.recordUndelivered(id, 'a reset', true)
  })
  return id
}
