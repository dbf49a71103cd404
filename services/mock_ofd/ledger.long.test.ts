import { describe, expect, test } from 'bun:test'
import { TestClock } from '@kkt/platform/testing.ts'
import { createLedger } from './ledger.ts'
import { build } from './testing/lent.ts'
import { idOf, receipt, untouched } from './testing.ts'

describe('the order of a till’s receipts', () => {
  const late = async (...bodies: unknown[]) => {
    const { send, health } = build()
    for (const body of bodies) expect((await send(body)).status).toBe(200)
    return (await health()) as { out_of_order: number }
  }

  test('going up is in order, with gaps too', async () => {
    expect(await late(receipt(1), receipt(2), receipt(5))).toMatchObject({ out_of_order: 0 })
  })

  test('each that comes after a higher one is counted', async () => {
    expect(await late(receipt(3), receipt(1), receipt(2), receipt(4))).toMatchObject({ out_of_order: 2 })
  })

  test('the same number is not a lower one', async () => {
    expect(await late(receipt(1), receipt(1, { receipt_id: idOf(2) }))).toMatchObject({ out_of_order: 0 })
  })

  test('a receipt sent again is judged by its first coming', async () => {
    expect(await late(receipt(1), receipt(2), receipt(1))).toMatchObject({ out_of_order: 0, duplicates: 1 })
  })

  test('tills do not wait for each other, nor does one FN for another', async () => {
    const otherFn = receipt(1, { fiscal_doc: { ...receipt(1).fiscal_doc, fn_number: '9999078900005678' } })
    expect(await late(receipt(3), otherFn, receipt(2, { pos_id: 'POS-002' }))).toMatchObject({ out_of_order: 0 })
  })

  test('what was not taken was not seen', async () => {
    const { send, config, health } = build()
    await config({ failure_count: 1 })
    await send(receipt(3))
    await send(receipt(1))
    expect(await health()).toMatchObject({ out_of_order: 0, receipts_received: 1 })
  })
})

describe('fencing', () => {
  test('a token lower than the highest seen is 412 and nothing is taken', async () => {
    const { send, find, health } = build()
    expect((await send(receipt(1), '7')).status).toBe(200)
    const stale = await send(receipt(2), '6')
    expect(stale).toMatchObject({ status: 412, body: { error: 'Fencing token is stale' } })
    expect((await find(idOf(2))).status).toBe(404)
    expect(await health()).toEqual({ ...untouched, call_count: 2, receipts_received: 1, stale_fence: 1 })
  })

  test('the same token, a higher one and none at all are let through', async () => {
    const { send, health } = build()
    const statuses = []
    for (const [fd, fence] of [
      [1, '7'],
      [2, '7'],
      [3, '10'],
      [4, undefined],
    ] as const) {
      statuses.push((await send(receipt(fd), fence)).status)
    }
    expect(statuses).toEqual([200, 200, 200, 200])
    expect((await send(receipt(5), '9')).status).toBe(412)
    expect(await health()).toMatchObject({ stale_fence: 1 })
  })

  test('a stale sender does not even get the answer to what is there already', async () => {
    const { send, health } = build()
    await send(receipt(1), '7')
    expect((await send(receipt(1), '6')).status).toBe(412)
    expect(await health()).toMatchObject({ duplicates: 0 })
  })

  test('invariant 4: after the look-up of a newer sender nothing of an older one is taken, nor told', async () => {
    const { send, find, health } = build()
    const asks = (fence: string, kkt = 'KKT-001') => find(idOf(1), { 'fencing-token': fence, 'kkt-id': kkt })
    expect((await asks('7')).status).toBe(404)
    expect((await send(receipt(1), '6')).status).toBe(412)
    expect((await asks('6')).status).toBe(412)
    expect((await asks('6', 'KKT-002')).status).toBe(404)
    expect((await send(receipt(1), '7')).status).toBe(200)
    expect(await health()).toMatchObject({ receipts_received: 1, stale_fence: 2 })
  })

  test('each KKT has its own', async () => {
    const { send } = build()
    await send(receipt(1), '7')
    expect((await send(receipt(2, { kkt_id: 'KKT-002' }), '1')).status).toBe(200)
  })

  test('the greatest token that a sender may have is let through, and counts', async () => {
    const { send } = build()
    expect((await send(receipt(1), String(2 ** 52))).status).toBe(200)
    expect((await send(receipt(2), String(2 ** 52 - 1))).status).toBe(412)
  })

  test('what is no token is 400', async () => {
    for (const fence of ['x', '-1', '1.5', '1e3', String(2 ** 52 + 1), '9'.repeat(16), '0'.repeat(17)]) {
      expect(await build().send(receipt(1), fence)).toMatchObject({ status: 400, body: { code: 'invalid_headers' } })
    }
  })
})

test('the tokens of the latest ten thousand KKTs are known', () => {
  const ledger = createLedger(new TestClock(0))
  for (let kkt = 0; kkt <= 10_000; kkt += 1) expect(ledger.admits(`KKT-${kkt}`, 7)).toBe(true)
  expect([ledger.admits('KKT-0', 6), ledger.admits('KKT-2', 6)]).toEqual([true, false])
})
