import { beforeEach, describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { z } from 'zod'
import { StorageFailure } from './sqlite/storage_failure.ts'
import { body, PRINT_TIMEOUT_MS, problemOf, startApp } from './testing/app_kit.ts'
import { pending } from './testing/kit.ts'
import { lastReceiptId } from './testing/totals.ts'

const idOf = (json: unknown) => z.object({ receipt_id: z.guid() }).parse(json).receipt_id

describe('POST /v1/kkt/receipt', () => {
  test('answers with the fiscal document, whatever the content type', async () => {
    const { post } = startApp()
    const { status, json } = await post()
    expect(status).toBe(200)
    expect(json).toMatchObject({
      status: 'printed',
      fiscal_doc: { fiscal_sign: expect.stringMatching(/^\d{10}$/), fn_number: expect.stringMatching(/^\d{16}$/) },
    })
  })

  test('invariant 1: nothing is answered before the commit of the document', async () => {
    const { post, journal } = startApp()
    const committed = Promise.withResolvers<void>()
    const { write } = journal
    const holdsDocument = () => journal.queries.counts().pending === 1
    journal.write = async (work) => {
      const value = await write(work)
      if (holdsDocument()) await committed.promise
      return value
    }
    let answered = false
    const answer = post().then((result) => {
      answered = true
      return result
    })
    await settle()
    expect([holdsDocument(), answered]).toEqual([true, false])
    committed.resolve()
    expect((await answer).status).toBe(200)
  })

  test('invariant 2: the same key and body again gives the stored answer and prints nothing', async () => {
    const { post, kkt } = startApp()
    const first = await post(body(), 'one-key')
    const again = await post(JSON.stringify(body(), null, 2), 'one-key')
    expect(again.text).toBe(first.text)
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(kkt.handed).toHaveLength(1)
  })

  test('invariant 2: many at once with one key make one document and get the same answer', async () => {
    const { post, kkt } = startApp()
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(body(), 'one-key')))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1)
    expect(kkt.handed).toHaveLength(1)
  })

  test('invariant 2: the same key with another body is 422, and nothing is stored', async () => {
    const { post, journal, kkt } = startApp()
    await post(body(), 'one-key')
    const { status, json } = await post(body({ pos_id: 'POS-002' }), 'one-key')
    expect([status, problemOf(json).code]).toEqual([422, 'idempotency_key_reused'])
    expect(journal.queries.counts().accepted + kkt.handed.length).toBe(1)
  })

  test('buffered, without a document, when the KKT takes too long; the key later gives the document', async () => {
    const { post, kkt, clock } = startApp()
    const printed = Promise.withResolvers<void>()
    kkt.onFiscalize = async (_id, make) => {
      await printed.promise
      return { kind: 'done', doc: make(), paper: 'printed' }
    }
    const slow = post(body(), 'one-key')
    await clock.advance(PRINT_TIMEOUT_MS)
    expect((await slow).json).toMatchObject({ status: 'buffered', fiscal_doc: null })
    printed.resolve()
    await settle()
    expect((await post(body(), 'one-key')).json).toMatchObject({ status: 'printed' })
  })

  test('502 kkt_refused when the KKT made no document, now and at a replay', async () => {
    const { post, kkt } = startApp()
    kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'the FN is full' })
    for (let i = 0; i < 2; i++) {
      const { status, json } = await post(body(), 'one-key')
      expect([status, problemOf(json).code]).toEqual([502, 'kkt_refused'])
    }
    expect(kkt.handed).toHaveLength(1)
  })

  test('invariant 9: a full buffer is 503 with Retry-After, stores nothing, and still answers known keys', async () => {
    const { post, journal } = startApp({ maxSize: 2 })
    const first = await post(body(), 'one-key')
    await post()
    const { status, headers, json } = await post()
    expect([status, problemOf(json).code]).toEqual([503, 'buffer_full'])
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(journal.queries.counts().pending).toBe(2)
    expect((await post(body(), 'one-key')).text).toBe(first.text)
  })

  test('a failing disk is 503 journal_unavailable, and the next one works when the disk does', async () => {
    const { post, journal, kkt } = startApp()
    await post()
    const { write } = journal
    journal.write = () => Promise.reject(new StorageFailure('SQLITE_FULL', {}))
    const { status, headers, json } = await post()
    expect([status, problemOf(json).code]).toEqual([503, 'journal_unavailable'])
    expect(headers.get('retry-after')).not.toBeNull()
    expect(kkt.handed).toHaveLength(1)
    journal.write = write
    expect((await post()).status).toBe(200)
  })

  test('is found under a host name of three letters', async () => {
    expect((await startApp().ask('GET', '/v1/health', {}, 'http://kkt')).status).toBe(200)
  })

  test('503 shutting_down once the adapter stops, and nothing is stored', async () => {
    const { db, post, state } = startApp()
    state.isStopping = true
    const { status, json } = await post()
    expect([status, problemOf(json).code]).toEqual([503, 'shutting_down'])
    expect(lastReceiptId(db)).toBe('')
  })
})

describe('invariant 10: bad input changes nothing', () => {
  /** Shared by the tests as long as their requests change nothing. */
  let app = startApp()
  beforeEach(() => {
    if (lastReceiptId(app.db) !== '' || app.kkt.handed.length > 0) app = startApp()
    app.logLines.length = 0
  })
  const MARKER = 'Ivanova-4111'
  const item = { name: 'Frame', price: 100, quantity: 1, total: 100, vat_rate: 22 }
  const cases: [name: string, sent: unknown, status: number][] = [
    ['cut JSON', `{"pos_id": "${MARKER}`, 400],
    ['NaN', `{"pos_id": NaN, "x": "${MARKER}"}`, 400],
    ['no JSON at all', MARKER, 400],
    ['an empty body', '', 400],
    ['deep nesting', '['.repeat(200_000), 400],
    ['a list', [MARKER], 422],
    ['a string', JSON.stringify(MARKER), 422],
    ['null', 'null', 422],
    ['an unknown field', body({ [MARKER]: MARKER }), 422],
    ['an unknown field of an item', body({ items: [{ ...item, [MARKER]: 1 }] }), 422],
    ['a wrong type', body({ items: MARKER }), 422],
    ['another kind of receipt', body({ type: MARKER }), 422],
    ['Infinity', `{"pos_id":"P","type":"sale","items":[{"name":"${MARKER}","price":1e999}],"payments":[]}`, 422],
    ['no items', body({ items: [] }), 422],
    ['10 000 items', body({ items: Array.from({ length: 2500 }, () => item) }), 422],
    ['a negative price', body({ items: [{ ...item, price: -100, total: -100 }] }), 422],
    ['a huge price', body({ items: [{ ...item, price: 1e20, total: 1e20 }] }), 422],
    ['three decimals', body({ items: [{ ...item, price: 100.001 }] }), 422],
    ['a total that is not price times quantity', body({ items: [{ ...item, total: 99 }] }), 422],
    ['payments that do not add up', body({ payments: [{ type: 'cash', amount: 99 }] }), 422],
    ['a pos_id with a slash', body({ pos_id: `${MARKER}/../x` }), 422],
    ['a name with a control character', body({ items: [{ ...item, name: `${MARKER}\u0007` }] }), 422],
    ['more than the limit', body({ items: [{ ...item, name: MARKER.repeat(30_000) }] }), 413],
  ]
  test.each(cases)('%s', async (_name, sent, expected) => {
    const { db, post, kkt, logLines } = app
    const { status, headers, json, text } = await post(sent)
    expect([status, problemOf(json).status]).toEqual([expected, expected])
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(text + logLines.join('')).not.toContain(MARKER)
    expect(text.length).toBeLessThan(8192)
    expect([lastReceiptId(db), kkt.handed.length]).toEqual(['', 0])
  })

  test.each([
    ['none', {}],
    ['an empty one', { 'idempotency-key': '' }],
    ['one with a space', { 'idempotency-key': 'a b' }],
    ['one that is too long', { 'idempotency-key': 'k'.repeat(129) }],
  ])('an Idempotency-Key that is no key: %s', async (_name, headers: Record<string, string>) => {
    const { ask, db } = app
    const { status, json } = await ask('POST', '/v1/kkt/receipt', { body: JSON.stringify(body()), headers })
    expect([status, problemOf(json).code]).toEqual([400, 'invalid_headers'])
    expect(lastReceiptId(db)).toBe('')
  })

  test.each([
    ['PUT', '/v1/kkt/receipt', 405],
    ['GET', '/v1/kkt/receipt', 405],
    ['DELETE', '/v1/kkt/buffer/dlq', 405],
    ['POST', '/v1/kkt/recipt', 404],
    ['GET', '/v1/kkt/receipt/not-an-id', 422],
    ['GET', '/v1/kkt/receipt/%E0%A4%A', 422],
    ['GET', '/v1/kkt/receipts?limit=101', 422],
    ['GET', '/v1/kkt/receipts?status=lost', 422],
    ['GET', '/v1/kkt/receipts?colour=red', 422],
    ['GET', '/v1/kkt/receipts?cursor=1%27%20OR%201=1', 422],
    ['GET', '/v1/kkt/buffer/events?cursor=0x10', 422],
    ['GET', '/v1/kkt/receipt/01a20425-88ce-7000-be2d-76eab0eb441e', 404],
    ['POST', '/v1/kkt/buffer/dlq/01a20425-88ce-7000-be2d-76eab0eb441e/requeue', 404],
  ])('%s %s is %i', async (method, path, expected) => {
    const { ask } = app
    const { status, headers, json } = await ask(method, path)
    expect([status, problemOf(json).status]).toEqual([expected, expected])
    if (expected === 405) expect(headers.get('allow')).not.toBeNull()
  })
})

describe('the buffer', () => {
  test('counts what is printed and not known to be at the OFD as pending, what is being sent included', async () => {
    const { ask, journal } = startApp()
    const sending = await pending(journal)
    await pending(journal)
    await journal.write((tx) => tx.markSyncing(sending))
    const { json } = await ask('GET', '/v1/kkt/buffer/status')
    expect(json).toMatchObject({ pending: 2, syncing: 1, current_queued: 2, percent_full: 2, total_receipts: 2 })
  })

  test('alerts from its threshold on', async () => {
    const { ask, journal } = startApp({ maxSize: 5 })
    const alert = async () =>
      z.object({ alert: z.boolean() }).parse((await ask('GET', '/v1/kkt/buffer/status')).json).alert
    for (let i = 0; i < 3; i++) await pending(journal)
    expect(await alert()).toBe(false)
    await pending(journal)
    expect(await alert()).toBe(true)
  })

  test('a manual sync answers 202 with what it did', async () => {
    const { ask, post } = startApp()
    await post()
    const { status, json } = await ask('POST', '/v1/kkt/buffer/sync')
    expect(status).toBe(202)
    expect(json).toMatchObject({ status: 'completed', synced: 1, failed: 0, skipped: 0, remaining: 0 })
  })

  test('a dead letter is listed, requeued by its id, and refused a second time', async () => {
    const { ask, post, ofd } = startApp()
    const id = idOf((await post()).json)
    const { onDeliver } = ofd
    ofd.onDeliver = async () => ({ kind: 'refused', blames: 'receipt', reason: 'the OFD answered 422' })
    await ask('POST', '/v1/kkt/buffer/sync')
    expect((await ask('GET', '/v1/kkt/buffer/dlq')).json).toMatchObject({
      total: 1,
      items: [{ receipt_id: id, pos_id: 'POS-001', reason: 'refused_by_ofd', last_error: 'the OFD answered 422' }],
    })
    ofd.onDeliver = onDeliver
    expect((await ask('POST', `/v1/kkt/buffer/dlq/${id}/requeue`)).json).toEqual({ receipt_id: id, status: 'pending' })
    const again = await ask('POST', `/v1/kkt/buffer/dlq/${id}/requeue`)
    expect([again.status, problemOf(again.json).code]).toEqual([409, 'not_in_dlq'])
    await ask('POST', '/v1/kkt/buffer/sync')
    expect((await ask('GET', `/v1/kkt/receipt/${id}`)).json).toMatchObject({ status: 'synced', ofd_id: `OFD-${id}` })
  })

  test.each([
    ['one', (id: string) => `${id}/requeue`],
    ['many', () => 'requeue'],
  ])('what is requeued is sent at once, not at the next interval: %s', async (_many, path) => {
    const { ask, post, ofd, worker } = startApp()
    const { onDeliver } = ofd
    ofd.onDeliver = async () => ({ kind: 'refused', blames: 'receipt', reason: 'the OFD answered 422' })
    worker.start()
    const id = idOf((await post()).json)
    await settle()
    ofd.onDeliver = onDeliver
    expect((await ask('POST', `/v1/kkt/buffer/dlq/${path(id)}`, { body: '{}' })).status).toBe(200)
    await settle()
    expect(ofd.ledger.size).toBe(1)
  })

  test('a dry run of a requeue names the receipts and changes nothing', async () => {
    const { ask, post, ofd } = startApp()
    ofd.onDeliver = async () => ({ kind: 'refused', blames: 'receipt', reason: 'the OFD answered 422' })
    const [mine] = await Promise.all([post(body({ pos_id: 'MINE' })), post(body({ pos_id: 'OTHER' }))])
    await ask('POST', '/v1/kkt/buffer/sync')
    const requeue = (filter: object) =>
      ask('POST', '/v1/kkt/buffer/dlq/requeue', { body: JSON.stringify(filter) }).then(({ json }) => json)
    const ids = [idOf(mine.json)]
    expect((await ask('GET', '/v1/kkt/buffer/dlq?pos_id=MINE')).json).toMatchObject({ total: 1 })
    expect((await ask('GET', '/v1/kkt/buffer/dlq')).json).toMatchObject({ total: 2 })
    expect(await requeue({ pos_id: 'MINE', dry_run: true })).toEqual({ requeued: 0, dry_run: true, receipt_ids: ids })
    expect(await requeue({ pos_id: 'MINE' })).toEqual({ requeued: 1, dry_run: false, receipt_ids: ids })
    expect((await ask('GET', '/v1/kkt/buffer/dlq')).json).toMatchObject({ total: 1, items: [{ pos_id: 'OTHER' }] })
  })

  test("a receipt's life is in the audit log, newest first, a page at a time", async () => {
    const { ask, post } = startApp()
    const id = idOf((await post()).json)
    await ask('POST', '/v1/kkt/buffer/sync')
    const page = z.object({ events: z.array(z.object({ to: z.string() })), next_cursor: z.string().nullable() })
    const read = async (query: string) => page.parse((await ask('GET', `/v1/kkt/buffer/events?${query}`)).json)
    const all = await read(`receipt_id=${id}`)
    expect(all.events.map(({ to }) => to)).toEqual(['synced', 'syncing', 'pending', 'printing', 'accepted'])
    const first = await read(`receipt_id=${id}&limit=2`)
    const second = await read(`receipt_id=${id}&limit=3&cursor=${first.next_cursor}`)
    expect([...first.events, ...second.events]).toEqual(all.events)
    expect(second.next_cursor).toBeNull()
  })
})
