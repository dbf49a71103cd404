/** Receipts that take effect late, or whose effect their sender does not learn. */
import { describe, expect, test } from 'bun:test'
import { nothingSet } from '@kkt/fault-kit/testing.ts'
import { settle } from '@kkt/platform/testing.ts'
import { build } from './testing/lent.ts'
import { first, idOf, receipt, untouched } from './testing.ts'

describe('taken, and the answer lost', () => {
  test('effect_then_error answers so many with 500, and has taken them', async () => {
    const { send, find, config, health } = build()
    await config({ effect_then_error: 2 })
    for (const fd of [1, 2]) {
      expect(await send(receipt(fd))).toMatchObject({ status: 500, body: { error: 'OFD failed after taking it' } })
      expect((await find(idOf(fd))).status).toBe(200)
    }
    expect((await send(receipt(3))).status).toBe(200)
    expect(await health()).toEqual({ ...untouched, call_count: 3, receipts_received: 3 })
    expect((await config({})).body).toEqual(nothingSet)
  })

  test('effect_then_cut begins a 200 that cannot be read to its end, and has taken it', async () => {
    const { app, send, find, config } = build()
    await config({ effect_then_cut: 1 })
    const body = JSON.stringify(receipt(1))
    const cut = await app.handle(new Request('http://localhost/ofd/v1/receipt', { method: 'POST', body }))
    expect([cut.status, cut.headers.get('content-type')]).toEqual([200, 'application/json'])
    expect(await cut.text().catch(() => 'cut')).toBe('cut')
    expect(await find(idOf(1))).toMatchObject({ status: 200, body: first })
    expect(await send(receipt(1))).toMatchObject({ status: 200, body: first })
  })

  test('effect_then_silence answers nothing, and has taken it', async () => {
    const { send, find, config, reset } = build()
    await config({ effect_then_silence: 1 })
    let isAnswered = false
    const answer = send(receipt(1)).finally(() => {
      isAnswered = true
    })
    await settle()
    expect(isAnswered).toBe(false)
    expect(await find(idOf(1))).toMatchObject({ status: 200, body: first })
    expect((await send(receipt(2))).status).toBe(200)
    await reset()
    expect((await answer).status).toBe(503)
  })

  test('nothing is taken, and none of them used up, by a call that fails before', async () => {
    const { send, config, health } = build()
    await config({ effect_then_error: 5, effect_then_cut: 5, failure_count: 1 })
    expect((await send(receipt(1))).status).toBe(503)
    await config({ permanent_failure: true })
    expect((await send(receipt(1))).status).toBe(503)
    await config({ permanent_failure: false, refuse: { pos_id: 'POS-001', status: 422 } })
    expect((await send(receipt(1))).status).toBe(422)
    expect(await send({})).toMatchObject({ status: 422, body: { code: 'invalid_body' } })
    expect((await config({})).body).toMatchObject({ effect_then_error: 5, effect_then_cut: 5 })
    expect(await health()).toMatchObject({ call_count: 4, receipts_received: 0 })
  })
})

describe('effect_delay', () => {
  test('lets a receipt take effect so long after it came, and answers then', async () => {
    const { send, find, config, advance, health } = build()
    await config({ effect_delay: 2.5 })
    const answer = send(receipt(1))
    await advance(2499)
    expect((await find(idOf(1))).status).toBe(404)
    expect(await health()).toEqual({ ...untouched, call_count: 1 })
    await advance(1)
    expect(await answer).toMatchObject({ status: 200, body: { ...first, timestamp: first.timestamp + 3 } })
    expect((await find(idOf(1))).status).toBe(200)
  })

  test('is not cut short by a client that goes away', async () => {
    const { ask, find, config, advance } = build()
    await config({ effect_delay: 2 })
    const client = new AbortController()
    const unheard = ask('POST', '/ofd/v1/receipt', receipt(1), { signal: client.signal })
    await settle()
    client.abort()
    await advance(1999)
    expect((await find(idOf(1))).status).toBe(404)
    await advance(1)
    expect((await find(idOf(1))).status).toBe(200)
    await unheard
  })

  test('keeps what is on its way when it is set back, and delays nothing more', async () => {
    const { send, find, config, advance } = build()
    await config({ effect_delay: 2 })
    const late = send(receipt(1))
    await settle()
    await config({ effect_delay: 0 })
    expect((await send(receipt(2))).status).toBe(200)
    expect((await find(idOf(1))).status).toBe(404)
    await advance(2000)
    expect((await late).status).toBe(200)
  })

  test('does not let what came before a reset take effect after it', async () => {
    const { send, find, config, reset, advance, sleepers, health } = build()
    await config({ effect_delay: 2 })
    const late = send(receipt(1))
    await settle()
    await reset()
    expect((await late).status).toBe(503)
    expect(sleepers()).toBe(0)
    await advance(2000)
    expect((await find(idOf(1))).status).toBe(404)
    expect(await health()).toEqual(untouched)
  })

  test('a sender that was replaced meanwhile has no effect any more', async () => {
    const { send, find, config, advance, health } = build()
    await config({ effect_delay: 2 })
    const late = send(receipt(1), '6')
    await settle()
    await config({ effect_delay: 0 })
    expect((await send(receipt(2), '7')).status).toBe(200)
    await advance(2000)
    expect((await late).status).toBe(412)
    expect((await find(idOf(1))).status).toBe(404)
    expect(await health()).toMatchObject({ receipts_received: 1, stale_fence: 1 })
  })

  test('delays neither what fails before nor the look-up', async () => {
    const { send, find, config } = build()
    await config({ effect_delay: 60, failure_count: 1 })
    expect((await send(receipt(1))).status).toBe(503)
    await config({ refuse: { pos_id: 'POS-001', status: 422 } })
    expect((await send(receipt(1))).status).toBe(422)
    expect((await find(idOf(1))).status).toBe(404)
  })
})

describe('deduplicate: false', () => {
  test('takes a receipt each time, under ids of their own, and says so', async () => {
    const { send, find, config, health, ledger } = build()
    await send(receipt(1))
    await config({ deduplicate: false })
    expect((await send(receipt(1))).body).toMatchObject({ ofd_id: 'OFD-000002' })
    expect((await send(receipt(2))).body).toMatchObject({ ofd_id: 'OFD-000003' })
    expect(await health()).toEqual({ ...untouched, call_count: 3, receipts_received: 3, duplicates: 1 })
    expect((await find(idOf(1))).body).toMatchObject({ ofd_id: 'OFD-000001' })
    const entry = (ofd_id: string, fd: number) => ({ ofd_id, receipt_id: idOf(fd), document: receipt(fd) })
    const entries = [entry('OFD-000001', 1), entry('OFD-000002', 1), entry('OFD-000003', 2)]
    expect(await ledger()).toMatchObject({ count: 3, receipts: entries })
  })

  test('times_sent are the sendings that an entry stands for', async () => {
    const { send, config, ledger } = build()
    await send(receipt(1))
    await send(receipt(1))
    await config({ deduplicate: false })
    await send(receipt(1))
    await config({ deduplicate: true })
    expect((await send(receipt(1))).body).toMatchObject({ ofd_id: 'OFD-000001' })
    expect(await ledger()).toMatchObject({ receipts: [{ times_sent: 3 }, { times_sent: 1 }] })
  })

  test('a receipt taken again wakes who waits, and is judged by its first coming', async () => {
    const { ask, send, config, health } = build()
    await config({ deduplicate: false })
    for (const fd of [1, 2]) await send(receipt(fd))
    const waited = ask('GET', '/ofd/v1/_test/wait?receipts=3&timeout=60')
    await settle()
    await send(receipt(1))
    expect(await waited).toMatchObject({ status: 200, body: { status: 'reached', receipts: 3 } })
    expect(await health()).toMatchObject({ out_of_order: 0, duplicates: 1 })
  })
})
