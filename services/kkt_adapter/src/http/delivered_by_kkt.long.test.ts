/** The adapter's answers where the KKT hands its documents to the OFD by itself. */
import { describe, expect, test } from 'bun:test'
import type { KktState } from '../domain/kkt.ts'
import { body, problemOf, startApp } from '../testing/app_kit.ts'
import { lastFd } from '../testing/kit.ts'
import { OLD_FN, untracedReceipt } from '../testing/replaced_fn.ts'

const MINUTE_MS = 60_000

function start(options: Parameters<typeof startApp>[0] = {}) {
  const app = startApp({ way: 'kkt', ...options })
  const { kkt, clock } = app
  const told = { unsent: { count: 0, firstFd: null, sinceMs: null } as KktState['unsent'] }
  const { state } = kkt
  kkt.state = async () => {
    const report = await state()
    return report && { ...report, ...told }
  }
  /** The OFD is away: it confirms nothing that is printed from now on. */
  const goAway = () => {
    told.unsent = { count: 1, firstFd: lastFd() + 1, sinceMs: clock.wallMs() }
  }
  const comeBack = () => {
    told.unsent = { count: 0, firstFd: null, sinceMs: null }
  }
  const sync = () => app.ask('POST', '/v1/kkt/buffer/sync')
  const status = async () => (await app.ask('GET', '/v1/kkt/buffer/status')).json
  const sold = async (count: number) => {
    for (let n = 0; n < count; n++) expect((await app.post()).status).toBe(200)
  }
  return { ...app, goAway, comeBack, sync, status, sold }
}

describe('invariant 7: an OFD that is away, however long,', () => {
  test('leaves all receipts pending, of which none takes a place in the buffer, and has them synced once it is back', async () => {
    const { goAway, comeBack, sold, sync, status, clock, stop } = start({ maxSize: 3 })
    goAway()
    await sold(10)
    const away = await sync()
    expect(away).toMatchObject({
      status: 202,
      json: { status: 'completed', synced: 0, failed: 0, skipped: 10, remaining: 10 },
    })
    expect(away.json).toMatchObject({ message: expect.stringContaining('10 are in the FN') })
    await clock.advance(20 * MINUTE_MS)
    expect(await status()).toMatchObject({
      current_queued: 0,
      percent_full: 0,
      network_status: 'offline',
      pending: 10,
      dlq_size: 0,
      alert: false,
      circuit_breaker: { state: 'ABSENT', failure_count: 0, opened_at: null, next_probe_at: null },
    })
    comeBack()
    expect((await sync()).json).toMatchObject({ synced: 10, remaining: 0, message: 'Everything is delivered.' })
    expect(await status()).toMatchObject({ network_status: 'online', pending: 0, synced: 10 })
    await stop()
  })
})

test('a silent KKT changes nothing, and the network is degraded', async () => {
  const { kkt, sold, sync, status, stop } = start()
  await sold(2)
  kkt.state = async () => null
  expect((await sync()).json).toMatchObject({
    synced: 0,
    remaining: 2,
    message: expect.stringContaining('does not answer'),
  })
  expect(await status()).toMatchObject({ network_status: 'degraded', pending: 2, synced: 0 })
  await stop()
})

test('the buffer is full of what is not printed', async () => {
  const { kkt, sold, post, status, clock, stop } = start({ maxSize: 2 })
  await sold(3)
  kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: false, reason: 'out of paper' })
  const waiting = [post(), post()]
  await clock.advance(0)
  const full = await post()
  expect([full.status, problemOf(full.json).code]).toEqual([503, 'buffer_full'])
  expect(await status()).toMatchObject({ current_queued: 2, percent_full: 100, pending: 3 })
  await clock.advance(60_000)
  await Promise.all(waiting)
  await stop()
})

test('a till waits for synced, and a refund until then', async () => {
  const { goAway, comeBack, post, ask, clock, delivery, stop } = start({ refundsNeedSynced: true })
  goAway()
  const { receipt_id: id } = (await post()).json as { receipt_id: string }
  const refund = body({ type: 'refund', refund_of: { receipt_id: id } })
  expect((await post(refund)).status).toBe(409)
  const synced = ask('GET', `/v1/kkt/receipt/${id}?wait=synced&timeout=10`)
  expect((await ask('GET', `/v1/kkt/receipt/${id}?wait=syncing&timeout=10`)).status).toBe(408)
  comeBack()
  delivery.start()
  await clock.advance(1000)
  expect(await synced).toMatchObject({ status: 200, json: { status: 'synced', ofd_id: null } })
  expect((await post(refund)).status).toBe(200)
  await stop()
  await delivery.stop()
})

test('health has no breaker, and the unsent documents are the KKT’s', async () => {
  const { goAway, ask, stop } = start()
  goAway()
  expect((await ask('GET', '/v1/health')).json).toMatchObject({
    status: 'healthy',
    components: {
      circuit_breaker: { status: 'off', state: 'ABSENT' },
      kkt: { status: 'healthy', unsent_count: 1, days_left: 30 },
    },
  })
  await stop()
})

describe('dead letters', () => {
  test.each([
    ['GET', ''],
    ['POST', '/requeue'],
    ['POST', '/01900000-0000-7000-8000-000000000001/requeue'],
    ['POST', '/01900000-0000-7000-8000-000000000001/close'],
  ])('are absent: %s …/dlq%s', async (method, path) => {
    const { ask, stop } = start()
    const init = method === 'POST' ? { body: path.endsWith('close') ? '{"reason": "x"}' : '{}' } : {}
    const { status, json } = await ask(method, `/v1/kkt/buffer/dlq${path}`, init)
    expect([status, problemOf(json).code]).toEqual([404, 'dlq_absent'])
    await stop()
  })

  test('of the time before can be closed', async () => {
    const { journal, sold, ask, status, stop } = start()
    await sold(1)
    const { items } = journal.queries.list({ status: null, posId: null }, null, 1)
    const id = items[0]?.id
    if (id === undefined) throw new Error('Nothing was sold')
    await journal.write((tx) => {
      tx.markSyncing(id)
      tx.deadLetter(id, 'refused_by_ofd', 'refused', false)
    })
    expect(await status()).toMatchObject({ dlq_size: 1, alert: true })
    const closed = await ask('POST', `/v1/kkt/buffer/dlq/${id}/close`, { body: '{"reason": "sent by hand"}' })
    expect(closed.status).toBe(200)
    await stop()
  })
})

describe('receipts of an FN that was replaced before the KKT told that the OFD holds them', () => {
  const close = (fnNumber: string) => ({ body: JSON.stringify({ fn_number: fnNumber, reason: 'seen at the OFD' }) })
  const PATH = '/v1/kkt/buffer/untraced/close'

  test('are shown, stay pending, and are closed by an operator’s word', async () => {
    const { journal, ask, sync, status, stop } = start()
    const id = await untracedReceipt(journal)
    expect((await sync()).json).toMatchObject({ synced: 0, remaining: 1 })
    expect(await status()).toMatchObject({ pending: 1, untraced: 1 })
    expect(await ask('POST', PATH, close(OLD_FN))).toMatchObject({ status: 200, json: { closed: 1 } })
    expect(journal.queries.statusOf(id)).toBe('closed')
    expect(await status()).toMatchObject({ pending: 0, untraced: 0, closed: 1 })
    const again = await ask('POST', PATH, close(OLD_FN))
    expect([again.status, problemOf(again.json).code]).toEqual([409, 'nothing_untraced'])
    await stop()
  })

  test('are closed once where two operators say so at a time', async () => {
    const { journal, ask, status, stop } = start()
    await untracedReceipt(journal)
    const answers = await Promise.all([ask('POST', PATH, close(OLD_FN)), ask('POST', PATH, close(OLD_FN))])
    expect(answers.map((answer) => answer.status)).toEqual([200, 409])
    expect(await status()).toMatchObject({ untraced: 0, closed: 1 })
    await stop()
  })

  test('stay as they are where their FN is put back meanwhile', async () => {
    const { journal, ask, status, stop } = start()
    await untracedReceipt(journal)
    const closing = ask('POST', PATH, close(OLD_FN))
    void journal.write((tx) => tx.meetFn(OLD_FN, 0, false))
    expect((await closing).status).toBe(409)
    expect(await status()).toMatchObject({ pending: 1, untraced: 0, closed: 0 })
    await stop()
  })

  test('are none while their FN is in the KKT, or where the adapter delivers', async () => {
    for (const way of ['kkt', 'http'] as const) {
      const { journal, post, ask, stop } = start({ way })
      await post()
      const fnNumber = journal.fiscalMemories.inKkt()?.fnNumber ?? ''
      if (way === 'http') await untracedReceipt(journal)
      const { status } = await ask('POST', PATH, close(way === 'http' ? OLD_FN : fnNumber))
      expect([way, status]).toEqual([way, 409])
      await stop()
    }
  })
})
