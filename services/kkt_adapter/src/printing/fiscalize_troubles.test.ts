import { describe, expect, test } from 'bun:test'
import type { MockKkt } from '@kkt/mock-kkt/in_process/mock_kkt.ts'
import type { TestClock } from '@kkt/platform/testing.ts'
import type { KktDriver } from '../kkt/driver.ts'
import { createJournalLease } from '../lease/journal_lease.ts'
import { fiscalizerOf, setUp } from '../testing/fiscalizer_kit.ts'
import { accepted, fiscalDoc, memoryJournal, quiet, statusOf, token } from '../testing/kit.ts'
import { setUp as mockKkt } from '../testing/mock_kkt_kit.ts'

describe('a KKT that cannot fiscalise now', () => {
  const BUSY = { kind: 'refused', isLasting: false, reason: 'the KKT is busy' } as const

  test('invariant 3: is looked up, asked how it is, and given the receipt once it is fit', async () => {
    const { journal, fiscalizer, kkt, at } = setUp()
    const { id } = await accepted(journal)
    const { onFiscalize } = kkt
    kkt.trouble = 'busy'
    kkt.onFiscalize = async () => BUSY
    expect([await fiscalizer.runOnce(), at(id)]).toEqual(['worked', 'unknown'])
    expect([await fiscalizer.runOnce(), at(id)]).toEqual(['worked', 'accepted'])
    expect(kkt.lookedUp).toEqual([id])
    for (let i = 0; i < 3; i++) expect([await fiscalizer.runOnce(), at(id)]).toEqual(['blocked', 'accepted'])
    expect(kkt.handed).toEqual([id])
    kkt.trouble = null
    kkt.onFiscalize = onFiscalize
    expect([await fiscalizer.runOnce(), at(id)]).toEqual(['worked', 'pending'])
    expect(kkt.handed).toEqual([id, id])
  })

  test('and says that nothing ails it, is left alone in between: it is asked a few times in ten seconds', async () => {
    const { journal, fiscalizer, kkt, clock, at } = setUp()
    const { id } = await accepted(journal)
    kkt.onFiscalize = async () => BUSY
    fiscalizer.start()
    for (let ms = 0; ms < 10_000; ms += 50) {
      await clock.advance(50)
      // Without a pause it would be asked far more often.
      expect(kkt.handed.length).toBeLessThan(12)
    }
    expect(kkt.handed.length).toBeGreaterThan(3)
    kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: make(), paper: 'printed' })
    await clock.advance(5000)
    expect(at(id)).toBe('pending')
    await fiscalizer.stop()
  })

  test('and then never will, refuses each at once: what came before makes nobody wait', async () => {
    const { journal, fiscalizer, kkt, clock, at } = setUp()
    const { id } = await accepted(journal)
    kkt.onFiscalize = async () => BUSY
    fiscalizer.start()
    await clock.advance(10_000)
    kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'the FN is full' })
    await clock.advance(10_000)
    expect(at(id)).toBe('refused')
    for (let i = 0; i < 3; i++) {
      const next = await accepted(journal)
      fiscalizer.nudge()
      await clock.advance(0)
      expect(at(next.id)).toBe('refused')
    }
    await fiscalizer.stop()
  })

  test('for its shift is over, gets the next one opened', async () => {
    const { journal, fiscalizer, kkt, at } = setUp()
    const { id } = await accepted(journal)
    const { onFiscalize } = kkt
    kkt.trouble = 'shift_expired'
    kkt.onFiscalize = (receiptId, make) =>
      kkt.trouble === null
        ? onFiscalize(receiptId, make)
        : Promise.resolve({ kind: 'refused', isLasting: false, reason: 'the shift has expired' })
    for (let i = 0; i < 4; i++) await fiscalizer.runOnce()
    expect([at(id), kkt.shift.kind, kkt.handed.at(-1)]).toEqual(['pending', 'closed', id])
  })

  test('and does not say how it is, is asked again later', async () => {
    const { journal, fiscalizer, kkt, at } = setUp()
    const { id } = await accepted(journal)
    const { onFiscalize, state } = kkt
    kkt.onFiscalize = async () => BUSY
    kkt.state = async () => null
    for (let i = 0; i < 5; i++) await fiscalizer.runOnce()
    expect(at(id)).toBe('accepted')
    kkt.onFiscalize = onFiscalize
    kkt.state = state
    await fiscalizer.runOnce()
    expect(at(id)).toBe('pending')
  })
})

describe('a document that is not on paper', () => {
  async function withoutPaper() {
    const parts = setUp()
    const { journal, fiscalizer, kkt } = parts
    const { id } = await accepted(journal)
    const next = await accepted(journal)
    const { onFiscalize } = kkt
    kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: make(), paper: 'missing' })
    await fiscalizer.runOnce()
    kkt.onFiscalize = onFiscalize
    return { ...parts, id, next: next.id }
  }
  const paperOut = async () => ({ kind: 'refused', isLasting: false, reason: 'no paper' }) as const

  test('is fiscalised and goes on to the OFD all the same', async () => {
    const { journal, id, kkt, timesPrinted } = await withoutPaper()
    expect(journal.queries.find(id)).toMatchObject({
      status: 'pending',
      needsPaper: true,
      fiscalDoc: kkt.documents.get(id),
    })
    expect(timesPrinted()).toBe(1)
  })

  test('invariant 2: is reprinted, never fiscalised again, before anything else is', async () => {
    const { journal, fiscalizer, kkt, id, next, at } = await withoutPaper()
    kkt.onReprint = paperOut
    for (let i = 0; i < 3; i++) expect(await fiscalizer.runOnce()).toBe('blocked')
    expect(at(next)).toBe('accepted')
    kkt.onReprint = async () => ({ kind: 'done' })
    expect(await fiscalizer.runOnce()).toBe('worked')
    expect(journal.queries.find(id)).toMatchObject({ status: 'pending', needsPaper: false })
    await fiscalizer.runOnce()
    expect(at(next)).toBe('pending')
    expect([kkt.handed, kkt.reprinted]).toEqual([
      [id, next],
      [id, id, id, id],
    ])
  })

  test('that the FN which is there now does not hold, is never asked for again, and keeps nothing from being printed', async () => {
    const { journal, fiscalizer, kkt, clock, lease, id, next, at } = await withoutPaper()
    kkt.onReprint = async (receiptId) =>
      receiptId === id ? { kind: 'refused', isLasting: true, reason: 'no such document' } : { kind: 'done' }
    for (let i = 0; i < 2; i++) expect(await fiscalizer.runOnce()).toBe('worked')
    expect(journal.queries.find(id)).toMatchObject({ status: 'pending', needsPaper: false, isPaperLost: true })
    expect([at(next), journal.queries.countWithoutPaper()]).toEqual(['pending', 0])
    // A receipt behind it that is in this FN is still reprinted.
    const { onFiscalize } = kkt
    kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: make(), paper: 'missing' })
    const another = await accepted(journal)
    await fiscalizer.runOnce()
    kkt.onFiscalize = onFiscalize
    await fiscalizer.runOnce()
    expect(await fiscalizer.runOnce()).toBe('idle')
    const restarted = fiscalizerOf({ journal, lease, clock, driver: kkt })
    for (let i = 0; i < 2; i++) await restarted.runOnce()
    expect([journal.queries.countWithoutPaper(), kkt.reprinted]).toEqual([0, [id, another.id]])
    expect(kkt.handed.filter((one) => one === id)).toEqual([id])
  })

  test('is also one that a look-up finds so', async () => {
    const { journal, fiscalizer, kkt } = setUp()
    const { id } = await accepted(journal)
    kkt.onFiscalize = async (_id, make) => {
      make()
      return { kind: 'unknown', reason: 'the reply was lost' }
    }
    kkt.onLookup = async () => ({ kind: 'found', doc: fiscalDoc(1_000_003), paper: 'missing' })
    await fiscalizer.runOnce()
    await fiscalizer.runOnce()
    expect(journal.queries.find(id)).toMatchObject({ status: 'pending', needsPaper: true })
  })
})

describe('invariant 6: a KKT that has seen a newer token', () => {
  const HOUR_MS = 3_600_000

  /** An adapter with an empty buffer on this KKT, as after the loss of its buffer; it takes the lease at this time. */
  async function newBuffer(clock: TestClock, driver: KktDriver, self: string) {
    const journal = memoryJournal(clock)
    const lease = createJournalLease({ journal, clock, logger: quiet, self, name: 'KKT-001' })
    const fiscalizer = fiscalizerOf({ journal, lease, clock, driver })
    await lease.turn()
    return { journal, lease, fiscalizer }
  }

  async function outdatedBuffer() {
    const { clock, kkt, fds } = mockKkt()
    clock.setWallBy(48 * HOUR_MS)
    const first = await newBuffer(clock, kkt(), 'host|1|a')
    await accepted(first.journal)
    // The shift is over by then, so the receipt is refused, looked up, and printed in the next shift.
    for (let step = 0; step < 4; step++) await first.fiscalizer.runOnce()
    clock.setWallBy(-48 * HOUR_MS)
    return { clock, kkt, fds, first, second: await newBuffer(clock, kkt(), 'host|2|b') }
  }

  test.each([
    ['a receipt', async () => undefined],
    ['a shift that is over', async (kkt: MockKkt) => void kkt.faults.configure({ shift_expired: true })],
  ])('serves who has the lease all the same, in a few steps: %s', async (_what, prepare) => {
    const { kkt, fds, first, second } = await outdatedBuffer()
    await prepare(kkt())
    const { id } = await accepted(second.journal)
    const steps = []
    for (let step = 0; step < 8; step++) steps.push(await second.fiscalizer.runOnce())
    expect([statusOf(second.journal, id), fds().length]).toEqual(['pending', 2])
    expect(steps.filter((step) => step === 'blocked').length).toBeLessThanOrEqual(2)
    expect(second.lease.token()).toBeGreaterThan(first.lease.token() ?? 0)
  })

  test('opens the next shift for who has the lease', async () => {
    const { kkt, second } = await outdatedBuffer()
    kkt().faults.configure({ shift_expired: true })
    const { id } = await accepted(second.journal)
    // The receipt is refused with a token that the KKT accepts, and looked up. Then another adapter comes and goes.
    for (let step = 0; step < 4; step++) await second.fiscalizer.runOnce()
    expect(statusOf(second.journal, id)).toBe('unknown')
    await second.fiscalizer.runOnce()
    await kkt().lookup(id, token(Number(second.lease.token()) + HOUR_MS))
    for (let step = 0; step < 3; step++) await second.fiscalizer.runOnce()
    expect(statusOf(second.journal, id)).toBe('pending')
  })

  test('prints what is not on paper for who has the lease', async () => {
    const { clock, kkt, second } = await outdatedBuffer()
    const { id } = await accepted(second.journal)
    kkt().faults.configure({ paper_out: true })
    for (let step = 0; step < 4; step++) await second.fiscalizer.runOnce()
    expect([statusOf(second.journal, id), second.journal.queries.countWithoutPaper()]).toEqual(['pending', 1])
    // Another adapter comes and goes.
    await kkt().lookup(id, token(Number(second.lease.token()) + HOUR_MS))
    kkt().faults.configure({ paper_out: false })
    expect(await second.fiscalizer.runOnce()).toBe('blocked')
    const printed = second.fiscalizer.runOnce()
    await clock.advance(0)
    expect(await printed).toBe('worked')
    expect(second.journal.queries.countWithoutPaper()).toBe(0)
  })

  test('gives nothing to a process that was overtaken, which takes no newer token for itself', async () => {
    const { journal, fiscalizer, kkt, lease, at } = setUp()
    const { id } = await accepted(journal)
    kkt.onFiscalize = async () => ({ kind: 'outdated', newest: token(9), reason: 'another drives it' })
    kkt.onLookup = async () => {
      lease.isHeld = false
      return { kind: 'outdated', newest: token(9), reason: 'another drives it' }
    }
    await fiscalizer.runOnce()
    expect(await fiscalizer.runOnce()).toBe('blocked')
    expect([at(id), lease.now, kkt.documents.size]).toEqual(['unknown', token(1), 0])
  })

  test('does not come after one that no adapter gives: the OFD would not take that', async () => {
    const { journal, fiscalizer, kkt, lease } = setUp()
    await accepted(journal)
    const newest = token(2 ** 53)
    kkt.onFiscalize = kkt.onLookup = async () => ({ kind: 'outdated', newest, reason: 'another drives it' })
    await fiscalizer.runOnce()
    expect(await fiscalizer.runOnce()).toBe('blocked')
    expect(lease.now).toBe(token(1))
  })
})
