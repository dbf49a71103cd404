/** The log names every call, whatever its outcome. A body that names nothing is answered in the same way. */
import { describe, expect, test } from 'bun:test'
import { settle } from '@kkt/platform/testing.ts'
import { build } from './testing/lent.ts'
import { idOf, receipt } from './testing.ts'

const T = '/ofd/v1/_test'
const TOO_LARGE = `"${'x'.repeat(512 * 1024)}"`
const TOO_DEEP = '['.repeat(100) + ']'.repeat(100)
const down = { status: 503, body: { error: 'OFD unavailable' } }
const named = (fd: number) => ({ receipt_id: idOf(fd), pos_id: 'POS-001', kkt_id: 'KKT-001' })
const nameless = { receipt_id: null, pos_id: null, kkt_id: null, attempt: 0 }

type Mock = ReturnType<typeof build>
const calls = async ({ ask }: Mock, query = '') => (await ask('GET', `${T}/calls${query}`)).body

describe('what fails at arrival', () => {
  test('is found by its receipt, with its attempt', async () => {
    const mock = build()
    await mock.config({ unavailable: { times: 1 } })
    for (const status of [503, 200]) expect((await mock.send(receipt(1))).status).toBe(status)
    expect(await calls(mock, `?receipt_id=${idOf(1)}`)).toMatchObject({
      calls: [
        { ...named(1), attempt: 1, fault: 'unavailable', status: 503, effect: false },
        { ...named(1), attempt: 2, fault: null, status: 200, effect: true },
      ],
    })
  })

  test('is waited for by its till, and told to the page', async () => {
    const mock = build()
    await mock.config({ hang: true })
    const waited = mock.ask('GET', `${T}/wait?calls=1&pos_id=POS-001&fault=hang&timeout=60`)
    const never = mock.send(receipt(1))
    expect(await waited).toMatchObject({ status: 200, body: { calls: 1 } })
    await mock.reset()
    await never
    await mock.config({ unavailable: true })
    const { body } = await mock.app.handle(new Request(`http://localhost${T}/stream`))
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
    await reader?.read()
    await mock.send(receipt(2))
    const { value = '' } = (await reader?.read()) ?? {}
    expect(JSON.parse(value.replace('event: call\ndata: ', ''))).toMatchObject({ ...named(2), attempt: 1, status: 503 })
  })

  test('is chosen by a match, though it would not fit the contract', async () => {
    const { send, find, config } = build()
    await config({ unavailable: { match: { pos_id: 'POS-002' } } })
    expect((await send(receipt(1))).status).toBe(200)
    expect(await send(receipt(2, { pos_id: 'POS-002' }))).toMatchObject(down)
    expect(await send({ pos_id: 'POS-002' })).toMatchObject(down)
    expect((await send({ kkt_id: 'KKT-001' })).status).toBe(422)
    await config({ unavailable: { match: { receipt_id: idOf(1) } } })
    expect(await find(idOf(1))).toMatchObject(down)
    expect((await find(idOf(2))).status).toBe(404)
  })

  test('is chosen by its attempt', async () => {
    const { send, config } = build()
    await config({ unavailable: { match: { attempt: 2 } } })
    const statuses = []
    for (const fd of [1, 1, 2, 1, 2]) statuses.push((await send(receipt(fd))).status)
    expect(statuses).toEqual([200, 503, 200, 200, 503])
  })
})

const unreadable: [name: string, body: string, status: number, code: string][] = [
  ['malformed', '{"receipt_id":', 400, 'malformed_json'],
  ['empty', '', 400, 'malformed_json'],
  ['too large', TOO_LARGE, 413, 'body_too_large'],
  ['too deep', TOO_DEEP, 400, 'malformed_json'],
]

describe.each(unreadable)('a body that is %s', (_name, body, status, code) => {
  test('gets the answer of the outage, and is logged without a name', async () => {
    const mock = build()
    await mock.config({ permanent_failure: true })
    expect(await mock.send(body)).toMatchObject(down)
    await mock.config({ permanent_failure: false, unavailable: { match: { pos_id: 'POS-001' } } })
    expect(await mock.send(body)).toMatchObject({ status, body: { code } })
    const met = [
      { ...nameless, status: 503 },
      { ...nameless, status },
    ]
    expect(await calls(mock)).toMatchObject({ calls: met })
  })
})

test('a body that stops coming gets the answer of the outage', async () => {
  const mock = build()
  await mock.config({ unavailable: true })
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
  const request = new Request('http://localhost/ofd/v1/receipt', { method: 'POST', body })
  expect((await mock.app.handle(request)).status).toBe(503)
})

test('a body that is not UTF-8 gets the answer of the outage', async () => {
  const mock = build()
  await mock.config({ unavailable: true })
  const body = new Uint8Array([0xff, 0xfe])
  const request = new Request('http://localhost/ofd/v1/receipt', { method: 'POST', body })
  expect((await mock.app.handle(request)).status).toBe(503)
})

test('what is refused is named by as much as it says, within bounds', async () => {
  const mock = build()
  const bodies = [
    { receipt_id: idOf(1), pos_id: '', kkt_id: 'KKT-002' },
    { receipt_id: 7, pos_id: 'x'.repeat(129), kkt_id: 'KKT-001' },
    [{ receipt_id: idOf(1) }],
    'null',
    { receipt_id: '', pos_id: null, kkt_id: {} },
  ]
  for (const body of bodies) expect((await mock.send(body)).status).toBe(422)
  expect(await calls(mock)).toMatchObject({
    calls: [
      { receipt_id: idOf(1), pos_id: null, kkt_id: 'KKT-002', attempt: 1 },
      { ...nameless, kkt_id: 'KKT-001' },
      nameless,
      nameless,
      nameless,
    ],
  })
})

test('an outage leaves a client that has gone away nothing to wait for', async () => {
  const { ask, config, callsUnderWay } = build()
  await config({ hang: true })
  const client = new AbortController()
  const unheard = ask('POST', '/ofd/v1/receipt', receipt(1), { signal: client.signal })
  await settle()
  client.abort()
  await unheard.catch(() => undefined)
  expect(callsUnderWay()).toBe(0)
})
