/** A KKT that takes several receipts at once. */
import { describe, expect, test } from 'bun:test'
import type { KktOutcome } from '../domain/kkt_outcome.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { setUp } from '../testing/fiscalizer_kit.ts'
import { accepted } from '../testing/kit.ts'

const UNKNOWN: KktOutcome = { kind: 'unknown', reason: 'nobody knows' }

/** Four receipts are marked ahead for a KKT that takes so many at once. */
async function setUpSeveral(takes: number) {
  const rig = setUp()
  const { journal, fiscalizer, kkt, at } = rig
  const { state } = kkt
  // An FN whose documents the journal knows from the first on: no key has to be looked up.
  kkt.state = async () => {
    const now = await state()
    return now && { ...now, lastFdNumber: 0 }
  }
  await accepted(journal)
  await fiscalizer.runOnce()
  kkt.takes = takes
  const ids: ReceiptId[] = []
  for (let i = 0; i < 4; i++) ids.push((await accepted(journal, `POS-${i}`)).id)
  const { fiscalize } = kkt
  /** How many it was offered each time. */
  const offered: number[] = []
  kkt.fiscalize = (receipts) => {
    offered.push(receipts.length)
    return fiscalize.call(kkt, receipts)
  }
  return { ...rig, ids, offered, states: () => ids.map(at), handed: () => kkt.handed.slice(1) }
}

test('is offered all that are marked, and then those that it did not take', async () => {
  const { fiscalizer, offered, states, handed, ids } = await setUpSeveral(3)
  await fiscalizer.runOnce()
  expect([offered, states(), handed()]).toEqual([[4, 1], Array(4).fill('pending'), ids])
})

describe('invariant 3: where one of those that it took is unclear', () => {
  test('the outcomes of those behind it are recorded, and those that it did not take are not handed over', async () => {
    const { fiscalizer, kkt, states, ids, handed } = await setUpSeveral(3)
    const { onFiscalize } = kkt
    kkt.onFiscalize = async (id, make) => {
      const outcome = await onFiscalize(id, make)
      return id === ids[1] ? UNKNOWN : outcome
    }
    await fiscalizer.runOnce()
    expect(states()).toEqual(['pending', 'unknown', 'pending', 'accepted'])
    expect(handed()).toEqual(ids.slice(0, 3))
    await fiscalizer.runOnce()
    expect([states()[1], kkt.lookedUp]).toEqual(['pending', ids.slice(1, 2)])
  })

  test('and the others too, each is looked up before anything else is printed', async () => {
    const { fiscalizer, kkt, states, ids, handed } = await setUpSeveral(4)
    const { onFiscalize } = kkt
    kkt.onFiscalize = async () => UNKNOWN
    await fiscalizer.runOnce()
    expect(states()).toEqual(Array(4).fill('unknown'))
    kkt.onFiscalize = onFiscalize
    for (const _ of ids) await fiscalizer.runOnce()
    expect([kkt.lookedUp, states(), handed()]).toEqual([ids, Array(4).fill('accepted'), ids])
    await fiscalizer.runOnce()
    expect([states(), handed()]).toEqual([Array(4).fill('pending'), [...ids, ...ids]])
  })
})

test('a driver that takes none is not asked for ever: the receipts are looked up', async () => {
  const { fiscalizer, kkt, states, ids, offered } = await setUpSeveral(0)
  expect(await fiscalizer.runOnce()).toBe('blocked')
  expect([offered, states()]).toEqual([[4], Array(4).fill('printing')])
  await fiscalizer.runOnce()
  expect(kkt.lookedUp).toEqual(ids.slice(0, 1))
})
