import { describe, expect, test } from 'bun:test'
import { processIdentity } from '@kkt/platform/process_identity.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Journal } from '../journal/journal.ts'
import { accepted, memoryJournal, quiet, statusOf, token } from '../testing/kit.ts'
import { failOnce } from '../testing/verbs.ts'
import { createJournalLease, RENEW_EVERY_MS } from './journal_lease.ts'
import { type Lease, LeaseLost } from './lease.ts'
import { TRUST_MS, TTL_MS } from './tenure.ts'

/** A process in a container of its own: no other process can tell whether it lives. */
const elsewhere = (name: string) => `container of ${name}|1|${name}`

/** The token of a lease that must be held. */
function held(lease: Lease): FencingToken {
  const now = lease.token()
  if (now === null) throw new Error('the lease is not held')
  return now
}

function contender(journal: Journal, clock: TestClock, self: string) {
  let taken = 0
  const lease = createJournalLease({ journal, clock, self, logger: quiet, name: 'KKT-001' })
  lease.onTaken(() => taken++)
  return Object.assign(lease, { timesTaken: () => taken })
}

function twoProcesses() {
  const clock = new TestClock()
  const journal = memoryJournal(clock)
  return {
    clock,
    journal,
    first: contender(journal, clock, elsewhere('first')),
    second: contender(journal, clock, elsewhere('second')),
  }
}

test('invariant 6: of two processes one holds the lease, and keeps it while it renews', async () => {
  const { clock, first, second } = twoProcesses()
  first.start()
  second.start()
  await clock.advance(10 * TTL_MS)
  expect([first.token() !== null, second.token() !== null]).toEqual([true, false])
  expect([first.timesTaken(), second.timesTaken()]).toEqual([1, 0])
})

test('invariant 6: the other one takes over after the time to live of a silent holder, and at no time do both hold it', async () => {
  const { clock, first, second } = twoProcesses()
  await first.turn()
  second.start()
  let bothHeld = false
  for (let ms = 0; ms < TTL_MS + RENEW_EVERY_MS; ms += 50) {
    await clock.advance(50)
    bothHeld ||= first.token() !== null && second.token() !== null
  }
  expect(bothHeld).toBe(false)
  expect([first.token() !== null, second.token() !== null]).toEqual([false, true])
})

test('invariant 6: a holder that was paused past its trust does not hold it when it wakes, before any turn', async () => {
  const { clock, first } = twoProcesses()
  await first.turn()
  await clock.advance(TRUST_MS - 1)
  expect(first.token() !== null).toBe(true)
  await clock.advance(1)
  expect(first.token() !== null).toBe(false)
})

test.each([
  ['taken', 0],
  ['renewed', 1],
])('invariant 6: one that is %s in a slow commit is trusted from before that began', async (_how, turnsBefore) => {
  const { clock, first, journal } = twoProcesses()
  for (let i = 0; i < turnsBefore; i++) await first.turn()
  const commitMs = TRUST_MS / 2
  const { write } = journal
  journal.write = async (work) => {
    journal.write = write
    const value = await write(work)
    await clock.wait(commitMs)
    return value
  }
  const turn = first.turn()
  await clock.advance(commitMs)
  await turn
  await clock.advance(TRUST_MS - commitMs - 1)
  expect(first.token() !== null).toBe(true)
  await clock.advance(1)
  expect(first.token() !== null).toBe(false)
})

test('invariant 6: one that lost the lease while it was paused learns so at its next turn, and can get it back later', async () => {
  const { clock, first, second, journal } = twoProcesses()
  await first.turn()
  second.start()
  await clock.advance(2 * TTL_MS)
  await first.turn()
  expect([first.token() !== null, second.token() !== null]).toEqual([false, true])
  await second.release()
  await first.turn()
  expect(first.token() !== null).toBe(true)
  expect(journal.leases.read('KKT-001').epoch).toBe(3)
})

test('one that was only slow renews what nobody took, without a new epoch', async () => {
  const { clock, first, journal } = twoProcesses()
  await first.turn()
  await clock.advance(2 * TTL_MS)
  expect(first.token() !== null).toBe(false)
  await first.turn()
  expect([first.token() !== null, first.timesTaken()]).toEqual([true, 2])
  expect(journal.leases.read('KKT-001').epoch).toBe(1)
})

test('a released lease is taken at once', async () => {
  const { first, second } = twoProcesses()
  await first.turn()
  await first.release()
  await second.turn()
  expect(second.token() !== null).toBe(true)
})

test('the lease of a process that is certainly gone is taken at once', async () => {
  const clock = new TestClock()
  const journal = memoryJournal(clock)
  const own = processIdentity('now')
  await contender(journal, clock, processIdentity('before a restart with the same id')).turn()
  const successor = contender(journal, clock, own)
  await successor.turn()
  expect(successor.token() !== null).toBe(true)
})

test('the wall clock, set forward or back, gives the lease to nobody', async () => {
  const { clock, first, second } = twoProcesses()
  first.start()
  await clock.advance(0)
  for (const hours of [24, -48]) {
    clock.setWallBy(hours * 3_600_000)
    await second.turn()
    await clock.advance(RENEW_EVERY_MS)
    await second.turn()
  }
  expect([first.token() !== null, second.token() !== null]).toEqual([true, false])
})

test('a journal that cannot be written costs the lease, not the process', async () => {
  const { clock, first, journal } = twoProcesses()
  await first.turn()
  failOnce(journal, 'renewLease')
  await clock.advance(TRUST_MS)
  await first.turn()
  expect(first.token() !== null).toBe(false)
})

test('who has taken it is told so, also when the audit log cannot be written', async () => {
  const { first, journal } = twoProcesses()
  failOnce(journal, 'recordEvent')
  await first.turn()
  expect([first.token() !== null, first.timesTaken()]).toEqual([true, 1])
})

test('each change of hands is in the audit log', async () => {
  const { first, second, journal } = twoProcesses()
  await first.turn()
  await first.release()
  await second.turn()
  const { items } = journal.events.list({ receiptId: null, kind: 'lease' }, null, 10)
  expect(items.map(({ from, to, detail }) => `${from}>${to} ${detail}`)).toEqual([
    'free>held epoch 2',
    'held>released epoch 1',
    'free>held epoch 1',
  ])
})

test('invariant 6: who was overtaken writes nothing, though it does not know yet', async () => {
  const { clock, first, second, journal } = twoProcesses()
  await first.turn()
  const since = held(first)
  const { id } = await accepted(journal)
  await second.turn()
  await clock.advance(TTL_MS)
  await second.turn()
  for (const write of [first.write, first.takeUp]) {
    await expect(write((tx) => tx.markPrinting(id), since)).rejects.toBeInstanceOf(LeaseLost)
  }
  expect(statusOf(journal, id)).toBe('accepted')
  await second.write((tx) => tx.markPrinting(id), held(second))
  expect(statusOf(journal, id)).toBe('printing')
})

test('invariant 6: who was overtaken neither acts nor writes for what it began before, though it has the lease again', async () => {
  const { first, second, journal } = twoProcesses()
  await first.turn()
  const since = held(first)
  const { id } = await accepted(journal)
  await first.release()
  await second.turn()
  await second.release()
  await first.turn()
  expect(first.token()).not.toBeNull()
  expect(first.token(since)).toBeNull()
  await expect(first.write((tx) => tx.markPrinting(id), since)).rejects.toBeInstanceOf(LeaseLost)
  await first.write((tx) => tx.markPrinting(id), held(first))
  expect(statusOf(journal, id)).toBe('printing')
})

test('what was not overtaken may still be written when the trust has run out', async () => {
  const { clock, first, journal } = twoProcesses()
  await first.turn()
  const since = held(first)
  const { id } = await accepted(journal)
  await clock.advance(2 * TTL_MS)
  expect(first.token()).toBeNull()
  await first.write((tx) => tx.markPrinting(id), since)
  expect(statusOf(journal, id)).toBe('printing')
})

test('one that never had it writes nothing', async () => {
  const { first } = twoProcesses()
  await expect(first.write(() => undefined, token(1))).rejects.toBeInstanceOf(LeaseLost)
})

describe('invariant 6: the fencing token', () => {
  test('is greater with every change of hands', async () => {
    const { first, second } = twoProcesses()
    const tokens: (number | null)[] = []
    for (const one of [first, second, first]) {
      await one.turn()
      tokens.push(one.token())
      await one.release()
    }
    expect(tokens).toEqual([...tokens].sort((a, b) => Number(a) - Number(b)))
    expect(new Set(tokens).size).toBe(3)
  })

  test('can be raised by its holder, above what it is told and what it was', async () => {
    const { first, journal } = twoProcesses()
    await first.turn()
    const since = held(first)
    const before = Number(since)
    await first.raise(before + 1000)
    expect(first.token()).toBe(token(before + 1000))
    await first.raise(0)
    expect(first.token()).toBe(token(before + 1001))
    expect(first.token(since)).toBe(token(before + 1001))
    const { id } = await accepted(journal)
    await first.write((tx) => tx.markPrinting(id), since)
  })

  test('is not raised by one that was overtaken', async () => {
    const { first, second, clock } = twoProcesses()
    await first.turn()
    await second.turn()
    await clock.advance(TTL_MS)
    await second.turn()
    const before = second.token()
    await expect(first.raise(0)).rejects.toBeInstanceOf(LeaseLost)
    expect(second.token()).toBe(before)
  })
})
