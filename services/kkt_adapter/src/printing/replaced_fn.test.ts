/** The FN is replaced while receipts wait, are printed, or have no outcome. */
import { describe, expect, test } from 'bun:test'
import { createLogger } from '@kkt/platform/logger.ts'
import { TestClock } from '@kkt/platform/testing.ts'
import { fiscalizerOf } from '../testing/fiscalizer_kit.ts'
import { accepted, memoryJournal, statusOf, testLease } from '../testing/kit.ts'
import { setUp as mockKkt } from '../testing/mock_kkt_kit.ts'
import { TestKkt } from '../testing/test_kkt.ts'

const [OLD, NEW] = ['9999000000000001', '9999000000000002'] as const

function setUp() {
  const clock = new TestClock()
  const journal = memoryJournal(clock)
  const kkt = new TestKkt()
  const lines: string[] = []
  const logger = createLogger('test', 'info', (line) => lines.push(line))
  const start = () => fiscalizerOf({ journal, lease: testLease(journal), clock, driver: kkt, logger })
  /** Puts another FN in, which holds nothing that was made before. */
  const replace = (fnNumber: string) => {
    kkt.fnNumber = fnNumber
    kkt.documents.clear()
  }
  const replacements = () =>
    journal.events.list({ receiptId: null, kind: 'kkt' }, null, 10).items.map(({ from, to }) => [from, to])
  return { clock, journal, kkt, lines, start, fiscalizer: start(), replace, replacements }
}

const LOST = { kind: 'unknown', reason: 'the reply was lost' } as const

describe('invariant 3: a receipt without an outcome, whose FN was replaced', () => {
  test('is not printed again, and is left to an operator; the next ones go on', async () => {
    const { journal, kkt, fiscalizer, replace } = setUp()
    const { onFiscalize } = kkt
    kkt.onFiscalize = async () => LOST
    const { id } = await accepted(journal)
    await fiscalizer.runOnce()
    replace(NEW)
    await fiscalizer.runOnce()
    expect(journal.queries.find(id)).toMatchObject({ status: 'unknown', untoldFn: OLD })
    expect(journal.queries.find(id)?.lastError).toContain(`FN ${OLD}, which was replaced by FN ${NEW}`)
    kkt.onFiscalize = onFiscalize
    const next = await accepted(journal)
    for (let step = 0; step < 3; step++) await fiscalizer.runOnce()
    expect([statusOf(journal, id), statusOf(journal, next.id)]).toEqual(['unknown', 'pending'])
    expect([kkt.handed, kkt.lookedUp]).toEqual([[id, next.id], [id]])
  })

  test('is not printed again after a crash, either', async () => {
    const { journal, fiscalizer, replace, start, kkt } = setUp()
    await fiscalizer.runOnce()
    const { id } = await accepted(journal)
    await journal.write((tx) => tx.markPrinting(id))
    replace(NEW)
    const restarted = start()
    await restarted.recover()
    expect(journal.queries.find(id)).toMatchObject({ status: 'unknown', untoldFn: OLD })
    expect(kkt.handed).toEqual([])
  })

  test('is found at the new one, and delivered, if that made it', async () => {
    const { journal, kkt, fiscalizer, replace } = setUp()
    await fiscalizer.runOnce()
    replace(NEW)
    kkt.onFiscalize = async (_id, make) => {
      make()
      return LOST
    }
    const { id } = await accepted(journal)
    for (let step = 0; step < 2; step++) await fiscalizer.runOnce()
    expect(journal.queries.find(id)).toMatchObject({ status: 'pending', untoldFn: null, fiscalDoc: { fnNumber: NEW } })
  })

  test('is printed at the new one if the KKT has refused it for the time being', async () => {
    const { journal, kkt, fiscalizer, replace } = setUp()
    const { onFiscalize } = kkt
    kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: false, reason: 'the FN is full' })
    const { id } = await accepted(journal)
    await fiscalizer.runOnce()
    expect(statusOf(journal, id)).toBe('unknown')
    replace(NEW)
    kkt.onFiscalize = onFiscalize
    for (let step = 0; step < 3; step++) await fiscalizer.runOnce()
    expect(journal.queries.find(id)).toMatchObject({ status: 'pending', fiscalDoc: { fnNumber: NEW } })
  })
})

describe('invariant 3: a receipt that several documents of the FN may be', () => {
  const several = (fnNumber: string) => ({ kind: 'untellable', fnNumber, reason: 'FD 3 or FD 4' }) as const

  test('and that the KKT had refused for the time being, is left to an operator; the next ones go on', async () => {
    const { journal, kkt, fiscalizer } = setUp()
    const { onFiscalize } = kkt
    kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: false, reason: 'the cover is open' })
    kkt.onLookup = async () => several(OLD)
    const { id } = await accepted(journal)
    await fiscalizer.runOnce()
    kkt.onFiscalize = onFiscalize
    const next = await accepted(journal)
    for (let step = 0; step < 3; step++) await fiscalizer.runOnce()
    expect(journal.queries.find(id)).toMatchObject({ status: 'unknown', untoldFn: OLD, lastError: 'FD 3 or FD 4' })
    expect([statusOf(journal, next.id), kkt.handed]).toEqual(['pending', [id, next.id]])
  })

  test('that was put in unnoticed, is of that FN', async () => {
    const { journal, kkt, fiscalizer, replace } = setUp()
    await fiscalizer.runOnce()
    replace(NEW)
    kkt.onFiscalize = async () => LOST
    kkt.onLookup = async () => several(NEW)
    const { id } = await accepted(journal)
    for (let step = 0; step < 4; step++) await fiscalizer.runOnce()
    expect(journal.queries.find(id)).toMatchObject({ status: 'unknown', untoldFn: NEW })
    expect(journal.queries.nextUncertain()).toBeNull()
  })
})

describe('another FN in the KKT', () => {
  test('is noticed at a start', async () => {
    const { fiscalizer, replace, start, lines, replacements } = setUp()
    await fiscalizer.runOnce()
    replace(NEW)
    await start().runOnce()
    expect(replacements()).toEqual([[OLD, NEW]])
    const told = lines.map((line): Record<string, unknown> => JSON.parse(line))
    expect(told.find(({ event }) => event === 'fn_replaced')).toMatchObject({ level: 'warn', from: OLD, to: NEW })
  })

  test('is noticed by an idle adapter within ten seconds, by a question each ten', async () => {
    const { fiscalizer, kkt, clock, replace, replacements } = setUp()
    fiscalizer.start()
    await clock.advance(1000)
    const { state } = kkt
    let asked = 0
    kkt.state = () => {
      asked += 1
      return state()
    }
    await clock.advance(60_000)
    expect(asked).toBe(6)
    replace(NEW)
    await clock.advance(10_000)
    expect(replacements()).toEqual([[OLD, NEW]])
    await fiscalizer.stop()
  })

  test('is noticed by its first document, and is the one that the next receipts are handed to', async () => {
    const { fiscalizer, kkt, journal, replace, replacements } = setUp()
    await fiscalizer.runOnce()
    const first = await accepted(journal)
    replace(NEW)
    const second = await accepted(journal)
    const { onFiscalize } = kkt
    kkt.onFiscalize = async (id, make) => (id === second.id ? LOST : onFiscalize(id, make))
    for (let step = 0; step < 3; step++) await fiscalizer.runOnce()
    expect(replacements()).toEqual([[OLD, NEW]])
    expect(journal.queries.find(first.id)).toMatchObject({ status: 'pending', fiscalDoc: { fnNumber: NEW } })
    expect(kkt.handed.slice(0, 2)).toEqual([first.id, second.id])
    // It is absent at the FN that it was handed to, so it may be printed again.
    expect(journal.queries.find(second.id)).toMatchObject({ untoldFn: null })
    kkt.onFiscalize = onFiscalize
    for (let step = 0; step < 3; step++) await fiscalizer.runOnce()
    expect(statusOf(journal, second.id)).toBe('pending')
  })
})

test('receipts that were accepted wait while the FN is full, and are printed in order and once by the next one', async () => {
  const { clock, kkt: mock } = mockKkt()
  const kkt = mock()
  const journal = memoryJournal(clock)
  const fiscalizer = fiscalizerOf({ journal, lease: testLease(journal), clock, driver: kkt })
  fiscalizer.start()
  await clock.advance(0)
  kkt.faults.configure({ fn_full: true })
  const ids = []
  for (let n = 0; n < 20; n++) ids.push((await accepted(journal)).id)
  fiscalizer.nudge()
  await clock.advance(60_000)
  expect(journal.queries.counts()).toMatchObject({ accepted: 20, unknown: 0, refused: 0, pending: 0 })
  expect(await fiscalizer.unfit()).toBe('fn_full')
  kkt.replaceFn()
  expect(kkt.faults.current().fn_full).toBe(false)
  await clock.advance(10_000)
  const docs = ids.map((id) => journal.queries.find(id)?.fiscalDoc)
  expect(docs.map((doc) => doc?.fnNumber)).toEqual(ids.map(() => journal.fiscalMemories.inKkt()?.fnNumber))
  expect(docs.map((doc) => doc?.receiptNumber)).toEqual(ids.map((_, n) => n + 1))
  expect(await fiscalizer.unfit()).toBeNull()
  await fiscalizer.stop()
})
