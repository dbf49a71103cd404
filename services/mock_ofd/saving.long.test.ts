import { describe, expect, test } from 'bun:test'
import { receiptFaults } from '@kkt/fault-kit/catalogue.ts'
import { nothingSet } from '@kkt/fault-kit/testing.ts'
import { z } from 'zod'
import { build } from './testing/lent.ts'
import { first, idOf, receipt, untouched } from './testing.ts'

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
      failure_count: 2,
      hang: { after: 4, times: 2 },
      seed: 4,
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

describe('a state that no mock exports', () => {
  const exported = async () => {
    const mock = build()
    for (const fd of [1, 2, 2]) await mock.send(receipt(fd), '7')
    await mock.find(idOf(1))
    return z.string().parse(JSON.stringify((await mock.ask('GET', `${T}/export`)).body))
  }

  test.each<[what: string, written: RegExp, instead: string, pointer: string]>([
    ['a moment that is no date', /"receivedAtMs":\d+/, '"receivedAtMs":1e300', '/ledger/entries/0/receivedAtMs'],
    ['a moment before 1970', /"receivedAtMs":\d+/, '"receivedAtMs":-1', '/ledger/entries/0/receivedAtMs'],
    ['a rejection that is no date', /"rejectedAtMs":null/, '"rejectedAtMs":8.64e15', '/ledger/entries/0/rejectedAtMs'],
    ['a time that is no date', /"time":"[^"]*"/, '"time":"2026-02-30T00:00:00Z"', '/calls/kept/0/time'],
    ['fewer receipts than it lists', /"total":2/, '"total":1', '/ledger/total'],
    ['an entry without its number', /OFD-000002/, 'OFD-000001', '/ledger/entries/1'],
    ['a receipt that was never sent', /"timesSent":1/, '"timesSent":0', '/ledger/entries/0/timesSent'],
    ['fewer duplicates than receipts tell of', /"timesSent":2/, '"timesSent":3', '/ledger/duplicates'],
    ['more out of order than there are', /"outOfOrder":0/, '"outOfOrder":3', '/ledger/outOfOrder'],
    ['a count below 0', /"staleFence":0/, '"staleFence":-1', '/ledger/staleFence'],
    [
      'a token that no sender may have',
      /"KKT-001":7/,
      '"KKT-001":9007199254740991',
      '/ledger/highestFenceByKkt/KKT-001',
    ],
    ['fewer calls than it lists', /"total":4/, '"total":3', '/calls/total'],
    ['a call without its number', /"number":1,/, '"number":2,', '/calls/kept/0'],
    ['other sums of calls', /"submit":3/, '"submit":4', '/calls/total'],
    ['more outcomes than calls', /"byOutcome":{"200":4/, '"byOutcome":{"200":5', '/calls/outcomes/byOutcome'],
    ['an answer without a status', /"status":200/, '"status":null', '/calls/kept/0/status'],
    ['a status that is none', /"status":200/, '"status":1e9', '/calls/kept/0/status'],
    ['an id that is too long', /"pos_id":"POS-001","kkt/, `"pos_id":"${'x'.repeat(129)}","kkt`, '/calls/kept/0/pos_id'],
  ])('with %s is refused, and changes nothing', async (_, written, instead, pointer) => {
    const state = await exported()
    expect(state).toMatch(written)
    const other = build()
    await other.send(receipt(8))
    const { status, body } = await other.ask('POST', `${T}/import`, state.replace(written, instead))
    expect([status, Object(body).errors?.[0].pointer]).toEqual([422, pointer])
    expect(await other.ledger()).toMatchObject({ count: 1, receipts: [{ receipt_id: idOf(8) }] })
  })

  test('of more bytes, or of more values, than an export has is refused unread, and told how many that are', async () => {
    const { ask } = build()
    const asked = async (body: string) => (await ask('POST', `${T}/import`, body)).body
    const tooLong = `"${'x'.repeat(60 * 1024 * 1024)}"`
    expect(await asked(tooLong)).toMatchObject({ status: 413, detail: expect.stringContaining('62914560 bytes') })
    const tooMany = `[${'[],'.repeat(1_300_000)}[]]`
    expect(await asked(tooMany)).toMatchObject({ status: 413, detail: expect.stringContaining('2500000 values') })
  })

  test('whose configuration has unknown fields without end is told the first', async () => {
    const { ask } = build()
    const configuration = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`unknown_${i}`, 1]))
    for (const [change, pointer] of [
      [configuration, '/configuration/unknown_0'],
      [{ sequence: [configuration] }, '/configuration/sequence/0/unknown_0'],
    ] as const) {
      const state = { ...JSON.parse(await exported()), configuration: change }
      const { body } = await ask('POST', `${T}/import`, state)
      expect(Object(body).errors).toEqual([{ pointer, message: expect.stringContaining('is not known here') }])
    }
  })
})

test('an export has room for the newest receipts, and an import takes it, whatever was sent', async () => {
  const { app, ask, send } = build()
  const x = 'я'.repeat(230_000)
  for (let fd = 1; fd <= 80; fd += 1) await send({ ...receipt(fd), x })
  const answer = await app.handle(new Request(`http://localhost${T}/export`))
  const state = await answer.text()
  const { entries, total } = JSON.parse(state).ledger
  // 32 MiB, of 460 000 bytes and a little each.
  expect([total, entries.length, entries.at(-1).ofdId]).toEqual([80, 72, 'OFD-000080'])
  expect(await ask('POST', `${T}/import`, state)).toMatchObject({ status: 200 })
  expect(await ask('GET', `${T}/receipts?limit=1`)).toMatchObject({ body: { count: 72 } })
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
