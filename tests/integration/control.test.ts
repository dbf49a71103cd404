/** The control side of the mocks, on which every other suite relies. */
import { describe, expect, test } from 'bun:test'
import { odoo, ofd, urls } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { type Answer, expectBody, expectProblem } from '../harness/http.ts'
import { limits } from '../harness/limits.ts'
import { newPosId } from '../harness/receipts.ts'
import { onHealedStack } from '../harness/stack_state.ts'
import { odooAccepted, odooWaited, ofdAbsent, ofdAccepted, ofdFound, ofdWaited } from '../harness/wire.ts'

onHealedStack()

const OFF = { permanent_failure: false, failure_count: 0 }

/** A document as the adapter sends it. */
const document = (posId: string, fd: number) => ({
  receipt_id: crypto.randomUUID(),
  pos_id: posId,
  kkt_id: 'KKT-TEST',
  type: 'sale',
  items: [{ name: 'Case', price: 10, quantity: 1, total: 10, vat_rate: null }],
  payments: [{ type: 'cash', amount: 10 }],
  total: 10,
  fiscal_doc: {
    fiscal_doc_number: fd,
    fiscal_sign: '0123456789',
    fiscal_datetime: '2026-01-31T12:00:00.000Z',
    fn_number: '9999999999999999',
    kkt_number: '0000000000000001',
    shift_number: 1,
    receipt_number: fd,
    total: 10,
    qr_code_data: 't=20260131T1200&s=10.00&fn=9999999999999999&i=1&fp=0123456789&n=1',
  },
})

const send = (body: unknown, headers?: Record<string, string>): Promise<Answer> => ofd.post('/receipt', body, headers)

describe.each([
  ['OFD', ofd],
  ['Odoo', odoo],
] as const)('the control side of the %s mock', (_name, mock) => {
  test('answers a change with the whole configuration, and keeps settings that are not named', async () => {
    expect(await mock.configure({ permanent_failure: true })).toMatchObject({
      permanent_failure: true,
      failure_count: 0,
    })
    expect(await mock.configure({ failure_count: 5 })).toMatchObject({ permanent_failure: true, failure_count: 5 })
    expect(await mock.configure({})).toMatchObject({ permanent_failure: true, failure_count: 5 })
  })

  test.each([
    ['an unknown field', { permanent_failure: true, permanent_failures: true }],
    ['a wrong type', { permanent_failure: 'true' }],
    ['a negative number', { failure_count: -1 }],
    ['a change that is half wrong', { permanent_failure: true, failure_count: 1.5 }],
    ['a body that is no object', [true]],
  ])('refuses %s with 422 and changes nothing', async (_what, change) => {
    expect(expectProblem(await mock.post('/_test/config', change), 422).code).toBe('invalid_body')
    expect(await mock.configure({})).toMatchObject(OFF)
  })

  test('a reset ends the faults and clears the counters', async () => {
    await mock.configure({ permanent_failure: true, failure_count: 7 })
    expect(await mock.reset()).toEqual({ status: 'reset' })
    expect(await mock.configure({})).toMatchObject(OFF)
    expect(await mock.health()).toMatchObject({ permanent_failure: false, failure_count: 0 })
  })

  test('a wrong path is a 404, a wrong method a 405', async () => {
    expect(expectProblem(await mock.get('/_test/nothing'), 404).code).toBe('no_such_route')
    expect(expectProblem(await mock.get('/_test/reset'), 405).code).toBe('method_not_allowed')
  })
})

describe('the OFD mock', () => {
  test('takes a receipt once, notices a duplicate, and looks it up by its id', async () => {
    const sent = document(newPosId('mock'), 1)
    expect(expectBody(await ofd.get(`/receipt/${sent.receipt_id}`), 404, ofdAbsent).receipt_id).toBe(sent.receipt_id)
    const first = expectBody(await send(sent), 200, ofdAccepted)
    expect(expectBody(await send(sent), 200, ofdAccepted)).toEqual(first)
    expect(first.ofd_id).toBe('OFD-000001')
    expect(Math.abs(first.timestamp - Date.now() / 1000)).toBeLessThan(limits.answerMs / 1000)
    expect(expectBody(await ofd.get(`/receipt/${sent.receipt_id}`), 200, ofdFound)).toMatchObject({
      ofd_id: first.ofd_id,
    })
    expect(await ofd.health()).toMatchObject({ call_count: 2, receipts_received: 1, duplicates: 1, out_of_order: 0 })
  })

  test('notices receipts out of order within one till', async () => {
    const [one, other] = [newPosId('mock'), newPosId('mock')]
    for (const sent of [document(one, 5), document(other, 4), document(one, 6)]) await send(sent)
    expect((await ofd.health()).out_of_order).toBe(0)
    await send(document(one, 3))
    expect((await ofd.health()).out_of_order).toBe(1)
    expect((await ofd.ledger({ pos_id: one })).map(({ fiscal_doc_number }) => fiscal_doc_number)).toEqual([5, 6, 3])
  })

  test('refuses a stale fencing token and takes nothing', async () => {
    const posId = newPosId('mock')
    expect((await send(document(posId, 1), { 'fencing-token': '2' })).status).toBe(200)
    expect((await send(document(posId, 2), { 'fencing-token': '1' })).status).toBe(412)
    expect(await ofd.health()).toMatchObject({ stale_fence: 1, receipts_received: 1 })
  })

  test('permanent_failure takes down the look-up, but not the health', async () => {
    const sent = document(newPosId('mock'), 1)
    await send(sent)
    await ofd.configure({ permanent_failure: true })
    for (const answer of [await send(sent), await ofd.get(`/receipt/${sent.receipt_id}`)]) {
      expect(answer).toMatchObject({ status: 503, text: '{"error":"OFD unavailable"}' })
    }
    expect(await ofd.health()).toMatchObject({ permanent_failure: true, call_count: 2, receipts_received: 1 })
  })

  test('failure_count fails that many POSTs, and no look-up', async () => {
    const sent = document(newPosId('mock'), 1)
    await ofd.configure({ failure_count: 2 })
    expect((await send(sent)).status).toBe(503)
    expect((await ofd.get(`/receipt/${sent.receipt_id}`)).status).toBe(404)
    expect((await ofd.health()).failure_count).toBe(1)
    expect((await send(sent)).status).toBe(503)
    expect((await send(sent)).status).toBe(200)
    expect(await ofd.health()).toMatchObject({ failure_count: 0, call_count: 3, receipts_received: 1 })
  })

  test('deduplicate: false takes a receipt each time it comes, and looks up the first', async () => {
    const sent = document(newPosId('mock'), 1)
    await ofd.configure({ deduplicate: false })
    const ids = [await send(sent), await send(sent)].map((answer) => expectBody(answer, 200, ofdAccepted).ofd_id)
    expect((await ofd.ledger()).map(({ ofd_id, times_sent }) => ({ ofd_id, times_sent }))).toEqual(
      ids.map((ofd_id) => ({ ofd_id, times_sent: 1 })),
    )
    expect(expectBody(await ofd.get(`/receipt/${sent.receipt_id}`), 200, ofdFound).ofd_id).toBe(ids[0] ?? '')
    expect(await ofd.health()).toMatchObject({ call_count: 2, receipts_received: 2, duplicates: 1 })
  })

  test('effect_then_error and effect_then_cut take a receipt and answer badly', async () => {
    const [one, other] = [document(newPosId('mock'), 1), document(newPosId('mock'), 1)]
    await ofd.configure({ effect_then_error: 1 })
    expect((await send(one)).status).toBe(500)
    await ofd.configure({ effect_then_cut: 1 })
    await expect(send(other)).rejects.toThrow()
    expect((await ofd.ledger()).map(({ receipt_id }) => receipt_id)).toEqual([one.receipt_id, other.receipt_id])
  })

  test('effect_then_silence takes a receipt and does not answer before a reset', async () => {
    const sent = document(newPosId('mock'), 1)
    await ofd.configure({ effect_then_silence: 1 })
    const answer = send(sent)
    expect((await ofd.get('/_test/wait?receipts=1&timeout=10')).status).toBe(200)
    expect(expectBody(await ofd.get(`/receipt/${sent.receipt_id}`), 200, ofdFound).ofd_id).toBe('OFD-000001')
    await ofd.reset()
    expect((await answer).status).toBe(503)
  })

  test('effect_delay takes a receipt later, and a reset drops it', async () => {
    const sent = document(newPosId('mock'), 1)
    await ofd.configure({ effect_delay: 60 })
    const answer = send(sent)
    await eventually('the receipt to have come', () => ofd.health(), {
      withinMs: limits.answerMs,
      until: ({ call_count }) => call_count === 1,
    })
    expect((await ofd.get(`/receipt/${sent.receipt_id}`)).status).toBe(404)
    await ofd.reset()
    expect((await answer).status).toBe(503)
    expect(await ofd.ledger()).toEqual([])
  })

  test('a wait ends when the receipts are there, or with a 408 and their number', async () => {
    const posId = newPosId('mock')
    await send(document(posId, 1))
    const two = ofd.get('/_test/wait?receipts=2&timeout=10')
    await send(document(posId, 2))
    expect(expectBody(await two, 200, ofdWaited)).toEqual({ status: 'reached', receipts: 2 })
    const three = await ofd.get('/_test/wait?receipts=3&timeout=0.05')
    expect(expectBody(three, 408, ofdWaited)).toMatchObject({ status: 'timeout', receipts: 2 })
    expect((await ofd.get('/_test/wait?receipts=many')).status).toBe(422)
  })
})

describe('the view of the OFD mock', () => {
  test('a wait for a receipt that does not come quotes what came instead', async () => {
    const [one, other] = [document(newPosId('mock'), 1), document(newPosId('mock'), 1)]
    await ofd.configure({ effect_then_error: 1, refuse: { receipt_id: other.receipt_id, status: 422 } })
    for (const sent of [one, other]) await send(sent)
    const waited = await ofd.get(`/_test/wait?receipt_id=${other.receipt_id}&timeout=0.05`)
    expect(expectBody(waited, 408, ofdWaited)).toMatchObject({
      receipts: 0,
      came_instead: {
        counters: { calls: 2, by_fault: { effect_then_error: 1, refuse: 1 } },
        last_calls: [
          { effect: true, why_not: [`its receipt_id is ${one.receipt_id}`] },
          { effect: false, why_not: ['refuse kept it from being taken'] },
        ],
      },
    })
    expect(await ofd.calls({ fault: 'refuse' })).toMatchObject([{ status: 422, receipt_id: other.receipt_id }])
  })

  test('events are streamed as they happen', async () => {
    const gone = new AbortController()
    const { body } = await fetch(`${urls.ofd}/ofd/v1/_test/stream`, { signal: gone.signal })
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toStartWith('event: config\ndata: {')
    await send(document(newPosId('mock'), 1))
    expect((await reader?.read())?.value).toStartWith('event: call\ndata: {')
    gone.abort()
  })

  test('the state can be exported and imported', async () => {
    const sent = document(newPosId('mock'), 1)
    await send(sent)
    await ofd.configure({ failure_count: 3 })
    const { text } = await ofd.get('/_test/export')
    await ofd.reset()
    const imported = await ofd.post('/_test/import', JSON.parse(text))
    expect(imported.status).toBe(200)
    expect(await ofd.health()).toMatchObject({ receipts_received: 1, failure_count: 3 })
    expect((await ofd.get(`/receipt/${sent.receipt_id}`)).status).toBe(200)
  })
})

describe('the Odoo mock', () => {
  const heartbeat = { kkt_id: 'KKT-TEST', status: 'online', buffer_fullness: 0.5 }

  test('takes heartbeats and lists them', async () => {
    const { heartbeat_count: before } = await odoo.health()
    const { timestamp } = expectBody(await odoo.post('/kkt/heartbeat', heartbeat), 200, odooAccepted)
    expect(Math.abs(timestamp - Date.now() / 1000)).toBeLessThan(limits.answerMs / 1000)
    const after = await odoo.health()
    expect(after.heartbeat_count).toBeGreaterThan(before)
    expect(Math.floor(Date.parse(after.last_heartbeat ?? '') / 1000)).toBeGreaterThanOrEqual(timestamp)
    expect((await odoo.get('/_test/heartbeats')).text).toContain('KKT-TEST')
  })

  test('refuses heartbeats while it is told to fail', async () => {
    await odoo.configure({ permanent_failure: true })
    const { heartbeat_count: before } = await odoo.health()
    expect(await odoo.post('/kkt/heartbeat', heartbeat)).toMatchObject({ status: 503 })
    expect((await odoo.health()).heartbeat_count).toBe(before)
  })

  test('a wait ends when heartbeats are there, or with a 408', async () => {
    await odoo.post('/kkt/heartbeat', heartbeat)
    expect(expectBody(await odoo.get('/_test/wait?heartbeats=1&timeout=10'), 200, odooWaited).status).toBe('reached')
    const never = await odoo.get('/_test/wait?heartbeats=1000000&timeout=0.05')
    expect(expectBody(never, 408, odooWaited).status).toBe('timeout')
  })
})
