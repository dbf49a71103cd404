import { describe, expect, test } from 'bun:test'
import { isStreamed } from '@kkt/platform/listener/answering.ts'
import { createHandle } from '../app.ts'
import { body, startApp } from '../testing/app_kit.ts'
import { freshKey } from '../testing/kit.ts'

const TILL = 'https://till.example'
const OTHER = 'https://other.example'

let known: ReturnType<typeof build> | undefined
/** An adapter for all tests, because building its app takes longer than they do. */
function shop() {
  known ??= build([TILL, 'http://localhost:3000'])
  return known
}

function build(origins: string[]) {
  const { deps, clock } = startApp()
  const handle = createHandle(deps, { hosts: [], origins })
  const ask = (method: string, path: string, headers: Record<string, string> = {}, sent?: object) =>
    handle(new Request(`http://localhost${path}`, { method, headers, ...(sent && { body: JSON.stringify(sent) }) }))
  const preflight = (path: string, origin = TILL, method = 'POST') =>
    ask('OPTIONS', path, { origin, 'access-control-request-method': method })
  return { ask, preflight, clock }
}

const allowed = ({ headers }: Response) => headers.get('access-control-allow-origin')

describe('a preflight', () => {
  test('of a known origin is 204, with the methods of the path and the headers', async () => {
    const answer = await shop().preflight('/v1/kkt/receipt')
    expect([answer.status, await answer.text()]).toEqual([204, ''])
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'access-control-allow-origin': TILL,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'Authorization, Idempotency-Key, Content-Type, Last-Event-ID',
      'access-control-max-age': '600',
      vary: 'Origin',
    })
  })

  test('names each method of a path with a parameter', async () => {
    const { preflight } = shop()
    const answer = await preflight('/v1/kkt/receipt/01a20425-88ce-7000-be2d-76eab0eb441e?wait=synced')
    expect([answer.status, answer.headers.get('access-control-allow-methods')]).toEqual([204, 'GET'])
  })

  test('of a path without a route is 404, which the page can read', async () => {
    const answer = await shop().preflight('/v1/kkt/recipt')
    expect([answer.status, allowed(answer)]).toEqual([404, TILL])
  })

  test('of an unknown origin gets no permission', async () => {
    const answer = await shop().preflight('/v1/kkt/receipt', OTHER)
    expect([answer.status, allowed(answer), answer.headers.get('vary')]).toEqual([405, null, 'Accept-Language, Origin'])
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})

describe('an answer', () => {
  test('lets a page of a known origin read it and its headers', async () => {
    const { ask } = shop()
    const answer = await ask('POST', '/v1/kkt/receipt', { origin: TILL, 'idempotency-key': freshKey() }, body())
    expect([answer.status, allowed(answer), answer.headers.get('vary')]).toEqual([200, TILL, 'Accept-Language, Origin'])
    expect(answer.headers.get('access-control-expose-headers')).toBe('Idempotency-Replayed, Retry-After, Server-Timing')
    expect(answer.headers.get('server-timing')).toStartWith('journal;dur=')
  })

  test.each<[number, Record<string, string>, object]>([
    [400, {}, body()],
    [422, { 'idempotency-key': 'k' }, body({ items: [] })],
  ])('that is a %i, too', async (status, headers, sent) => {
    const { ask } = shop()
    const answer = await ask('POST', '/v1/kkt/receipt', { origin: TILL, ...headers }, sent)
    expect([answer.status, allowed(answer)]).toEqual([status, TILL])
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
  })

  test('that is a stream stays one', async () => {
    const answer = await shop().ask('GET', '/v1/kkt/stream', { origin: TILL })
    expect([isStreamed(answer), allowed(answer)]).toEqual([true, TILL])
    await answer.body?.cancel()
  })

  test.each([OTHER, 'null', `${TILL}.evil.example`, 'http://till.example'])('to origin %s has none', async (origin) => {
    const answer = await shop().ask('GET', '/v1/health', { origin })
    expect([answer.status, allowed(answer)]).toEqual([200, null])
  })

  test('to a till that is no browser varies, and has none', async () => {
    const answer = await shop().ask('GET', '/v1/health')
    expect([allowed(answer), answer.headers.get('vary')]).toEqual([null, 'Accept-Language, Origin'])
  })
})

test('without origins nothing is added', async () => {
  const { ask, preflight } = build([])
  expect((await preflight('/v1/kkt/receipt')).status).toBe(405)
  const answer = await ask('GET', '/v1/health', { origin: TILL })
  expect([allowed(answer), answer.headers.get('vary')]).toEqual([null, 'Accept-Language'])
})
