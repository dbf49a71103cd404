/** Look-ups answered about another receipt, or not at all. */
import { describe, expect, test } from 'bun:test'
import { nothingSet } from '@kkt/fault-kit/testing.ts'
import { build } from './testing/lent.ts'
import { first, idOf, receipt } from './testing.ts'

type Mock = ReturnType<typeof build>
const lastCall = async ({ ask }: Mock) => (await ask('GET', '/ofd/v1/_test/calls?limit=1')).body

describe('lookup_mixed_up', () => {
  test('200 with another receipt of the ledger, whether the one that is asked for is there or not', async () => {
    const mock = build()
    for (const fd of [1, 2]) await mock.send(receipt(fd))
    await mock.config({ lookup_mixed_up: { times: 2 } })
    expect(await mock.find(idOf(3))).toMatchObject({
      status: 200,
      body: { ...first, ofd_id: 'OFD-000002', receipt_id: idOf(2) },
    })
    const calls = [{ receipt_id: idOf(3), fault: 'lookup_mixed_up', status: 200, effect: false }]
    expect(await lastCall(mock)).toMatchObject({ calls })
    expect((await mock.find(idOf(2))).body).toEqual({ ...first, receipt_id: idOf(1) })
    expect((await mock.find(idOf(2))).body).toMatchObject({ receipt_id: idOf(2) })
    expect((await mock.config({})).body).toEqual(nothingSet)
  })

  test('says of the other what the OFD says of it', async () => {
    const mock = build()
    await mock.config({ accepted_then_rejected: { times: 1 }, lookup_mixed_up: true })
    await mock.send(receipt(1))
    expect((await mock.find(idOf(2))).body).toMatchObject({ receipt_id: idOf(1), status: 'rejected' })
  })

  test('strikes no look-up while the ledger holds no other receipt', async () => {
    const mock = build()
    await mock.config({ lookup_mixed_up: { times: 1 } })
    expect((await mock.find(idOf(1))).status).toBe(404)
    await mock.send(receipt(1))
    expect((await mock.find(idOf(1))).body).toMatchObject({ receipt_id: idOf(1) })
    expect((await mock.find(idOf(2))).body).toMatchObject({ receipt_id: idOf(1) })
  })

  test('found: false: 404 with a foreign id for a receipt that is there, and for no other', async () => {
    const mock = build()
    await mock.send(receipt(1))
    await mock.config({ lookup_mixed_up: { found: false, times: 1 } })
    expect((await mock.find(idOf(2))).body).toEqual({ status: 'not_found', receipt_id: idOf(2) })
    const { status, body } = await mock.find(idOf(1))
    expect(status).toBe(404)
    expect(body).toEqual({ status: 'not_found', receipt_id: expect.stringMatching(/^00000000-/) })
    expect(await lastCall(mock)).toMatchObject({ calls: [{ fault: 'lookup_mixed_up', status: 404 }] })
    expect((await mock.find(idOf(1))).status).toBe(200)
  })

  test('leaves submissions alone', async () => {
    const { send, config } = build()
    await send(receipt(1))
    await config({ lookup_mixed_up: [{}, { found: false }] })
    expect((await send(receipt(2))).body).toEqual({ ...first, ofd_id: 'OFD-000002', receipt_id: idOf(2) })
  })
})

describe('lookup_not_routed', () => {
  const asked = async (plan: unknown) => {
    const mock = build()
    await mock.send(receipt(1))
    expect((await mock.config({ lookup_not_routed: plan })).status).toBe(200)
    const response = await mock.app.handle(new Request(`http://localhost/ofd/v1/receipt/${idOf(1)}`))
    const type = response.headers.get('content-type')
    return { mock, status: response.status, type, text: await response.text() }
  }

  test('404 with a page of HTML instead of the answer', async () => {
    const { mock, status, type, text } = await asked({ times: 1 })
    expect([status, type]).toEqual([404, 'text/html'])
    expect(text).toStartWith('<!doctype html>')
    expect(await lastCall(mock)).toMatchObject({
      calls: [{ receipt_id: idOf(1), fault: 'lookup_not_routed', status: 404 }],
    })
    expect((await mock.find(idOf(1))).status).toBe(200)
  })

  test.each([404, 405, 501])(
    "a gateway's own JSON with %i, in which nothing is said of the receipt",
    async (wanted) => {
      const { status, type, text } = await asked({ status: wanted, json: true })
      expect([status, type]).toEqual([wanted, 'application/json'])
      expect(JSON.parse(text)).toEqual({ message: expect.any(String) })
    },
  )

  test('strikes a look-up of a receipt that is not there as well, and no submission', async () => {
    const { send, find, config, ledger } = build()
    await config({ lookup_not_routed: { json: true } })
    expect((await find(idOf(1))).body).not.toHaveProperty('status')
    expect((await send(receipt(1))).status).toBe(200)
    expect(await ledger()).toMatchObject({ count: 1 })
  })
})
