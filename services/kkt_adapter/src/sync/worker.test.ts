import { describe, expect, test } from 'bun:test'
import { settle, TestClock } from '@kkt/platform/testing.ts'
import { createBreaker } from '../ofd/breaker.ts'
import type { OfdOutcome } from '../ofd/client.ts'
import type { ReceiptId } from '../receipts/receipt.ts'
import { memoryJournal, pending, quiet, statusOf, TestOfd, testLease } from '../testing/kit.ts'
import { createDeliverer } from './deliver.ts'
import { createWorker } from './worker.ts'

const THRESHOLD = 3
const BREAKER_TIMEOUT_MS = 10_000
const INTERVAL_MS = 5000
const HOUR_MS = 3_600_000

const DOWN: OfdOutcome = { kind: 'unknown', reason: 'the OFD answered 503' }
const BAD_RECEIPT: OfdOutcome = { kind: 'refused', blames: 'receipt', reason: 'the OFD answered 422' }
const BAD_TOKEN: OfdOutcome = { kind: 'refused', blames: 'service', reason: 'the OFD answered 401' }

function setUp({ maxRetryAttempts = 20, maxInFlight = 10 } = {}) {
  const clock = new TestClock()
  const journal = memoryJournal(clock)
  const ofd = new TestOfd()
  const lease = testLease()
  const changes: string[] = []
  const breaker = createBreaker({
    threshold: THRESHOLD,
    timeoutMs: BREAKER_TIMEOUT_MS,
    clock,
    onChange: (from, to) => changes.push(`${from}>${to}`),
  })
  const deliverer = createDeliverer({
    ...{ journal, ofd, breaker, lease, maxRetryAttempts },
    logger: quiet,
  })
  const worker = createWorker({
    ...{ journal, deliverer, breaker, lease, clock, maxInFlight },
    logger: quiet,
    random: () => 0.5,
    intervalMs: INTERVAL_MS,
  })
  const at = (id: ReceiptId) => statusOf(journal, id)
  const receipt = (id: ReceiptId) => journal.queries.find(id)
  const till = (count: number, posId: string) =>
    Promise.all(Array.from({ length: count }, () => pending(journal, posId)))
  /** The OFD goes away: what it had taken it still holds, but it answers nothing. */
  const takeDown = () => {
    ofd.onDeliver = async () => DOWN
    ofd.onLookup = async () => ({ kind: 'unknown', reason: 'the OFD answered 503 to the look-up' })
  }
  const bringBack = () => {
    const fresh = new TestOfd()
    ofd.onDeliver = fresh.onDeliver
    ofd.onLookup = async (id) => (ofd.ledger.has(id) ? { kind: 'found', ofdId: `OFD-${id}` } : { kind: 'absent' })
  }
  return { clock, journal, ofd, lease, changes, breaker, worker, at, receipt, till, takeDown, bringBack }
}

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
    await journal.write(() => journal.transitions.markSyncing(id))
    ofd.ledger.add(id)
    await worker.runOnce()
    expect(at(id)).toBe('synced')
    expect(ofd.sent).toEqual([])
  })

  test('while the look-up gives no answer nothing is sent', async () => {
    const { clock, ofd, worker, till, takeDown, bringBack } = setUp()
    await till(1, 'A')
    takeDown()
    await worker.runOnce()
    bringBack()
    ofd.onLookup = async () => ({ kind: 'unknown', reason: 'the OFD did not answer in time' })
    await clock.advance(INTERVAL_MS)
    await worker.runOnce()
    expect(ofd.sent).toHaveLength(1)
  })

  test('an OFD without a look-up gets the receipt again', async () => {
    const { clock, ofd, worker, till, takeDown, bringBack, at } = setUp()
    const [id] = await till(1, 'A')
    takeDown()
    await worker.runOnce()
    bringBack()
    ofd.onLookup = async () => ({ kind: 'unsupported' })
    await clock.advance(INTERVAL_MS)
    await worker.runOnce()
    expect(ofd.sent).toHaveLength(2)
    expect(id && at(id)).toBe('synced')
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
  ofd.onLookup = async () => ({ kind: 'unsupported' })
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
    await journal.write(() => journal.transitions.markSyncing(first))
    lease.isHeld = false
    await worker.runOnce()
    expect(ofd.sent).toEqual([])
    expect(at(first)).toBe('syncing')
    expect(await worker.syncNow()).toMatchObject({ synced: 0, skipped: 2, remaining: 2, isSender: false })
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
    expect(ids.map(at)).toEqual(['synced', 'pending', 'pending'])
  })
})

describe('invariant 7: an outage kills nothing', () => {
  test('an hour without the OFD dead-letters nothing, counts no probe, and all arrive afterwards', async () => {
    const { clock, journal, ofd, worker, till, takeDown, bringBack, receipt } = setUp({ maxRetryAttempts: 3 })
    const ids = (await Promise.all(['A', 'B', 'C', 'D', 'E'].map((posId) => till(4, posId)))).flat()
    takeDown()
    worker.start()
    await clock.advance(HOUR_MS)
    expect(journal.queries.counts()).toMatchObject({ pending: 20, failed: 0 })
    expect(Math.max(...ids.map((id) => receipt(id)?.retryCount ?? 0))).toBeLessThanOrEqual(1)
    const probesPossible = HOUR_MS / BREAKER_TIMEOUT_MS
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
    await clock.advance(HOUR_MS)
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
    await clock.advance(HOUR_MS)
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
    await clock.advance(HOUR_MS)
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
      await journal.write(() => journal.transitions.requeue(bad))
    }
    expect(changes).toEqual([])
  })

  test('a poison receipt at the head of one till does not keep an open breaker from closing', async () => {
    const { clock, ofd, worker, till, at, takeDown, bringBack } = setUp()
    const [poison] = await till(1, 'A')
    const [good] = await till(1, 'B')
    takeDown()
    worker.start()
    await clock.advance(HOUR_MS)
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
    const { clock, ofd, worker, till, takeDown, bringBack, changes, journal } = setUp()
    await Promise.all(['A', 'B', 'C', 'D'].map((posId) => till(3, posId)))
    takeDown()
    worker.start()
    await settle()
    expect(changes).toEqual(['CLOSED>OPEN'])
    const asked = () => ofd.sent.length + ofd.lookedUp.length
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

  test('a manual sync probes an open breaker at once and delivers everything', async () => {
    const { ofd, worker, till, takeDown, bringBack, breaker, clock } = setUp()
    await Promise.all(['A', 'B', 'C', 'D'].map((posId) => till(3, posId)))
    takeDown()
    worker.start()
    await settle()
    expect(breaker.snapshot.state).toBe('OPEN')
    bringBack()
    expect(await worker.syncNow()).toMatchObject({ synced: 12, failed: 0, skipped: 0, remaining: 0, isSender: true })
    expect(ofd.ledger.size).toBe(12)
    expect(breaker.snapshot.state).toBe('CLOSED')
    expect(clock.monotonicMs()).toBe(0)
    await worker.stop()
  })

  test('a manual sync while the OFD is away spends one probe and says what is left', async () => {
    const { ofd, worker, till, takeDown, breaker } = setUp()
    await till(5, 'A')
    takeDown()
    for (let i = 0; i < THRESHOLD; i++) await worker.syncNow()
    expect(breaker.snapshot.state).toBe('OPEN')
    const asked = ofd.sent.length + ofd.lookedUp.length
    expect(await worker.syncNow()).toMatchObject({ synced: 0, failed: 1, skipped: 4, remaining: 5 })
    expect(ofd.sent.length + ofd.lookedUp.length).toBe(asked + 1)
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

test('a delivery that cannot be recorded is reclaimed and looked up when the journal can be written again', async () => {
  const { journal, clock, ofd, worker, till, at } = setUp()
  const [id] = await till(1, 'A')
  if (!id) throw new Error('no receipt')
  const { recordSynced } = journal.transitions
  journal.transitions.recordSynced = () => {
    journal.transitions.recordSynced = recordSynced
    throw new Error('the disk is full')
  }
  worker.start()
  await settle()
  expect(at(id)).toBe('pending')
  await clock.advance(INTERVAL_MS)
  expect(at(id)).toBe('synced')
  expect(ofd.lookedUp).toHaveLength(1)
  expect(ofd.sent).toHaveLength(1)
  await worker.stop()
})
