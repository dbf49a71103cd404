/** What can be carried away from a mock: its state, and what there is to know of its faults. */
import { describe, expect, test } from 'bun:test'
import { receiptFaults } from '@kkt/fault-kit/catalogue.ts'
import { nothingSet } from '@kkt/fault-kit/testing.ts'
import { build, first, idOf, receipt, untouched } from './testing.ts'

const T = '/ofd/v1/_test'

describe('a state that is carried elsewhere', () => {
  const carried = async () => {
    const mock = build()
    for (const fd of [1, 2, 2]) await mock.send(receipt(fd), '7')
    await mock.config({ failure_count: 3, hang: { after: 5, times: 2 }, seed: 4 })
    await mock.send(receipt(3))
    await mock.find(idOf(1))
    const { body: state } = await mock.ask('GET', `${T}/export`)
    return { mock, state }
  }

  test('is the same there in all that can be asked', async () => {
    const { mock, state } = await carried()
    const other = build()
    await other.send(receipt(8))
    expect(await other.ask('POST', `${T}/import`, state)).toMatchObject({ status: 200, body: { status: 'imported' } })
    for (const path of [
      '/ofd/v1/health',
      ...['calls', 'receipts', 'counters', 'export'].map((name) => `${T}/${name}`),
    ]) {
      expect((await other.ask('GET', path)).body).toEqual((await mock.ask('GET', path)).body)
    }
    expect((await other.config({})).body).toEqual({
      ...nothingSet,
      ...{ failure_count: 2, hang: { after: 4, times: 2 }, seed: 4 },
    })
  })

  test('goes on from there', async () => {
    const { state } = await carried()
    const other = build()
    await other.ask('POST', `${T}/import`, state)
    await other.config({ failure_count: 0, hang: 0 })
    expect((await other.send(receipt(1), '7')).body).toEqual(first)
    expect((await other.send(receipt(4), '6')).status).toBe(412)
    expect(
      (await other.send(receipt(0, { receipt_id: idOf(40), fiscal_doc: { ...receipt(1).fiscal_doc } }), '7')).body,
    ).toMatchObject({ ofd_id: 'OFD-000003' })
    expect(await other.health()).toMatchObject({ receipts_received: 3, duplicates: 2, out_of_order: 1, stale_fence: 1 })
  })

  test('of another mock or another form is refused, and changes nothing', async () => {
    const { state } = await carried()
    for (const change of [{ service: 'Odoo' }, { version: 2 }, { ledger: {} }, { configuration: { hangs: 1 } }]) {
      const other = build()
      await other.send(receipt(8))
      const body = { ...Object(state), ...change }
      expect(await other.ask('POST', `${T}/import`, body)).toMatchObject({
        status: 422,
        body: { code: 'invalid_body' },
      })
      expect(await other.health()).toEqual({ ...untouched, call_count: 1, receipts_received: 1 })
    }
  })
})

describe('faults', () => {
  test('the catalogue tells of each, with parameters and an example that can be configured', async () => {
    const { ask, config } = build()
    const { body } = await ask('GET', `${T}/faults`)
    expect(Object.keys(Object(body))).toEqual(['faults'])
    const { faults } = Object(body)
    expect(faults.map(({ name }: { name: string }) => name)).toEqual(receiptFaults.map(({ name }) => name))
    const onConnections = ['dead_connections', 'half_open', 'refuse_to_accept', 'second_answer']
    for (const { name, summary, operation, parameters, example } of faults) {
      expect(summary).toMatch(/^[A-Z0-9].*\.$/)
      expect(['submit', 'lookup', 'any']).toContain(operation)
      expect(parameters).toMatchObject({ type: 'object', additionalProperties: false })
      for (const field of Object.values(Object(parameters).properties)) expect(field).toHaveProperty('description')
      expect([name, (await config(example)).status]).toEqual([name, onConnections.includes(name) ? 422 : 200])
    }
  })
})
