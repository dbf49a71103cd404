/** Clients that wait for changes, or follow them, instead of asking again and again. */
import { afterEach, expect, test } from 'bun:test'
import { MAX_READERS } from '@kkt/platform/hub.ts'
import { z } from 'zod'
import { adapter, ofd, urls } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { expectBody, expectProblem, withQuery } from '../harness/http.ts'
import { limits } from '../harness/limits.ts'
import { newKey, newPosId, receipt } from '../harness/receipts.ts'
import { eventsOf } from '../harness/sse.ts'
import { onHealedStack, whenOpen } from '../harness/stack_state.ts'
import { deliversByKkt } from '../harness/under_test.ts'
import { receiptView, receiptWhole } from '../harness/wire.ts'
import type { Told } from '../harness/wire_stream.ts'

onHealedStack()

const readers: AbortController[] = []
afterEach(() => {
  for (const reader of readers.splice(0)) reader.abort()
})

/** Follows the stream. @returns the events so far */
async function follow(lastEventId?: number): Promise<readonly Told[]> {
  const over = new AbortController()
  readers.push(over)
  const path = withQuery('/v1/kkt/stream', { last_event_id: lastEventId })
  const { body } = await fetch(`${urls.adapter}${path}`, { signal: over.signal })
  if (body === null) throw new Error('the stream has no body')
  const told: Told[] = []
  void (async () => {
    for await (const one of eventsOf(body)) told.push(one)
  })().catch(() => undefined)
  return told
}

const wait = (id: string, status: string, timeoutMs: number) =>
  adapter.get(
    withQuery(`/v1/kkt/receipt/${id}`, { wait: status, timeout: timeoutMs / 1000 }),
    timeoutMs + limits.answerMs,
  )
const head = (path: string) =>
  fetch(`${urls.adapter}${path}`, { method: 'HEAD', signal: AbortSignal.timeout(limits.answerMs) })
const print = () => adapter.print(receipt({ pos_id: newPosId('live') }))
/** The transitions of one receipt, by their numbers. */
const waysOf = (told: readonly Told[], id: string) =>
  told.flatMap(({ event, data }) => (event === 'receipt' && data.receipt_id === id ? [data] : []))
const shown = (ways: ReturnType<typeof waysOf>) => ways.map(({ id, at, from, to }) => [id, at, from, to])

test('a client waits for the OFD: 408 with the receipt while it is away, 200 as soon as it has the receipt', async () => {
  await ofd.configure({ permanent_failure: true })
  const { receipt_id: id } = await print()
  const late = await wait(id, 'synced', 300)
  expect(expectProblem(late, 408).code).toBe('wait_timed_out')
  expect(expectBody(late, 408, z.looseObject({ receipt: receiptWhole })).receipt.receipt_id).toBe(id)
  const waiting = wait(id, 'synced', 60_000)
  await ofd.configure({ permanent_failure: false })
  await adapter.sync()
  expect(expectBody(await waiting, 200, receiptWhole)).toMatchObject({ receipt_id: id, status: 'synced' })
  expect(expectBody(await wait(id, 'pending', 0), 200, receiptView).status).toBe('synced')
})

test('a reader is told each transition once, and goes on behind the last that it got', async () => {
  const told = await follow()
  const { receipt_id: id } = await print()
  expectBody(await wait(id, 'synced', limits.deliveredMs), 200, receiptView)
  const isWhole = (events: readonly Told[]) => waysOf(events, id).some(({ to }) => to === 'synced')
  await eventually('the way of the receipt in the stream', () => told, { withinMs: limits.deliveredMs, until: isWhole })
  const { events } = await adapter.events({ receipt_id: id, limit: 50 })
  const logged = events.map(({ id: number, at, from, to }) => [number, at, from, to]).toReversed()
  expect(shown(waysOf(told, id))).toEqual(logged)
  expect(told[0]?.event).toBe('status')

  const again = await follow(waysOf(told, id)[0]?.id)
  await eventually('the rest of it', () => again, { withinMs: limits.deliveredMs, until: isWhole })
  expect(shown(waysOf(again, id))).toEqual(logged.slice(1))
})

test('HEAD asks for the head only, takes no place of a reader, and says the length that GET has', async () => {
  for (let i = 0; i <= MAX_READERS; i += 1) {
    const { status, headers } = await head('/v1/kkt/stream')
    expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  }
  const { headers } = await head('/openapi.json')
  const whole = await adapter.get('/openapi.json')
  expect(headers.get('content-length')).toBe(whole.headers.get('content-length'))
})

test.skipIf(deliversByKkt)(
  'an open breaker raises an alert, and its end is told',
  async () => {
    const told = await follow()
    const alert = (state: 'raised' | 'ended') =>
      eventually(`breaker_open to be ${state}`, () => told, {
        withinMs: limits.probedMs + limits.drainedMs,
        until: (events) =>
          events.some(({ event, data }) => event === 'alert' && data.name === 'breaker_open' && data.state === state),
      })
    await ofd.configure({ permanent_failure: true })
    for (let i = 0; i < limits.breakerThreshold; i += 1) {
      await adapter.take(receipt({ pos_id: newPosId('live') }), newKey())
    }
    await whenOpen()
    await alert('raised')
    await ofd.configure({ permanent_failure: false })
    await alert('ended')
  },
  limits.testMs,
)
