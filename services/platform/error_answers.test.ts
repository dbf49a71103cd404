import { describe, expect, test } from 'bun:test'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { checked, errorAnswers } from './error_answers.ts'
import { jsonBody } from './json_body.ts'
import { createLogger } from './logger.ts'
import { Problem, problemDocument } from './problem.ts'

const SECRET = 'Ivan Petrov'
const item = z.strictObject({ 'a/b~c': z.int(), price: z.number() })
const orderHeaders = z.object({ 'idempotency-key': z.string().max(5) })
const orderBody = z.strictObject({
  items: z.array(item.partial()).max(30),
  name: z.string().max(3).optional(),
  paid: z.int('takes 1').max(1, 'takes 1').optional(),
})

/** The log since the last request. */
const lines: string[] = []
const base = new Elysia()
const app = base
  .use(errorAnswers({ logger: createLogger('test', 'debug', (line) => lines.push(line)), routes: () => base.routes }))
  .post('/orders', () => 'taken', {
    parse: jsonBody(300_000),
    headers: orderHeaders,
    body: orderBody,
  })
  .post(
    '/checked',
    async ({ request, headers }) => {
      checked('headers', orderHeaders, headers)
      checked('body', orderBody, await jsonBody(300_000)({ request }))
    },
    { parse: 'none' },
  )
  .get('/orders', () => [], {
    query: z.strictObject({ limit: z.string().regex(/^\d+$/, 'takes a number').optional() }),
  })
  .get('/orders/:id', ({ params }) => params.id, { params: z.object({ id: z.string().max(3) }) })
  .get('/orders/new', () => 'a form')
  .get('/lines/:line', ({ params }) => params.line)
  .get('/refuse', () => {
    throw new Problem(503, 'closed', 'Come back later.', { 'retry-after': '7' })
  })
  .get('/fail', () => {
    throw new Error(SECRET)
  })
  .get('/unfit', () => ({ count: Number.NaN }), { response: z.object({ count: z.int() }) })

async function ask(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  lines.length = 0
  const request = new Request(`http://localhost${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
  const response = await app.handle(request)
  const text = await response.text()
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const document = problemDocument.parse(JSON.parse(text))
  expect(document.status).toBe(response.status)
  return { document, text, log: lines.join(''), headers: response.headers }
}

const order = (body: unknown, headers: Record<string, string> = { 'idempotency-key': 'k' }) =>
  ask('POST', '/orders', JSON.stringify(body), headers)

describe('paths and methods', () => {
  test('an unknown path is 404', async () => {
    expect((await ask('GET', '/nothing')).document).toMatchObject({ status: 404, code: 'no_such_route' })
  })

  test('a known path with another method is 405 and says which it takes', async () => {
    const { document, headers } = await ask('DELETE', '/orders')
    expect(document).toMatchObject({ status: 405, code: 'method_not_allowed' })
    expect(headers.get('allow')).toBe('POST, GET')
  })

  test('a path with a parameter is known too', async () => {
    expect((await ask('PUT', '/orders/17')).headers.get('allow')).toBe('GET')
  })

  test('a method that two routes share is named once', async () => {
    expect((await ask('PUT', '/orders/new')).headers.get('allow')).toBe('GET')
  })

  test('a path that ends before its parameter is no known path', async () => {
    expect((await ask('PUT', '/lines')).document.status).toBe(404)
  })

  test('an empty parameter is no known path', async () => {
    expect((await ask('GET', '/orders//')).document.status).toBe(404)
    expect((await ask('PUT', '/orders/')).document.status).toBe(404)
  })
})

describe('input', () => {
  test('a body names each wrong field by its JSON pointer', async () => {
    const { document } = await order({ items: [{ price: 1 }, { price: 'much', 'a/b~c': 0.5 }] })
    expect(document).toMatchObject({ status: 422, code: 'invalid_body' })
    expect(document.errors?.map((error) => error.pointer).sort()).toEqual(['/items/1/a~1b~0c', '/items/1/price'])
  })

  test('a body that is no object at all', async () => {
    for (const body of [null, 7, 'text', []]) {
      expect((await order(body)).document.errors?.[0]?.pointer).toBe('')
    }
  })

  test('a wrong header is 400', async () => {
    const { document } = await order({ items: [] }, {})
    expect(document).toMatchObject({ status: 400, code: 'invalid_headers' })
    expect(document.errors?.[0]?.pointer).toBe('#headers/idempotency-key')
  })

  test('a wrong query and a wrong parameter are 422', async () => {
    const query = await ask('GET', '/orders?limit=many')
    expect(query.document).toMatchObject({ status: 422, code: 'invalid_query' })
    expect(query.document.errors).toEqual([{ pointer: '#query/limit', message: 'takes a number' }])
    expect((await ask('GET', '/orders/toolong')).document.code).toBe('invalid_params')
    expect((await ask('GET', '/orders/%E0%A4%A')).document.code).toBe('invalid_params')
  })

  test.each<[string, () => ReturnType<typeof ask>, string]>([
    ['the body', () => order({ items: [{ price: 'much' }] }), 'First: /items/0/price must be a number.'],
    ['the body', () => order([]), 'First: the body must be an object.'],
    ['the body', () => order({ items: [], [SECRET]: 1 }), 'First: the body has a field that is not known here.'],
    ['the headers', () => order({ items: [] }, {}), 'First: #headers/idempotency-key is missing.'],
    ['the query', () => ask('GET', '/orders?limit=many'), 'First: #query/limit takes a number.'],
    ['the query', () => ask('GET', '/orders?most=1'), 'First: the query has a field "most" that is not known here.'],
    ['the query', () => ask('GET', '/orders?limits=1'), 'not known here: did you mean "limit"? Mend what'],
    ['the path', () => ask('GET', '/orders/toolong'), 'First: #params/id must be at most 3 characters long.'],
    ['the path', () => ask('GET', '/orders/%E0%A4%A'), 'First: #params/id must be text.'],
  ])('what is wrong in %s is said in a sentence', async (part, asked, first) => {
    const { detail } = (await asked()).document
    expect(detail).toStartWith(`Something in ${part} does not fit the contract and nothing was changed. First: `)
    expect(detail).toContain(first)
    expect(detail).toEndWith('Mend what errors lists and send it again.')
  })

  test('what two checks of a field say alike is said once', async () => {
    const { document } = await order({ items: [], paid: 1e99 })
    expect(document.errors).toEqual([{ pointer: '/paid', message: 'takes 1' }])
  })

  test('malformed JSON is 400', async () => {
    const { document } = await ask('POST', '/orders', '{', { 'idempotency-key': 'k' })
    expect(document).toMatchObject({ status: 400, code: 'malformed_json' })
  })

  test('nesting without end is 400, however wrong the body is besides', async () => {
    const { document } = await ask('POST', '/orders', '['.repeat(100_000) + ']'.repeat(100_000), {
      'idempotency-key': 'k',
    })
    expect(document.status).toBe(400)
  })

  test('what was sent comes back neither in the answer nor in the log', async () => {
    const answers = [
      await order({ items: [], name: SECRET }),
      await order({ items: [], [SECRET]: 1 }),
      await order({ items: [{ price: SECRET, [SECRET]: SECRET }] }),
      await order({ items: [] }, { 'idempotency-key': SECRET }),
      await ask('GET', `/orders?limit=${SECRET}`),
      await ask('GET', `/orders/${SECRET}`),
      await ask('GET', `/${SECRET}`),
    ]
    for (const { text, log } of answers) {
      expect(text + log).not.toContain('Ivan')
      expect(log).toContain('"event":"request_refused"')
    }
  })

  test('what a handler checks is answered as what its route does', async () => {
    for (const [body, headers] of [
      [{ items: [{ price: 'much' }], more: 1 }, { 'idempotency-key': 'k' }],
      [{ items: [] }, { 'idempotency-key': 'too long' }],
    ] as const) {
      const byHandler = await ask('POST', '/checked', JSON.stringify(body), headers)
      expect(byHandler.document).toEqual((await order(body, headers)).document)
    }
  })

  test('a long list of errors is cut', async () => {
    const { document } = await order({ items: Array.from({ length: 30 }, () => ({ price: 'x' })) })
    expect(document.errors).toHaveLength(20)
  })
})

describe('the service itself', () => {
  test('a Problem is answered as it says, with its headers', async () => {
    const { document, headers } = await ask('GET', '/refuse')
    expect(document).toEqual({
      type: 'about:blank',
      title: 'Service unavailable',
      status: 503,
      detail: 'Come back later.',
      code: 'closed',
    })
    expect(headers.get('retry-after')).toBe('7')
  })

  test('an unexpected error is 500 and keeps its message to itself', async () => {
    const { document, text, log } = await ask('GET', '/fail')
    expect(document).toMatchObject({ status: 500, code: 'internal_error' })
    expect(text + log).not.toContain(SECRET)
    expect(log).toContain('"event":"request_failed"')
    expect(log).toContain('error_answers.test.ts')
  })

  test('an answer that fails its own schema is 500, not the sender’s fault', async () => {
    const { document, log } = await ask('GET', '/unfit')
    expect(document.status).toBe(500)
    expect(log).toContain('"event":"request_failed"')
  })
})
