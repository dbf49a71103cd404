import { describe, expect, test } from 'bun:test'
import { setUp } from '../testing/fiscalizer_kit.ts'
import { accepted, type TestLease, token } from '../testing/kit.ts'

describe('invariant 6: one that was overtaken, and has the lease again when the KKT answers,', () => {
  /** Another process holds the lease in between. */
  const regain = (lease: TestLease) => {
    lease.since = lease.now = token(3)
  }

  test('writes no outcome, and looks it up', async () => {
    const { journal, fiscalizer, kkt, lease, at } = setUp()
    const { id } = await accepted(journal)
    kkt.onFiscalize = async (_id, make) => {
      regain(lease)
      return { kind: 'done', doc: make(), paper: 'printed' }
    }
    expect(await fiscalizer.runOnce()).toBe('blocked')
    expect(at(id)).toBe('printing')
    await fiscalizer.runOnce()
    expect([at(id), kkt.handed.length, kkt.lookedUp.length]).toEqual(['pending', 1, 1])
  })

  test('believes no look-up of before: it asks again', async () => {
    const { journal, fiscalizer, kkt, lease, at } = setUp()
    const { id } = await accepted(journal)
    await journal.write((tx) => tx.markPrinting(id))
    const { onLookup } = kkt
    kkt.onLookup = async () => {
      regain(lease)
      return { kind: 'absent', fnNumber: kkt.fnNumber }
    }
    expect(await fiscalizer.runOnce()).toBe('blocked')
    expect(at(id)).toBe('unknown')
    kkt.onLookup = onLookup
    await fiscalizer.runOnce()
    expect([at(id), kkt.lookedUp.length]).toEqual(['accepted', 2])
  })
})
