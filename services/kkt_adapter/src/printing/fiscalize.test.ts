import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import type { KktOutcome } from '../domain/kkt_outcome.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { PRINT_MS, setUp } from '../testing/fiscalizer_kit.ts'
import { accepted, fiscalDoc } from '../testing/kit.ts'
import { replaceVerbs } from '../testing/verbs.ts'

const LONG_MS = 60_000

describe('the three outcomes of the KKT', () => {
  test('done: the document is recorded and the receipt goes on to delivery', async () => {
    const { journal, fiscalizer, kkt, timesPrinted } = setUp()
    const { id } = await accepted(journal)
    expect(await fiscalizer.runOnce()).toBe('worked')
    expect(journal.queries.find(id)).toMatchObject({ status: 'pending', fiscalDoc: kkt.documents.get(id) })
    expect(timesPrinted()).toBe(1)
    expect(await fiscalizer.runOnce()).toBe('idle')
  })

  test('refused: the receipt ends there, with the reason', async () => {
    const { journal, fiscalizer, kkt } = setUp()
    const { id } = await accepted(journal)
    kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'the FN is full' })
    await fiscalizer.runOnce()
    expect(journal.queries.find(id)).toMatchObject({ status: 'refused', lastError: 'the FN is full', fiscalDoc: null })
    expect(await fiscalizer.runOnce()).toBe('idle')
    expect(kkt.handed).toEqual([id])
  })

  test('invariant 3: unknown, and the KKT has it: found by look-up, never printed again', async () => {
    const { journal, fiscalizer, kkt } = setUp()
    const { id } = await accepted(journal)
    kkt.onFiscalize = async (_id, make) => {
      make()
      return { kind: 'unknown', reason: 'the reply was lost' }
    }
    await fiscalizer.runOnce()
    await fiscalizer.runOnce()
    expect(journal.queries.find(id)).toMatchObject({ status: 'pending', fiscalDoc: kkt.documents.get(id) })
    expect(kkt.handed).toEqual([id])
  })

  test('invariant 3: unknown, and the KKT does not have it: printed once more', async () => {
    const { journal, fiscalizer, kkt, at } = setUp()
    const { id } = await accepted(journal)
    const { onFiscalize } = kkt
    kkt.onFiscalize = async () => {
      kkt.onFiscalize = onFiscalize
      return { kind: 'unknown', reason: 'the connection was lost' }
    }
    for (let i = 0; i < 3; i++) await fiscalizer.runOnce()
    expect(at(id)).toBe('pending')
    expect(kkt.lookedUp).toEqual([id])
    expect(kkt.handed).toEqual([id, id])
  })

  test('invariant 3: unknown, and the KKT is silent: nothing is printed until it answers, then all in order', async () => {
    const { journal, fiscalizer, kkt, at, clock } = setUp()
    const first = await accepted(journal)
    const second = await accepted(journal)
    const { onFiscalize, onLookup } = kkt
    kkt.onFiscalize = async () => ({ kind: 'unknown', reason: 'the KKT is gone' })
    kkt.onLookup = async () => ({ kind: 'unknown', reason: 'the KKT is gone' })
    fiscalizer.start()
    await clock.advance(LONG_MS)
    expect([at(first.id), at(second.id)]).toEqual(['unknown', 'accepted'])
    expect(kkt.handed).toEqual([first.id])
    kkt.onFiscalize = onFiscalize
    kkt.onLookup = onLookup
    await clock.advance(LONG_MS)
    expect([at(first.id), at(second.id)]).toEqual(['pending', 'pending'])
    expect([...kkt.documents.keys()]).toEqual([first.id, second.id])
    await fiscalizer.stop()
  })
})

test('a lost reply costs no time: each is looked up at once, however many there are', async () => {
  const { journal, fiscalizer, kkt, clock } = setUp()
  for (let i = 0; i < 5; i++) await accepted(journal)
  kkt.onFiscalize = async (_id, make) => {
    make()
    return { kind: 'unknown', reason: 'the reply was lost' }
  }
  fiscalizer.start()
  // Each receipt takes turns of the event loop, but no time.
  for (let i = 0; i < 5; i++) await clock.advance(0)
  expect(journal.queries.counts()).toMatchObject({ pending: 5 })
  await fiscalizer.stop()
})

test('a KKT that neither prints nor knows is left alone for a while before each further try', async () => {
  const { journal, fiscalizer, kkt, clock } = setUp()
  await accepted(journal)
  kkt.onFiscalize = async () => ({ kind: 'unknown', reason: 'the KKT is busy' })
  fiscalizer.start()
  await settle()
  // The second comes right after the look-up of the first.
  expect(kkt.handed).toHaveLength(2)
  await clock.advance(10_000)
  expect(kkt.handed.length).toBeLessThanOrEqual(8)
  expect(kkt.handed.length).toBeGreaterThan(3)
  await fiscalizer.stop()
})

test.each<KktOutcome | { kind: 'made' }>([
  { kind: 'made' },
  { kind: 'refused', isLasting: true, reason: 'too late' },
  { kind: 'unknown', reason: 'too late' },
])(
  'invariant 6: what a KKT says after the lease was lost is not written into the new holder’s row: %p',
  async (said) => {
    const { journal, fiscalizer, kkt, lease, at } = setUp()
    const { id } = await accepted(journal)
    kkt.onFiscalize = async (_id, make) => {
      lease.isHeld = false
      return said.kind === 'made' ? { kind: 'done', doc: make(), paper: 'printed' } : said
    }
    await fiscalizer.runOnce()
    expect(at(id)).toBe('printing')
    lease.isHeld = true
    await fiscalizer.runOnce()
    expect(at(id)).toBe(said.kind === 'made' ? 'pending' : 'accepted')
  },
)

describe('one at a time', () => {
  test('receipts are printed in the order of acceptance, never two at once', async () => {
    const { journal, fiscalizer, kkt, clock } = setUp()
    const ids: ReceiptId[] = []
    for (let i = 0; i < 5; i++) ids.push((await accepted(journal, `POS-${i}`)).id)
    let underWay = 0
    kkt.onFiscalize = async (_id, make) => {
      expect(++underWay).toBe(1)
      await clock.wait(PRINT_MS)
      underWay -= 1
      return { kind: 'done', doc: make(), paper: 'printed' }
    }
    fiscalizer.start()
    await clock.advance(10 * PRINT_MS)
    expect([...kkt.documents.keys()]).toEqual(ids)
    await fiscalizer.stop()
  })

  test('what another process has journaled is printed, too, though nobody says so here', async () => {
    const { journal, fiscalizer, clock, at } = setUp()
    fiscalizer.start()
    await settle()
    const { id } = await accepted(journal)
    await clock.advance(1000)
    expect(at(id)).toBe('pending')
    await fiscalizer.stop()
  })

  test('invariant 6: without the lease nothing is printed and nothing is looked up', async () => {
    const { journal, fiscalizer, kkt, lease, at } = setUp()
    const crashed = await accepted(journal)
    const waiting = await accepted(journal)
    await journal.write((tx) => tx.markPrinting(crashed.id))
    lease.isHeld = false
    await fiscalizer.recover()
    expect(await fiscalizer.runOnce()).toBe('idle')
    expect([at(crashed.id), at(waiting.id)]).toEqual(['printing', 'accepted'])
    expect([...kkt.handed, ...kkt.lookedUp]).toEqual([])
  })

  test('invariant 6: a lease that is lost while the mark is written keeps the receipt from the KKT', async () => {
    const { journal, fiscalizer, kkt, lease, at } = setUp()
    const { id } = await accepted(journal)
    replaceVerbs(journal, (own) => ({
      markPrinting(...marked) {
        own.markPrinting(...marked)
        lease.isHeld = false
      },
    }))
    await fiscalizer.runOnce()
    expect(kkt.handed).toEqual([])
    lease.isHeld = true
    await fiscalizer.runOnce()
    expect(at(id)).toBe('accepted')
  })
})

describe('what a till gets to hear', () => {
  test('the outcome as soon as it is known', async () => {
    const { journal, fiscalizer, clock, printSlowly } = setUp()
    printSlowly()
    const { id } = await accepted(journal)
    fiscalizer.start()
    const outcome = fiscalizer.outcome(id, LONG_MS)
    await clock.advance(PRINT_MS)
    expect((await outcome).status).toBe('pending')
    expect(clock.monotonicMs()).toBe(PRINT_MS)
    await fiscalizer.stop()
  })

  test('when the time is over, the receipt as it is; the printing goes on', async () => {
    const { journal, fiscalizer, clock, printSlowly, at } = setUp()
    printSlowly()
    const { id } = await accepted(journal)
    fiscalizer.start()
    const outcome = fiscalizer.outcome(id, PRINT_MS / 2)
    await clock.advance(PRINT_MS / 2)
    expect((await outcome).status).toBe('printing')
    await clock.advance(PRINT_MS)
    expect(at(id)).toBe('pending')
    await fiscalizer.stop()
  })

  test('the outcome also when another process printed it', async () => {
    const { journal, fiscalizer, lease, clock } = setUp()
    lease.isHeld = false
    fiscalizer.start()
    const { id } = await accepted(journal)
    const outcome = fiscalizer.outcome(id, LONG_MS)
    await settle()
    await journal.write((tx) => {
      tx.markPrinting(id)
      tx.recordPrinted(id, fiscalDoc(1_000_002), 'printed')
    })
    await clock.advance(1000)
    expect((await outcome).status).toBe('pending')
    await fiscalizer.stop()
  })

  test('at the end of work: the one under the print head is printed, those behind it are told that they wait', async () => {
    const { journal, fiscalizer, clock, printSlowly, kkt } = setUp()
    printSlowly()
    const first = await accepted(journal)
    const second = await accepted(journal)
    fiscalizer.start()
    const outcomes = [first, second].map(({ id }) => fiscalizer.outcome(id, LONG_MS))
    await clock.advance(PRINT_MS / 2)
    const stopped = fiscalizer.stop()
    await clock.advance(PRINT_MS)
    await stopped
    expect((await Promise.all(outcomes)).map(({ status }) => status)).toEqual(['pending', 'accepted'])
    expect(kkt.handed).toEqual([first.id])
  })
})
