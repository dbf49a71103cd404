/** Refunds by the piece: what came back of an item before counts. */
import { describe, expect, test } from 'bun:test'
import { frames, refundOfFrames, startRefunding } from '../testing/refund_kit.ts'

const DAY_MS = 24 * 60 * 60 * 1000

describe('more pieces than are left of an item', () => {
  test('are taken with a warning, and the sum stays within what was paid', async () => {
    const { sell, taken } = startRefunding()
    // Two frames and a case; three frames for the money of all.
    const id = await sell(frames(2), { name: 'Case', price: 100, quantity: 1, total: 100, vat: 'vat22' })
    expect((await taken(refundOfFrames(id, 2))).codes).toEqual([])
    const beyond = await taken(refundOfFrames(id, 1), 'one')
    expect(beyond.codes).toEqual(['refund_exceeds_quantity'])
    expect(beyond.warnings[0]?.message).toContain('/items/0 than the 0 ')
    expect(await taken(refundOfFrames(id, 1), 'one')).toEqual(beyond)
  })

  test('are counted without those that the KKT refused', async () => {
    const { sell, taken, refuseNext, post } = startRefunding()
    const id = await sell(frames(2))
    refuseNext()
    expect((await post(refundOfFrames(id, 2))).status).toBe(502)
    expect((await taken(refundOfFrames(id, 2))).codes).toEqual([])
  })

  test('are told of after their original and its refunds were pruned, too', async () => {
    const { sell, taken, journal, clock, worker } = startRefunding()
    const id = await sell(frames(2), { name: 'Case', price: 200, quantity: 1, total: 200, vat: 'vat22' })
    await taken(refundOfFrames(id, 1))
    await worker.syncNow()
    clock.setWallBy(8 * DAY_MS)
    await journal.write((tx) => tx.prune(clock.wallMs() - 7 * DAY_MS, 10))
    expect(journal.queries.counts().synced).toBe(0)
    expect((await taken(refundOfFrames(id, 2))).codes).toEqual(['refund_exceeds_quantity'])
  })
})

test('a receipt tells what is left of it, and a refund its warnings', async () => {
  const { sell, taken, ask } = startRefunding()
  const shown = async (id: string) => (await ask('GET', `/v1/kkt/receipt/${id}`)).json
  const id = await sell(frames(1), frames(2), { name: 'Case', price: 100, quantity: 1, total: 100, vat: 'vat22' })
  expect(await shown(id)).toMatchObject({ left: { total: 400, quantities: [1, 2, 1] } })
  const refund = await taken(refundOfFrames(id, 2.5))
  expect(await shown(id)).toMatchObject({ left: { total: 150, quantities: [0.5, 0, 1] } })
  expect(await shown(refund.id)).not.toHaveProperty('left')
  const again = await taken(refundOfFrames(id, 1))
  expect(await shown(again.id)).toMatchObject({ warnings: again.warnings })
})

test('a marked good that comes back twice is warned of', async () => {
  const { sell, taken } = startRefunding()
  const marked = { ...frames(1), payment_object: 'commodity_with_marking', marking_code: 'AQID' }
  const id = await sell(marked, { ...marked, marking_code: 'AQIE' })
  const of = (marking_code: string) => refundOfFrames(id, 1, { marking_code })
  expect((await taken(of('AQID'))).codes).toEqual([])
  expect((await taken(of('AQID'))).codes).toEqual(['refund_marked_again'])
})
