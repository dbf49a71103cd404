import { describe, expect, test } from 'bun:test'
import { backoffMs } from '@kkt/platform/backoff.ts'
import { settle } from '@kkt/platform/testing.ts'
import { pending } from '../testing/kit.ts'
import { failOnce } from '../testing/verbs.ts'
import { BAD_TOKEN, DOWN, INTERVAL_MS, setUp } from '../testing/worker_kit.ts'

/** A till's backoff after its first failure. */
const FIRST_BACKOFF_MS = backoffMs(1, INTERVAL_MS, () => 0.5)

/** A promise that a test resolves by hand. */
const gate = () => Promise.withResolvers<void>()

describe('invariant 5: in order', () => {
  test('the receipts of one till reach the OFD in FD order, one at a time', async () => {
    const { ofd, worker, till } = setUp()
    const ids = await till(5, 'A')
    let underWay = 0
    ofd.onDeliver = async (_receipt, take) => {
      underWay += 1
      await settle()
      expect(underWay).toBe(1)
      underWay -= 1
      return take()
    }
    await worker.runOnce()
    expect(ofd.sent).toEqual(ids)
  })

  test('a till whose receipt hangs at the OFD holds up no other till', async () => {
    const { ofd, worker, till, at } = setUp()
    const [slow] = await till(2, 'A')
    const others = await till(3, 'B')
    const hang = gate()
    ofd.onDeliver = async (receipt, take) => {
      if (receipt.id === slow) await hang.promise
      return take()
    }
    const running = worker.runOnce()
    await settle()
    expect(others.map(at)).toEqual(['synced', 'synced', 'synced'])
    expect(ofd.sent.filter((id) => !others.includes(id))).toEqual(slow ? [slow] : [])
    hang.resolve()
    await running
  })

  test('a receipt that fails is tried again before the next of its till', async () => {
    const { clock, ofd, worker, till } = setUp()
    const [first, second] = await till(2, 'A')
    let failures = 1
    ofd.onDeliver = async (_receipt, take) => (failures-- > 0 ? DOWN : take())
    await worker.runOnce()
    await clock.advance(INTERVAL_MS)
    await worker.runOnce()
    expect(ofd.sent).toEqual([first, first, second].filter((id) => id !== undefined))
  })

  test('no more tills are served at once than allowed', async () => {
    const { ofd, worker, till } = setUp({ maxInFlight: 2 })
    await Promise.all(['A', 'B', 'C', 'D'].map((posId) => till(2, posId)))
    let underWay = 0
    let most = 0
    ofd.onDeliver = async (_receipt, take) => {
      most = Math.max(most, ++underWay)
      await settle()
      underWay -= 1
      return take()
    }
    await worker.runOnce()
    expect(most).toBe(2)
    expect(ofd.ledger.size).toBe(8)
  })
})

describe('invariant 4: delivered once in effect', () => {
  test('what the OFD took before its answer was lost is found by look-up and not sent again', async () => {
    const { clock, ofd, worker, till, at } = setUp()
    const [id] = await till(1, 'A')
    ofd.onDeliver = async (_receipt, take) => {
      take()
      return DOWN
    }
    await worker.runOnce()
    await clock.advance(INTERVAL_MS)
    await worker.runOnce()
    expect(id && at(id)).toBe('synced')
    expect(ofd.sent).toHaveLength(1)
    expect(ofd.lookedUp).toHaveLength(1)
  })

  test('a receipt that a former sender left in syncing is looked up first', async () => {
    const { journal, ofd, worker, till, at } = setUp()
    const [id] = await till(1, 'A')
    if (!id) throw new Error('no receipt')
    await journal.write((tx) => tx.markSyncing(id))
    ofd.ledger.add(id)
    await worker.runOnce()
    expect(at(id)).toBe('synced')
    expect(ofd.sent).toEqual([])
  })

  test.each([
    ['while the look-up gives no answer nothing is sent', 'unknown', 1, 'pending'],
    ['an OFD without a look-up gets the receipt again', 'unsupported', 2, 'synced'],
  ] as const)('%s', async (_what, kind, timesSent, status) => {
    const { clock, ofd, worker, till, takeDown, bringBack, at } = setUp()
    const [id] = await till(1, 'A')
    takeDown()
    await worker.runOnce()
    bringBack()
    ofd.onLookup = async () => ({ kind, reason: 'the look-up gave nothing' })
    await clock.advance(INTERVAL_MS)
    await worker.runOnce()
    expect([ofd.sent.length, id && at(id)]).toEqual([timesSent, status])
  })
})

test('invariant 4: a refusal by somebody in between does not make forget that the OFD may hold it', async () => {
  const { clock, ofd, worker, till, at, bringBack } = setUp()
  const [id] = await till(1, 'A')
  ofd.onDeliver = async (_receipt, take) => {
    take()
    return DOWN
  }
  await worker.runOnce()
  ofd.onLookup = async () => ({ kind: 'unsupported', reason: 'the OFD answered 404 to the look-up' })
  ofd.onDeliver = async () => BAD_TOKEN
  await clock.advance(INTERVAL_MS)
  await worker.runOnce()
  bringBack()
  await clock.advance(INTERVAL_MS)
  await worker.runOnce()
  expect(id && at(id)).toBe('synced')
  expect(ofd.sent).toHaveLength(2)
})

describe('invariant 6: one sender', () => {
  test('without the lease nothing is sent and nothing is reclaimed', async () => {
    const { journal, ofd, worker, lease, till, at } = setUp()
    const [first] = await till(2, 'A')
    if (!first) throw new Error('no receipt')
    await journal.write((tx) => tx.markSyncing(first))
    lease.isHeld = false
    await worker.runOnce()
    expect(ofd.sent).toEqual([])
    expect(at(first)).toBe('syncing')
    expect(await worker.syncNow()).toMatchObject({ synced: 0, skipped: 2, remaining: 2, ended: 'not_sender' })
  })

  test('a sender that loses the lease in the middle sends no further receipt', async () => {
    const { ofd, worker, lease, till, at } = setUp()
    const ids = await till(3, 'A')
    ofd.onDeliver = async (_receipt, take) => {
      lease.isHeld = false
      return take()
    }
    await worker.runOnce()
    expect(ofd.sent).toHaveLength(1)
    expect(ids.map(at)).toEqual(['syncing', 'pending', 'pending'])
  })
})

test('what nobody told of is delivered after the interval', async () => {
  const { clock, journal, worker, at } = setUp()
  worker.start()
  await settle()
  const id = await pending(journal)
  await clock.advance(INTERVAL_MS - 1)
  expect(at(id)).toBe('pending')
  await clock.advance(1)
  expect(at(id)).toBe('synced')
  await worker.stop()
})

test('a receipt that was taken ends the row of failures that made its till wait longer', async () => {
  const { clock, ofd, worker, till, at } = setUp()
  const ids = await till(2, 'A')
  const failing = [...ids]
  ofd.onDeliver = async ({ id }, take) => (failing[0] === id && failing.shift() ? DOWN : take())
  worker.start()
  await clock.advance(2 * FIRST_BACKOFF_MS)
  expect(ids.map(at)).toEqual(['synced', 'synced'])
  await worker.stop()
})

test('nothing is kept of a till with an empty queue: what comes then goes before what was tried already', async () => {
  const { clock, journal, ofd, worker } = setUp({ maxInFlight: 1 })
  await clock.advance(1)
  const failing = await pending(journal, 'A')
  ofd.onDeliver = async () => {
    ofd.onDeliver = async (_receipt, take) => take()
    return DOWN
  }
  worker.start()
  await clock.advance(FIRST_BACKOFF_MS - 1)
  await pending(journal, 'B')
  worker.nudge()
  await settle()
  const next = await pending(journal, 'B')
  await clock.advance(1)
  expect(ofd.sent.slice(2)).toEqual([next, failing])
  await worker.stop()
})

test('stop lets what is under way end and starts nothing more', async () => {
  const { ofd, worker, till, at } = setUp()
  const ids = await till(2, 'A')
  const hang = gate()
  ofd.onDeliver = async (_receipt, take) => {
    await hang.promise
    return take()
  }
  worker.start()
  await settle()
  const stopped = worker.stop()
  hang.resolve()
  await stopped
  expect(ids.map(at)).toEqual(['synced', 'pending'])
})

test('what fails while the work ends is no attempt of the receipt: it may have been cut off', async () => {
  const { journal, worker, receipt, hold } = setUp()
  const id = await pending(journal, 'A')
  const answer = hold('A')
  worker.start()
  await settle()
  const stopped = worker.stop()
  answer(DOWN)
  await stopped
  expect(receipt(id)).toMatchObject({ status: 'pending', maybeAtOfd: true, retryCount: 0 })
})

test('a delivery that cannot be recorded is reclaimed and looked up when the journal can be written again', async () => {
  const { journal, clock, ofd, worker, till, at } = setUp()
  const [id] = await till(1, 'A')
  if (!id) throw new Error('no receipt')
  failOnce(journal, 'recordSynced')
  worker.start()
  await settle()
  expect(at(id)).toBe('pending')
  await clock.advance(INTERVAL_MS)
  expect(at(id)).toBe('synced')
  expect(ofd.lookedUp).toHaveLength(1)
  expect(ofd.sent).toHaveLength(1)
  await worker.stop()
})
