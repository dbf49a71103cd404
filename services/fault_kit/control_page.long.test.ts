import { afterAll, beforeAll, expect, test } from 'bun:test'
import { rmSync } from 'node:fs'
import { build } from '@kkt/mock-ofd/testing/lent.ts'
import { buildPages } from '@kkt/pages/build.ts'
import { newFolder } from '@kkt/platform/testing.ts'
import { controlPage } from './control_page.ts'

const folder = newFolder('mock-page')
const built = `${folder}/dist`
beforeAll(() => buildPages(built))
afterAll(() => rmSync(folder, { recursive: true }))

const createApp = () => build().app
const createPage = (from: string) =>
  controlPage({ service: 'OFD', counted: 'receipts' }, '/ofd/v1/_test', { built: from })

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const get = (path: string, headers: Record<string, string> = browser, app: App = createApp()) =>
  app.handle(new Request(`http://localhost${path}`, { headers }))
type App = { handle(request: Request): Promise<Response> }

test('a browser gets a page that speaks of this mock, with relative addresses, so that it works below another path', async () => {
  const page = createPage(built)
  const answer = await get('/', browser, page)
  const html = await answer.text()
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(answer.headers.get('vary')).toBe('accept')
  expect(html).toContain('<body data-service="OFD" data-counted="receipts" data-control="ofd/v1/_test">')
  const named = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, to = '']) => to)
  expect(named).toHaveLength(3)
  for (const to of named) {
    expect(to).toStartWith('_page/')
    expect((await get(`/${to}`, browser, page)).status, to).toBe(200)
  }
})

test('a mock whose page is not built starts all the same, and says at / how to build it', async () => {
  const answer = await get('/', browser, createPage(`${folder}/nowhere`))
  expect(answer.status).toBe(503)
  expect(await answer.text()).toMatch(/services\/pages\/build\.ts.*\/ofd\/v1\/_test\/faults/s)
})

test.each([{}, { accept: '*/*' }, { accept: 'application/json' }])(
  'programs find nothing there: %p',
  async (headers) => {
    const answer = await get('/', headers)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ code: 'no_such_route' })
  },
)

test('the stream tells what the page lives by: what is left of a fault that struck, and a reset', async () => {
  const app = createApp()
  const post = (path: string, body = '') => app.handle(new Request(`http://localhost${path}`, { method: 'POST', body }))
  const { body } = await get('/ofd/v1/_test/stream', {}, app)
  if (!body) throw new Error('the stream has no body')
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  const next = async () => (await reader.read()).value
  await next()
  await post('/ofd/v1/_test/config', '{"failure_count": 2}')
  expect(await next()).toBe('event: config\ndata: {"permanent_failure":false,"failure_count":2}\n\n')
  await post('/ofd/v1/receipt', '{}')
  expect(await next()).toStartWith('event: call\ndata: {"number":1,')
  expect(await next()).toBe('event: config\ndata: {"permanent_failure":false,"failure_count":1}\n\n')
  await post('/ofd/v1/_test/reset')
  expect(await next()).toBe('event: config\ndata: {"permanent_failure":false,"failure_count":0}\n\n')
  expect(await next()).toBe('event: reset\ndata: {}\n\n')
})
