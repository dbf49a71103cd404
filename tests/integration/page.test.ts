/** The pages of the services, and the routes that the adapter's lives by, as a browser asks them. */
import { afterEach, expect, test } from 'bun:test'
import { z } from 'zod'
import { adapter, ofd, urls } from '../harness/clients.ts'
import { expectBody, expectProblem } from '../harness/http.ts'
import { newPosId, receipt } from '../harness/receipts.ts'
import { eventsOf } from '../harness/sse.ts'
import { onHealedStack } from '../harness/stack_state.ts'
import { sample } from '../harness/wire_stream.ts'

onHealedStack()

const readers: AbortController[] = []
afterEach(() => {
  for (const reader of readers.splice(0)) reader.abort()
})

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const samples = z.strictObject({
  now: z.iso.datetime(),
  interval_seconds: z.literal(5),
  samples: z.array(sample).max(180),
})
const ofdSwitch = z.strictObject({ permanent_failure: z.boolean() })

test.each(['adapter', 'ofd', 'odoo'] as const)(
  'a browser gets the page of the %s with all that it names',
  async (which) => {
    const page = await fetch(`${urls[which]}/`, { headers: BROWSER })
    const html = await page.text()
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    const named = [...html.matchAll(/(?:src|href)="\/?(_page\/[^"]+)"/g)].map(([, path]) => path)
    expect(named).toHaveLength(3)
    for (const path of named) {
      const file = await fetch(`${urls[which]}/${path}`)
      expect([path, file.status, file.headers.get('cache-control')?.includes('immutable')]).toEqual([path, 200, true])
      expect((await file.text()).length).toBeGreaterThan(100)
    }
  },
)

test('a program gets links at the adapter, and at a mock the way to its faults', async () => {
  expect(await (await fetch(`${urls.adapter}/`)).json()).toMatchObject({ page: '/', health: '/v1/health' })
  expect(await (await fetch(`${urls.ofd}/`)).json()).toMatchObject({ status: 404, code: 'no_such_route' })
})

test('the OFD is switched off and on through the adapter', async () => {
  const path = '/v1/kkt/_test/ofd'
  expect(expectBody(await adapter.get(path), 200, ofdSwitch)).toEqual({ permanent_failure: false })
  const off = await adapter.post(path, { permanent_failure: true })
  expect(expectBody(off, 200, ofdSwitch)).toEqual({ permanent_failure: true })
  expect(await ofd.configuration()).toMatchObject({ permanent_failure: true })
  await adapter.post(path, { permanent_failure: false })
  expect(await ofd.configuration()).toMatchObject({ permanent_failure: false })
  expect(expectProblem(await adapter.post(path, { delay: 1 }), 422).code).toBe('invalid_body')
})

test('samples tell what came and went, and the stream tells each new one', async () => {
  const over = new AbortController()
  readers.push(over)
  const { body } = await fetch(`${urls.adapter}/v1/kkt/stream?events=sample`, { signal: over.signal })
  if (body === null) throw new Error('the stream has no body')
  await adapter.print(receipt({ pos_id: newPosId('page') }))
  // Both may count receipts of earlier tests, too.
  const counted = { accepted: 0, synced: 0 }
  for await (const { event, data } of eventsOf(body)) {
    expect(event).toBe('sample')
    const told = sample.parse(data)
    expect(expectBody(await adapter.get('/v1/kkt/buffer/samples'), 200, samples).samples).toContainEqual(told)
    counted.accepted += told.accepted
    counted.synced += told.synced
    if (counted.accepted > 0 && counted.synced > 0) break
  }
})
