import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { StorageFailure } from '../sqlite/storage_failure.ts'
import { problemOf, startApp } from '../testing/app_kit.ts'
import { pending } from '../testing/kit.ts'
import { readStream } from '../testing/stream_reader.ts'

function started() {
  const parts = startApp({ maxSize: 5 })
  const { app, clock } = parts
  const open = async (headers: Record<string, string> = {}, query = '') =>
    readStream(await app.handle(new Request(`http://localhost/v1/kkt/stream${query}`, { headers })))
  const fail = async (path: string, headers: Record<string, string> = {}) => {
    const { status, json } = await parts.ask('GET', path, { headers })
    return [status, problemOf(json).code]
  }
  /** Lets the adapter look at where it stands, health included. */
  const look = () => clock.advance(5000)
  return { ...parts, open, fail, look }
}

test('first it tells where it stands', async () => {
  const { open, journal } = started()
  const id = await pending(journal)
  const [status, ...others] = await (await open()).events()
  expect(status).toMatchObject({ event: 'status', id: 3, data: { pending: 1, dlq_size: 0, network_status: 'online' } })
  expect(others).toEqual([])
  expect(id).toBeTruthy()
})

test('then each transition, and each change of breaker, lease and Odoo, by its number in the audit log', async () => {
  const { open, journal, clock } = started()
  const reader = await open()
  await reader.events()
  const id = await pending(journal)
  await journal.write((tx) => tx.recordEvent('breaker', 'CLOSED', 'OPEN', 'five in a row'))
  const at = new Date(clock.wallMs()).toISOString()
  const told = await reader.events()
  expect(told.map(({ event, id: number, data }) => [event, number, data['to']])).toEqual([
    ['receipt', 1, 'accepted'],
    ['receipt', 2, 'printing'],
    ['receipt', 3, 'pending'],
    ['breaker', 4, 'OPEN'],
  ])
  expect(told[1]?.data).toEqual({ id: 2, at, receipt_id: id, from: 'accepted', to: 'printing', detail: null, by: null })
  expect(told[3]?.data).toMatchObject({ receipt_id: null, from: 'CLOSED', detail: 'five in a row' })
})

test('a till that sells is followed live, status included', async () => {
  const { open, post, look } = started()
  const reader = await open()
  await post()
  await look()
  const told = await reader.events()
  expect(told.filter(({ event }) => event === 'receipt').map(({ data }) => data['to'])).toEqual(
    expect.arrayContaining(['accepted', 'printing', 'pending']),
  )
  expect(told.findLast(({ event }) => event === 'status')?.data).toMatchObject({ total_receipts: 1 })
})

test('status and health come once, and again when they have changed', async () => {
  const { open, journal, look } = started()
  await pending(journal)
  const reader = await open()
  await look()
  expect((await reader.events()).map(({ event }) => event)).toEqual(['status', 'health'])
  await look()
  await look()
  expect(await reader.events()).toEqual([])
})

test('a later reader is told the health that is known, at once', async () => {
  const { open, look } = started()
  await open()
  await look()
  expect((await (await open()).events()).map(({ event }) => event)).toEqual(['status', 'health'])
})

test('the KKT is asked for its health just after the first reader came, and then every 5 s only', async () => {
  const { open, kkt, clock } = started()
  const { state } = kkt
  let asked = 0
  kkt.state = () => {
    asked += 1
    return state()
  }
  const askedAfter = async (ms: number) => {
    asked = 0
    await clock.advance(ms)
    return asked
  }
  const reader = await open()
  expect([await askedAfter(500), await askedAfter(4500), await askedAfter(500)]).toEqual([1, 0, 1])
  await reader.leave()
  await open()
  expect(await askedAfter(500)).toBe(1)
})

test('a reader that names events gets those, and samples as they come', async () => {
  const { open, journal, clock, deps } = started()
  deps.sampler.start()
  const reader = await open({}, '?events=status,sample,breaker')
  await pending(journal)
  await clock.advance(5000)
  const told = await reader.events()
  expect(told.map(({ event }) => event)).toEqual(['status', 'status', 'sample'])
  expect(told.at(-1)?.data).toMatchObject({ accepted: 1, synced: 0, queued: 1 })
  await deps.sampler.stop()
})

test('an event of another name is refused', async () => {
  const { ask } = started()
  const { status, json } = await ask('GET', '/v1/kkt/stream?events=status,everything')
  expect([status, problemOf(json).code]).toEqual([422, 'invalid_query'])
  expect(problemOf(json).detail).toContain('takes names of events with commas between: receipt, task, breaker')
})

describe('an alert', () => {
  test('is raised and ended once, and a later reader is told those that hold', async () => {
    const { open, journal, look } = started()
    const reader = await open()
    for (let i = 0; i < 4; i += 1) await pending(journal)
    await look()
    await look()
    const alerts = async (from: typeof reader) => (await from.events()).filter(({ event }) => event === 'alert')
    const raised = await alerts(reader)
    expect(raised.map(({ data }) => [data['name'], data['state']])).toEqual([['buffer_filling', 'raised']])
    expect(raised[0]?.data).toMatchObject({ at: expect.any(String), detail: expect.stringContaining('mend the way') })
    expect((await alerts(await open())).map(({ data }) => data['name'])).toEqual(['buffer_filling'])
    await journal.write((tx) => {
      for (const { id } of tx.queries.list({ status: 'pending', posId: null }, null, 10).items) {
        tx.markSyncing(id)
        tx.recordSynced(id, 'OFD-1')
      }
    })
    await look()
    expect((await alerts(reader)).map(({ data }) => [data['name'], data['state']])).toEqual([
      ['buffer_filling', 'ended'],
    ])
  })

  test("of the KKT comes from its health, and an earlier reader's alerts are not kept", async () => {
    const { open, kkt, look } = started()
    kkt.trouble = 'paper_out'
    const reader = await open()
    await look()
    expect((await reader.events()).at(-1)).toMatchObject({ event: 'alert', data: { name: 'kkt_trouble' } })
    await reader.leave()
    kkt.trouble = null
    const later = await open()
    await look()
    expect((await later.events()).map(({ event }) => event)).toEqual(['status', 'health'])
  })

  test('of a journal that cannot be read is told, too', async () => {
    const { open, journal, look } = started()
    const reader = await open()
    await look()
    await reader.events()
    const { counts } = journal.queries
    const failure = new StorageFailure('SQLITE_IOERR', {})
    journal.failure = async () => failure.code
    journal.queries.counts = () => {
      throw failure
    }
    await look()
    expect((await reader.events()).filter(({ event }) => event === 'alert').map(({ data }) => data['name'])).toContain(
      'journal_unusable',
    )
    journal.queries.counts = counts
  })
})

describe('a reader that connects again', () => {
  test('goes on by Last-Event-ID, or by last_event_id, and the header counts', async () => {
    const { open, journal } = started()
    await pending(journal)
    const ids = async (reader: Awaited<ReturnType<typeof open>>) => (await reader.events()).map(({ id }) => id)
    expect(await ids(await open({ 'last-event-id': '1' }))).toEqual([1, 2, 3])
    expect(await ids(await open({}, '?last_event_id=2'))).toEqual([2, 3])
    expect(await ids(await open({ 'last-event-id': '2' }, '?last_event_id=0'))).toEqual([2, 3])
  })

  test('is told of alerts that are raised while it still catches up', async () => {
    const { app, journal, kkt, look } = started()
    await pending(journal)
    const headers = { 'last-event-id': '0' }
    const answer = await app.handle(new Request('http://localhost/v1/kkt/stream', { headers }))
    kkt.trouble = 'paper_out'
    await look()
    const told = await readStream(answer).events()
    expect(told.filter(({ event }) => event === 'alert').map(({ data }) => data['name'])).toEqual(['kkt_trouble'])
    expect(told.flatMap(({ event, id }) => (event === 'receipt' ? [id] : []))).toEqual([1, 2, 3])
  })

  test('is told by a reset that it missed some, and then where it stands', async () => {
    const { open, journal } = started()
    await pending(journal)
    const [reset, status] = await (await open({ 'last-event-id': '99' })).events()
    expect(reset).toMatchObject({ event: 'reset', id: null, data: { reason: 'no_such_event' } })
    expect(status).toMatchObject({ event: 'status', id: 3 })
  })

  test('with an id that is none: 400 or 422', async () => {
    const { fail } = started()
    expect(await fail('/v1/kkt/stream', { 'last-event-id': 'x' })).toEqual([400, 'invalid_headers'])
    for (const id of ['-1', '', '0x10', '1e3', '9007199254740993']) {
      expect([id, ...(await fail(`/v1/kkt/stream?last_event_id=${id}`))]).toEqual([id, 422, 'invalid_query'])
    }
  })
})

test('a stop ends the streams at once, and later readers get 503 shutting_down', async () => {
  const { open, fail, state, deps, clock } = started()
  await settle()
  const before = clock.waiting
  const reader = await open()
  state.isStopping = true
  deps.stream.close()
  expect(await reader.hasEnded()).toBe(true)
  expect(await fail('/v1/kkt/stream')).toEqual([503, 'shutting_down'])
  await settle()
  expect(clock.waiting).toBe(before)
})

test('the seventeenth reader gets 503 too_many_readers', async () => {
  const { open, fail } = started()
  for (let i = 0; i < 16; i += 1) await open()
  expect(await fail('/v1/kkt/stream')).toEqual([503, 'too_many_readers'])
})

test('a journal that cannot be read: 503 journal_unavailable', async () => {
  const { fail, journal } = started()
  journal.events.lastId = () => {
    throw new StorageFailure('SQLITE_IOERR', {})
  }
  expect(await fail('/v1/kkt/stream')).toEqual([503, 'journal_unavailable'])
})
