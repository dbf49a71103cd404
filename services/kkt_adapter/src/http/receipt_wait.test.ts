import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { problemOf, startApp } from '../testing/app_kit.ts'
import { accepted, pending } from '../testing/kit.ts'

const path = (id: string, query: string) => `/v1/kkt/receipt/${id}?${query}`

test('the receipt is answered as soon as it has the wanted status', async () => {
  const { ask, journal } = startApp()
  const id = await pending(journal)
  const answer = ask('GET', path(id, 'wait=synced'))
  await settle()
  await journal.write((tx) => [tx.markSyncing(id), tx.recordSynced(id, 'OFD-000001')])
  const { status, json } = await answer
  expect(status).toBe(200)
  expect(json).toMatchObject({ receipt_id: id, status: 'synced', ofd_id: 'OFD-000001', total: 100 })
})

test.each([
  ['10 s unless it is said', 'wait=synced', 10_000],
  ['as long as it is said', 'wait=synced&timeout=2.5', 2500],
])('408 wait_timed_out with the receipt as it stands, after %s', async (_name, query, timeoutMs) => {
  const { ask, clock, journal } = startApp()
  const id = await pending(journal)
  await settle()
  const answer = ask('GET', path(id, query))
  await clock.advance(timeoutMs - 1)
  expect(await Promise.race([answer, settle().then(() => 'waits')])).toBe('waits')
  await clock.advance(1)
  const { status, headers, json } = await answer
  expect([status, headers.get('content-type')]).toEqual([408, 'application/problem+json'])
  expect(problemOf(json)).toMatchObject({ code: 'wait_timed_out', receipt: { receipt_id: id, status: 'pending' } })
})

test('408 status_out_of_reach at once, with the receipt as it stands', async () => {
  const { ask, journal } = startApp()
  const { id } = await accepted(journal)
  await journal.write((tx) => [tx.markPrinting(id), tx.recordRefused(id, 'the FN is full')])
  const { status, json } = await ask('GET', path(id, 'wait=synced'))
  expect(status).toBe(408)
  expect(problemOf(json)).toMatchObject({ code: 'status_out_of_reach', receipt: { status: 'refused' } })
})

test('404 receipt_not_found at once', async () => {
  const { ask } = startApp()
  const { status, json } = await ask('GET', path('01a20425-88ce-7000-be2d-76eab0eb441e', 'wait=synced'))
  expect([status, problemOf(json).code]).toEqual([404, 'receipt_not_found'])
})

test('503 shutting_down at a stop, for waiting clients and for later ones', async () => {
  const { ask, journal, deps, state } = startApp()
  const id = await pending(journal)
  const answer = ask('GET', path(id, 'wait=synced'))
  await settle()
  state.isStopping = true
  deps.waits.stop()
  for (const { status, headers, json } of [await answer, await ask('GET', path(id, 'wait=synced'))]) {
    expect([status, problemOf(json).code, headers.has('retry-after')]).toEqual([503, 'shutting_down', true])
  }
})

test('503 too_many_waits, with Retry-After, beyond 64 clients', async () => {
  const { ask, clock, journal } = startApp()
  const id = await pending(journal)
  const waiting = Array.from({ length: 64 }, () => ask('GET', path(id, 'wait=synced')))
  await settle()
  const { status, headers, json } = await ask('GET', path(id, 'wait=synced'))
  expect([status, problemOf(json).code, headers.has('retry-after')]).toEqual([503, 'too_many_waits', true])
  await clock.advance(10_000)
  expect((await Promise.all(waiting)).map((answer) => answer.status)).toEqual(Array(64).fill(408))
})

test('a client that goes away frees its place, and is told so if it still listens', async () => {
  const { ask, journal, deps } = startApp()
  const id = await pending(journal)
  const gone = new AbortController()
  const answer = ask('GET', path(id, 'wait=synced'), { signal: gone.signal })
  await settle()
  expect(deps.waits.size()).toBe(1)
  gone.abort()
  const { status, json } = await answer
  expect([status, deps.waits.size()]).toEqual([408, 0])
  expect(problemOf(json)).toMatchObject({
    code: 'wait_timed_out',
    detail: expect.stringContaining('did not come to synced before its client ended the connection'),
  })
})

describe('422 invalid_query for', () => {
  test.each(['wait=lost', 'wait=synced&timeout=60.1', 'wait=synced&timeout=-1', 'timeout=5', 'wiat=synced'])(
    '%s',
    async (query) => {
      const { ask, journal } = startApp()
      const { status, json } = await ask('GET', path(await pending(journal), query))
      expect([status, problemOf(json).code]).toEqual([422, 'invalid_query'])
    },
  )
})
