import { expect, test } from 'bun:test'
import { Elysia } from 'elysia'
import { z } from 'zod'
import { settle } from '../testing.ts'
import type { Book, OperationEntry } from './book.ts'
import { docs } from './routes.ts'

const SALE: OperationEntry = {
  tag: 'Sales',
  summary: 'Sell',
  parameters: { till: 'T-1' },
  body: { description: 'A sale.', limitBytes: 1024, examples: { One: { amount: 1 } } },
  answers: { 200: { description: 'Sold.', example: { sold: true } } },
  problems: ['sold_out'],
}

const book: Book = {
  title: 'Shop',
  description: 'Sells.',
  tags: [{ name: 'Sales', description: 'For tills.' }],
  problems: { sold_out: { status: 503, meaning: 'Nothing is left.', retryAfterSeconds: 7 } },
  operations: { 'POST /sale/{till}': SALE },
}

function start(change: Partial<Book> = {}) {
  const app = new Elysia().post('/sale/:till', () => ({ sold: true }), {
    params: z.object({ till: z.string().max(64).meta({ description: 'Its name' }) }),
    body: z.object({
      amount: z
        .number()
        .transform((roubles) => roubles * 100)
        .meta({ description: 'In roubles', maximum: 9 }),
    }),
    response: { 200: z.object({ sold: z.boolean().meta({ description: 'Whether it is' }) }) },
  })
  let loads = 0
  const load = async () => {
    loads += 1
    return { ...book, ...change }
  }
  const whole = new Elysia().use(app).use(docs({ app, book: load, version: '1.2.3' }))
  const get = (path: string) => whole.handle(new Request(`http://localhost${path}`))
  return { get, loads: () => loads }
}

const written = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })

test('describes the routes of the app, and none of its own', async () => {
  const document = written.parse(await (await start().get('/openapi.json')).json())
  expect(document).toMatchObject({ openapi: '3.1.1', info: { title: 'Shop', version: '1.2.3' } })
  expect(Object.keys(document.paths)).toEqual(['/sale/{till}'])
  expect(document.paths['/sale/{till}']?.['post']).toMatchObject({
    operationId: 'postSaleByTill',
    parameters: [
      { name: 'till', in: 'path', example: 'T-1', schema: { type: 'string', maxLength: 64 } },
      { name: 'Accept-Language', in: 'header', required: false },
    ],
    requestBody: {
      content: { 'application/json': { schema: { properties: { amount: { type: 'number', maximum: 9 } } } } },
    },
    responses: {
      200: { content: { 'application/json': { example: { sold: true } } } },
      503: {
        headers: { 'Retry-After': { example: 7 } },
        content: {
          'application/problem+json': {
            schema: { properties: { code: { enum: ['too_many_connections', 'too_many_bodies', 'sold_out'] } } },
          },
        },
      },
    },
  })
})

test('is written at the first question, and only once', async () => {
  const { get, loads } = start()
  await get('/docs')
  await settle()
  expect(loads()).toBe(0)
  const texts = await Promise.all(
    [get('/openapi.json'), get('/openapi.json')].map(async (answer) => (await answer).text()),
  )
  expect(texts[0]).toBe(texts[1] ?? '')
  expect(loads()).toBe(1)
})

test('a code that the book does not have, and an answer without a schema, are errors', async () => {
  expect((await start({ problems: {} }).get('/openapi.json')).status).toBe(500)
  const operations = { 'POST /sale/{till}': { ...SALE, answers: { 201: { description: 'Sold.', example: null } } } }
  expect((await start({ operations }).get('/openapi.json')).status).toBe(500)
})

/** The files that a file of the page refers to, as paths from `/`. */
function named(path: string, text: string): string[] {
  const inPage = [...text.matchAll(/<(?:script|link)\b[^>]*(?:src|href)="([^"]*)"/g)].map(([, to = '']) => `/${to}`)
  const inScript = [...text.matchAll(/^(?:import|export).* from '\.\/([^']*)'/gm)].map(([, to = '']) => `/docs/${to}`)
  return path === '/docs' ? inPage : inScript
}

test('the page is made of files of its own, with the policy of all pages and nothing inline', async () => {
  const { get } = start()
  const toRead = ['/docs']
  for (const path of toRead) {
    const answer = await get(path)
    const text = await answer.text()
    expect(answer.status, path).toBe(200)
    expect(answer.headers.get('content-security-policy')).toStartWith(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    )
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe')
    expect(text, path).not.toMatch(
      /https?:\/\/(?!www\.w3\.org\/2000\/svg)|@import|url\(|<style|\son\w+=|\sstyle=|innerHTML/,
    )
    toRead.push(...named(path, text).filter((other) => !toRead.includes(other)))
  }
  expect(toRead.length).toBeGreaterThan(7)
  expect((await get('/docs/page.ts')).status).toBe(404)
})

test('a path with a slash at its end leads to the page, from where its links hold', async () => {
  const { status, headers } = await start().get('/docs/')
  expect([status, new URL(headers.get('location') ?? '', 'http://a.test/shop/docs/').href]).toEqual([
    308,
    'http://a.test/shop/docs',
  ])
})
