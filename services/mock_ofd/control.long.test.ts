import { describe, expect, test } from 'bun:test'
import { nothingSet } from '@kkt/fault-kit/testing.ts'
import { settle } from '@kkt/platform/testing.ts'
import { build } from './testing/lent.ts'
import { first, idOf, receipt, untouched } from './testing.ts'

describe('faults', () => {
  const down = { status: 503, body: { error: 'OFD unavailable' } }

  test('permanent_failure takes receipts and the look-up down; health and control answer on', async () => {
    const { send, find, config, health, ledger } = build()
    await send(receipt(1))
    expect((await config({ permanent_failure: true })).status).toBe(200)
    expect(await send(receipt(2))).toMatchObject(down)
    expect(await find(idOf(1))).toMatchObject(down)
    expect(await health()).toEqual({ ...untouched, call_count: 2, receipts_received: 1, permanent_failure: true })
    expect(await ledger()).toMatchObject({ count: 1 })
    await config({ permanent_failure: false })
    expect((await find(idOf(1))).status).toBe(200)
    expect((await send(receipt(2))).status).toBe(200)
  })

  test('failure_count fails so many of the next POSTs, shows what remains, and leaves the look-up alone', async () => {
    const { send, find, config, health } = build()
    await config({ failure_count: 2 })
    expect(await send(receipt(1))).toMatchObject(down)
    expect((await find(idOf(1))).status).toBe(404)
    expect(await health()).toMatchObject({ failure_count: 1, call_count: 1 })
    expect(await send(receipt(1))).toMatchObject(down)
    expect(await send(receipt(1))).toMatchObject({ status: 200, body: first })
    expect(await health()).toMatchObject({ failure_count: 0, call_count: 3, receipts_received: 1 })
  })

  test('an OFD that is down reads nothing: any POST gets 503', async () => {
    const { send, config, health } = build()
    await config({ failure_count: 2 })
    expect(await send('{')).toMatchObject(down)
    expect(await send({})).toMatchObject(down)
    expect(await health()).toMatchObject({ failure_count: 0, call_count: 2 })
  })

  test('refuse answers as told for what matches and takes nothing', async () => {
    const { send, find, config, health } = build()
    await config({ refuse: { pos_id: 'POS-002', status: 422 } })
    const answer = await send(receipt(1, { pos_id: 'POS-002' }))
    expect(answer).toMatchObject({ status: 422, body: { error: 'Receipt refused' } })
    expect((await find(idOf(1))).status).toBe(404)
    expect((await send(receipt(2))).status).toBe(200)
    expect(await health()).toEqual({ ...untouched, call_count: 2, receipts_received: 1 })
    await config({ refuse: { receipt_id: idOf(3), status: 409 } })
    expect((await send(receipt(3))).status).toBe(409)
    await config({ refuse: null })
    expect((await send(receipt(3))).status).toBe(200)
  })
})

describe('the tests’ side', () => {
  test('config answers with the whole configuration and refuses what it does not know', async () => {
    const { config } = build()
    expect((await config({ failure_count: 5 })).body).toEqual({ ...nothingSet, failure_count: 5 })
    expect(await config({ failures: 5 })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/failures' }] } })
  })

  test('config is read as JSON though curl calls it a form', async () => {
    const { ask } = build()
    const init = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    expect(await ask('POST', '/ofd/v1/_test/config', '{"permanent_failure": true}', init)).toMatchObject({
      status: 200,
      body: { permanent_failure: true },
    })
  })

  test('receipts lists what was taken, in the order of arrival', async () => {
    const { send, ledger, advance } = build()
    await send(receipt(2))
    await advance(1500)
    const other = receipt(1, { pos_id: 'POS-002' })
    await send(other)
    await send(receipt(2))
    expect(await ledger()).toEqual({
      count: 2,
      kept_at_most: 20_000,
      receipts: [
        {
          ofd_id: 'OFD-000001',
          kind: 'receipt',
          receipt_id: idOf(2),
          pos_id: 'POS-001',
          kkt_id: 'KKT-001',
          fn_number: '9999078900001234',
          fiscal_doc_number: 2,
          status: 'accepted',
          received_at: '2026-01-31T12:00:00.500Z',
          times_sent: 2,
          findings: [],
          document: receipt(2),
        },
        {
          ofd_id: 'OFD-000002',
          kind: 'receipt',
          receipt_id: idOf(1),
          pos_id: 'POS-002',
          kkt_id: 'KKT-001',
          fn_number: '9999078900001234',
          fiscal_doc_number: 1,
          status: 'accepted',
          received_at: '2026-01-31T12:00:02.000Z',
          times_sent: 1,
          findings: [],
          document: other,
        },
      ],
    })
    expect(await ledger('?pos_id=POS-002')).toMatchObject({ count: 1, receipts: [{ receipt_id: idOf(1) }] })
  })

  test('wait is woken by a new receipt, not by one sent again', async () => {
    const { ask, send } = build()
    await send(receipt(1))
    const waited = ask('GET', '/ofd/v1/_test/wait?receipts=2&timeout=60')
    await settle()
    await send(receipt(1))
    await send(receipt(2))
    expect(await waited).toMatchObject({ status: 200, body: { status: 'reached', receipts: 2 } })
  })

  test('reset sets everything back to the start', async () => {
    const { send, find, config, reset, health, ledger } = build()
    await send(receipt(9), '7')
    await send(receipt(8), '7')
    await send(receipt(8), '7')
    await send(receipt(1), '6')
    await config({ deduplicate: false })
    await send(receipt(9), '7')
    await config({ permanent_failure: true, failure_count: 5, refuse: { pos_id: 'POS-001', status: 400 } })
    await config({ effect_delay: 1, effect_then_silence: 1, effect_then_cut: 1, effect_then_error: 1 })
    expect(await reset()).toMatchObject({ status: 200, body: { status: 'reset' } })
    expect((await config({})).body).toEqual(nothingSet)
    expect(await health()).toEqual(untouched)
    expect(await ledger()).toMatchObject({ count: 0, receipts: [] })
    expect((await find(idOf(9))).status).toBe(404)
    expect(await send(receipt(1), '1')).toMatchObject({ status: 200, body: { ofd_id: 'OFD-000001' } })
    expect(await health()).toEqual({ ...untouched, call_count: 1, receipts_received: 1 })
  })
})
