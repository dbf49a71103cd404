import { afterAll, expect, test } from 'bun:test'
import { z } from 'zod'
import { call, callRaw, expectBody, expectProblem } from './http.ts'

const LIMIT_MS = 2_000
const PROBLEM = { type: 'about:blank', title: 'Not found', status: 404, detail: 'Nothing here.', code: 'no_such_route' }

let gets = 0
const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  routes: {
    '/echo': async (request) =>
      Response.json({ method: request.method, type: request.headers.get('content-type'), body: await request.text() }),
    '/flaky': () => new Response(`attempt ${++gets}`, { status: 503 }),
    '/silent': () => new Promise<Response>(() => undefined),
    '/problem': () =>
      new Response(JSON.stringify(PROBLEM), { status: 404, headers: { 'content-type': 'application/problem+json' } }),
    '/plain': () => Response.json(PROBLEM, { status: 404 }),
    '/lying': () =>
      new Response(JSON.stringify({ ...PROBLEM, status: 400 }), {
        status: 404,
        headers: { 'content-type': 'application/problem+json' },
      }),
  },
})
const at = (path: string) => `http://127.0.0.1:${server.port}${path}`
afterAll(() => server.stop(true))

const echoed = z.object({ method: z.string(), type: z.string().nullable(), body: z.string() })

test('bytes are sent without a content type, text as JSON', async () => {
  const bytes = new TextEncoder().encode('{"a":1}')
  const asBytes = await call(at('/echo'), { method: 'POST', body: bytes, withinMs: LIMIT_MS })
  const asText = await call(at('/echo'), { method: 'POST', body: '{"a":1}', withinMs: LIMIT_MS })
  expect(expectBody(asBytes, 200, echoed)).toEqual({ method: 'POST', type: null, body: '{"a":1}' })
  expect(expectBody(asText, 200, echoed)).toEqual({ method: 'POST', type: 'application/json', body: '{"a":1}' })
})

test('an error status is an answer, and is asked for once', async () => {
  expect(await call(at('/flaky'), { withinMs: LIMIT_MS })).toMatchObject({ status: 503, text: 'attempt 1' })
})

test('silence ends at the time limit', async () => {
  await expect(call(at('/silent'), { withinMs: 20 })).rejects.toThrow()
})

test('an answer of another status or shape is an error that quotes the answer', async () => {
  const answer = await call(at('/problem'), { withinMs: LIMIT_MS })
  expect(() => expectBody(answer, 200, z.unknown())).toThrow(/404 .*Nothing here.*it is not 200/)
  expect(() => expectBody(answer, 404, z.object({ detail: z.int() }))).toThrow('detail')
})

test('a problem document has its own content type and states its own status', async () => {
  expect(expectProblem(await call(at('/problem'), { withinMs: LIMIT_MS }), 404).code).toBe('no_such_route')
  const plain = await call(at('/plain'), { withinMs: LIMIT_MS })
  expect(() => expectProblem(plain, 404)).toThrow('application/json')
  const lying = await call(at('/lying'), { withinMs: LIMIT_MS })
  expect(() => expectProblem(lying, 404)).toThrow('says 400')
})

test('raw bytes are answered like any request', async () => {
  const answer = await callRaw(at('/'), ['GET /problem HTTP/1.1\r\nHo', 'st: x\r\n\r\n'], LIMIT_MS)
  expect(answer).toMatchObject({ status: 404, text: JSON.stringify(PROBLEM) })
})

test('a raw request that is cut short ends, with an answer or without', async () => {
  const head = 'POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n'
  expect((await callRaw(at('/'), [head, 'short'], LIMIT_MS))?.status).not.toBe(200)
})
