import { expect, test } from 'bun:test'
import type { KktOutcome } from '../domain/kkt_outcome.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { PRINT_MS, setUp } from '../testing/fiscalizer_kit.ts'
import { accepted, content, freshKey } from '../testing/kit.ts'
import { failOnce, replaceVerbs } from '../testing/verbs.ts'

/** A KKT that has just printed one receipt, at once or slowly, and three receipts that wait for it. */
async function setUpBusy({ isSlow = false } = {}) {
  const rig = setUp()
  const { journal, fiscalizer, kkt, clock, at } = rig
  if (isSlow) rig.printSlowly()
  await accepted(journal)
  const first = fiscalizer.runOnce()
  await clock.advance(PRINT_MS)
  await first
  const ids: ReceiptId[] = []
  for (let i = 0; i < 3; i++) ids.push((await accepted(journal, `POS-${i}`)).id)
  const states = () => ids.map(at)
  /** The states of the three each time the KKT gets one. */
  const seen: ReturnType<typeof states>[] = []
  const { onFiscalize } = kkt
  kkt.onFiscalize = (id, make) => {
    seen.push(states())
    return onFiscalize(id, make)
  }
  return { ...rig, ids, states, seen, handed: () => kkt.handed.slice(1) }
}

test('a KKT that prints at once is handed one after the other what was marked in one commit', async () => {
  const { fiscalizer, ids, seen, states, handed } = await setUpBusy()
  expect(await fiscalizer.runOnce()).toBe('worked')
  expect(seen).toEqual(Array(3).fill(['printing', 'printing', 'printing']))
  expect(states()).toEqual(['pending', 'pending', 'pending'])
  expect(handed()).toEqual(ids)
})

test('an outcome is recorded though another work of its turn throws, which has the commit run again', async () => {
  const { journal, fiscalizer, kkt, at } = setUp()
  const { id } = await accepted(journal)
  const { onFiscalize } = kkt
  const others: Promise<unknown>[] = []
  const mistaken = () => {
    throw new Error('a mistake')
  }
  kkt.onFiscalize = (receiptId, make) => {
    others.push(journal.takeUp(mistaken).catch((error) => error))
    return onFiscalize(receiptId, make)
  }
  expect(await fiscalizer.runOnce()).toBe('worked')
  expect(await Promise.all(others)).toEqual([new Error('a mistake')])
  expect([at(id), kkt.lookedUp]).toEqual(['pending', []])
})

test('the commit that takes a receipt marks it as handed to a KKT that is free', async () => {
  const { journal, fiscalizer, kkt, at, clock } = setUp()
  fiscalizer.start()
  await clock.advance(0)
  const states: unknown[] = []
  const { onFiscalize } = kkt
  kkt.onFiscalize = (id, make) => {
    states.push(at(id))
    return onFiscalize(id, make)
  }
  const written = journal.write((tx) => tx.accept({ key: freshKey(), content: content() }))
  fiscalizer.nudge()
  const intake = await written
  expect(intake.kind === 'accepted' && at(intake.receipt.id)).toBe('printing')
  await clock.advance(0)
  expect([states, journal.queries.counts().pending]).toEqual([['printing'], 1])
  await fiscalizer.stop()
})

test('a KKT that takes its time has one marked at a time, by the commit that records the one before', async () => {
  const { journal, fiscalizer, clock, seen, ids } = await setUpBusy({ isSlow: true })
  const states: string[][] = []
  replaceVerbs(journal, (own) => ({
    recordPrinted(...args) {
      own.recordPrinted(...args)
      void journal.write(() => states.push(ids.map((id) => journal.queries.statusOf(id) ?? '')))
    },
  }))
  fiscalizer.start()
  await clock.advance(3 * PRINT_MS)
  expect(seen).toEqual([
    ['printing', 'accepted', 'accepted'],
    ['pending', 'printing', 'accepted'],
    ['pending', 'pending', 'printing'],
  ])
  expect(states).toEqual([
    ['pending', 'printing', 'accepted'],
    ['pending', 'pending', 'printing'],
    ['pending', 'pending', 'pending'],
  ])
  await fiscalizer.stop()
})

test('a disk that fails when a till sends something does not hold up what comes once it works again', async () => {
  const { journal, fiscalizer, clock, at, lease } = setUp()
  fiscalizer.start()
  await clock.advance(0)
  const { write } = lease
  lease.write = async () => {
    throw new StorageFailure('SQLITE_FULL', {})
  }
  for (let i = 0; i < 5; i++) {
    fiscalizer.nudge()
    await clock.advance(0)
  }
  lease.write = write
  const { id } = await accepted(journal)
  fiscalizer.nudge()
  await clock.advance(0)
  expect(at(id)).toBe('pending')
  await fiscalizer.stop()
})

test('a till hears of its document though the ones behind it take long', async () => {
  const { fiscalizer, clock, kkt, ids } = await setUpBusy()
  const [firstId = ids[0], ...others] = ids
  const { onFiscalize } = kkt
  kkt.onFiscalize = async (id, make) => {
    if (id !== firstId) await clock.wait(PRINT_MS)
    return await onFiscalize(id, make)
  }
  fiscalizer.start()
  const outcomes = [firstId, ...others].map((id) => id && fiscalizer.outcome(id, 10 * PRINT_MS))
  await clock.advance(0)
  expect(await outcomes[0]).toMatchObject({ status: 'pending' })
  expect(clock.monotonicMs()).toBe(PRINT_MS)
  await clock.advance(2 * PRINT_MS)
  expect(await Promise.all(outcomes)).toMatchObject(Array(3).fill({ status: 'pending' }))
  await fiscalizer.stop()
})

test.each<KktOutcome>([
  { kind: 'refused', isLasting: false, reason: 'the KKT is busy' },
  { kind: 'unknown', reason: 'the connection was lost' },
])('those behind one that the KKT has trouble with are accepted as before: %p', async (trouble) => {
  const { fiscalizer, kkt, ids, states, handed, clock } = await setUpBusy()
  const { onFiscalize } = kkt
  kkt.onFiscalize = async () => {
    kkt.onFiscalize = onFiscalize
    return trouble
  }
  await fiscalizer.runOnce()
  expect(states()).toEqual(['unknown', 'accepted', 'accepted'])
  fiscalizer.start()
  await clock.advance(0)
  expect(states()).toEqual(['pending', 'pending', 'pending'])
  expect([kkt.lookedUp, handed()]).toEqual([ids.slice(0, 1), [...ids.slice(0, 1), ...ids]])
  await fiscalizer.stop()
})

test('a document without paper is the last one until there is paper', async () => {
  const { fiscalizer, kkt, states } = await setUpBusy()
  kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: make(), paper: 'missing' })
  await fiscalizer.runOnce()
  expect(states()).toEqual(['pending', 'accepted', 'accepted'])
})

test('one that is refused for good holds up nobody behind it', async () => {
  const { fiscalizer, kkt, ids, states } = await setUpBusy()
  const { onFiscalize } = kkt
  kkt.onFiscalize = async (id, make) =>
    id === ids[0] ? { kind: 'refused', isLasting: true, reason: 'no such VAT rate' } : await onFiscalize(id, make)
  await fiscalizer.runOnce()
  expect(states()).toEqual(['refused', 'pending', 'pending'])
})

test('invariant 3: all that were marked when the lease was lost are looked up before anything is printed', async () => {
  const { fiscalizer, kkt, lease, ids, states, handed, clock } = await setUpBusy()
  const { onFiscalize } = kkt
  kkt.onFiscalize = async (id, make) => {
    lease.isHeld = false
    return await onFiscalize(id, make)
  }
  expect(await fiscalizer.runOnce()).toBe('blocked')
  expect(states()).toEqual(['printing', 'printing', 'printing'])
  kkt.onFiscalize = onFiscalize
  lease.isHeld = true
  fiscalizer.start()
  await clock.advance(0)
  expect(states()).toEqual(['pending', 'pending', 'pending'])
  expect([kkt.lookedUp, handed()]).toEqual([ids, ids])
  await fiscalizer.stop()
})

test('invariant 5: behind a document that could not be recorded none is, before it is looked up', async () => {
  const { journal, fiscalizer, kkt, ids, states, clock } = await setUpBusy()
  const { onFiscalize } = kkt
  kkt.onFiscalize = async (id, make) => {
    const outcome = await onFiscalize(id, make)
    await clock.wait(1)
    return outcome
  }
  failOnce(journal, 'recordPrinted', new StorageFailure('SQLITE_FULL', {}))
  const done = fiscalizer.runOnce()
  await clock.advance(3)
  expect(await done).toBe('blocked')
  expect(states()).toEqual(['printing', 'printing', 'printing'])
  await fiscalizer.recover()
  expect([states(), kkt.lookedUp]).toEqual([['pending', 'pending', 'pending'], ids])
})

test('a disk that failed one record fails nobody else’s writes once it works again', async () => {
  const { journal, fiscalizer, kkt, clock } = await setUpBusy()
  const { onFiscalize } = kkt
  const taken: Promise<unknown>[] = []
  kkt.onFiscalize = async (id, make) => {
    await clock.wait(1)
    const outcome = await onFiscalize(id, make)
    taken.push(accepted(journal).catch((error: unknown) => error))
    return outcome
  }
  failOnce(journal, 'recordPrinted', new StorageFailure('SQLITE_BUSY', {}))
  const done = fiscalizer.runOnce()
  await clock.advance(3)
  expect(await done).toBe('blocked')
  const [first, ...others] = await Promise.all(taken)
  expect(first).toBeInstanceOf(StorageFailure)
  expect(others).toMatchObject([{ status: 'accepted' }, { status: 'accepted' }])
})

test('each document is said to be printed when it is recorded, though the ones behind it take long', async () => {
  const { fiscalizer, clock, printSlowly, timesPrinted } = await setUpBusy()
  const before = timesPrinted()
  printSlowly()
  fiscalizer.start()
  const times: number[] = []
  for (let i = 0; i < 3; i++) {
    await clock.advance(PRINT_MS)
    times.push(timesPrinted() - before)
  }
  expect(times).toEqual([1, 2, 3])
  await fiscalizer.stop()
})

test('at the end of work only what is under the print head is printed, however many were marked', async () => {
  const { fiscalizer, clock, printSlowly, ids, states } = await setUpBusy()
  printSlowly()
  fiscalizer.start()
  const outcomes = ids.map((id) => fiscalizer.outcome(id, 10 * PRINT_MS))
  await clock.advance(PRINT_MS / 2)
  const startedMs = clock.monotonicMs()
  const stopped = fiscalizer.stop()
  await clock.advance(PRINT_MS / 2)
  await stopped
  expect((await Promise.all(outcomes)).map(({ status }) => status)).toEqual(['pending', 'accepted', 'accepted'])
  expect([states(), clock.monotonicMs() - startedMs]).toEqual([['pending', 'accepted', 'accepted'], PRINT_MS / 2])
})
