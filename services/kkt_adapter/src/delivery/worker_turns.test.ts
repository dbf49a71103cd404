import { describe, expect, test } from 'bun:test'
import { LONG } from '@kkt/platform/testing.ts'
import { pending } from '../testing/kit.ts'
import { setUp } from '../testing/worker_kit.ts'

/** The number of receipts sold while one waits for its turn: several times those that come before it. */
const SOLD = LONG ? 400 : 120

describe('invariant 5: no till waits for another', () => {
  /** Two places, and two tills that sell as fast as their receipts are delivered, `count` in all. */
  async function busyTills(count: number) {
    const parts = setUp({ maxInFlight: 2 })
    const { journal, ofd, till, clock } = parts
    await clock.advance(1)
    await Promise.all(['A', 'B'].map((posId) => till(3, posId)))
    const { onDeliver } = ofd
    let sold = 0
    ofd.onDeliver = async (receipt, take) => {
      const { posId } = receipt.content
      if (posId !== 'C' && ++sold <= count) await pending(journal, posId)
      return onDeliver(receipt, take)
    }
    return parts
  }

  test('with all places taken by tills that sell on, another one gets its turn', async () => {
    const { ofd, worker, till } = await busyTills(SOLD)
    const [waiting] = await till(1, 'C')
    await worker.runOnce()
    expect(ofd.sent).toHaveLength(SOLD + 7)
    expect(ofd.sent.slice(0, 50).some((id) => id === waiting)).toBe(true)
  })

  test('nor do tills whose queues run empty and fill again keep others from theirs', async () => {
    const { clock, journal, ofd, worker, till } = setUp({ maxInFlight: 2 })
    await clock.advance(1)
    const backlog = await till(100, 'A')
    const [waiting] = await till(1, 'Z')
    const busy = ['B', 'C', 'D', 'E']
    for (const posId of ['B', 'C']) await till(1, posId)
    const { onDeliver } = ofd
    let sold = 0
    // Each delivery is followed by another sale.
    ofd.onDeliver = async (receipt, take) => {
      const next = busy[(busy.indexOf(receipt.content.posId) + 2) % busy.length]
      if (next && busy.includes(receipt.content.posId) && ++sold <= SOLD) await pending(journal, next)
      return onDeliver(receipt, take)
    }
    await worker.runOnce()
    expect(ofd.sent).toHaveLength(SOLD + 103)
    expect(ofd.sent.slice(0, 60).filter((id) => id === backlog[20] || id === waiting)).toHaveLength(2)
  })

  test('each goes on in the order of its documents after it gave its place up', async () => {
    const { ofd, worker, till, receipt } = await busyTills(SOLD)
    await till(60, 'C')
    await worker.runOnce()
    const fds = new Map<string, number[]>()
    for (const id of ofd.sent) {
      const { posId = '' } = receipt(id)?.content ?? {}
      fds.set(posId, [...(fds.get(posId) ?? []), receipt(id)?.fiscalDoc?.fdNumber ?? 0])
    }
    expect([...fds.keys()].toSorted()).toEqual(['A', 'B', 'C'])
    for (const sent of fds.values()) expect(sent).toEqual(sent.toSorted((a, b) => a - b))
    expect([ofd.sent.length, ofd.ledger.size]).toEqual([SOLD + 66, SOLD + 66])
  })
})
