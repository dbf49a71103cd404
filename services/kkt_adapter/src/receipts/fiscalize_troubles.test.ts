import { describe, expect, test } from 'bun:test'
import { setUp } from '../testing/fiscalizer_kit.ts'
import { accepted, fiscalDoc } from '../testing/kit.ts'

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
      // What asks without a pause asks for as long as it may.
      expect(kkt.handed.length).toBeLessThan(12)
    }
    expect(kkt.handed.length).toBeGreaterThan(3)
    kkt.onFiscalize = async (_id, make) => ({ kind: 'done', doc: make(), paper: 'printed' })
    await clock.advance(5000)
    expect(at(id)).toBe('pending')
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
    for (let i = 0; i < 3; i++) await fiscalizer.runOnce()
    expect([at(id), kkt.shiftNumber]).toEqual(['pending', 2])
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
  const paperOut = async () => ({ kind: 'refused', reason: 'no paper' }) as const

  test('is fiscalised and goes on to the OFD all the same', async () => {
    const { journal, id, kkt, timesPrinted } = await withoutPaper()
    expect(journal.queries.find(id)).toMatchObject({
      ...{ status: 'pending', needsPaper: true, fiscalDoc: kkt.documents.get(id) },
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
