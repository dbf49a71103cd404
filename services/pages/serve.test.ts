import { afterAll, expect, test } from 'bun:test'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { errorAnswers } from '@kkt/platform/error_answers.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { newFolder } from '@kkt/platform/testing.ts'
import { type AnyElysia, Elysia } from 'elysia'
import { adapterPageRoutes, pageRoutes } from './serve.ts'

const RECEIPT = '01a20425-88ce-7000-be2d-76eab0eb441e'
const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const LINKS = { page: '/', health: '/v1/health' }

const folder = newFolder('built')
const built = `${folder}/dist`
for (const page of ['adapter', 'mock']) mkdirSync(`${built}/${page}`, { recursive: true })
writeFileSync(`${built}/mock/index.html`, '<!doctype html><body>\nmock</body>')
writeFileSync(`${built}/mock/main.0123abcd.js`, 'renderMock()')
writeFileSync(`${built}/adapter/index.html`, '<!doctype html><body>\n</body>')
writeFileSync(`${built}/adapter/main.0123abcd.js`, 'render()')
writeFileSync(`${built}/adapter/main.0123abcd.css`, 'p{}')
writeFileSync(`${built}/adapter/unhashed.js`, 'secret')
writeFileSync(`${folder}/main.0123abcd.js`, 'secret')
afterAll(() => rmSync(folder, { recursive: true }))

const OPTIONS = {
  facts: { 'kkt-id': 'A"<&', 'test-control': true },
  forPrograms: () => Response.json(LINKS),
  withoutIt: 'It works without it: see /v1/health.',
}

function build(routes: AnyElysia = adapterPageRoutes({ ...OPTIONS, built })) {
  const logger = createLogger('test', 'error', () => undefined)
  const app = new Elysia().use(errorAnswers({ logger, routes: () => routes.routes })).use(routes)
  return (path: string, headers: Record<string, string> = BROWSER) =>
    app.handle(new Request(`http://localhost${path}`, { headers }))
}

test.each(['/', '/day', `/receipts/${RECEIPT}`])(
  'a browser gets the page at %s, with the facts of this adapter',
  async (path) => {
    const answer = await build()(path)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect(await answer.text()).toContain('<body data-kkt-id="A&quot;&lt;&amp;" data-test-control="true">')
  },
)

test.each([{}, { accept: '*/*' }, { accept: 'application/json' }])('a program gets links: %p', async (headers) => {
  const answer = await build()('/', headers)
  expect([answer.status, await answer.json()]).toEqual([200, LINKS])
})

test('what has the hash of its content in its name is kept for ever', async () => {
  const ask = build()
  const [script, style] = await Promise.all([ask('/_page/main.0123abcd.js'), ask('/_page/main.0123abcd.css')])
  expect([script.headers.get('content-type'), await script.text()]).toEqual([
    'text/javascript; charset=utf-8',
    'render()',
  ])
  expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8')
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
})

test('each answer tells the browser to take nothing from elsewhere, nothing inline, and to make no markup of text', async () => {
  for (const path of ['/', '/_page/main.0123abcd.js']) {
    const policy = (await build()(path)).headers.get('content-security-policy')
    expect(policy).toStartWith("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'")
    expect(policy).not.toContain('unsafe')
  }
})

test.each([
  '/_page/unhashed.js',
  '/_page/..%2fmain.0123abcd.js',
  '/_page/index.html',
  '/_page/..%2fserve.ts',
  '/_page/..%2f..%2fpackage.json',
  '/_page/main.ffffffff.js',
  '/_page/',
])('%s is not there', async (path) => expect((await build()(path)).status).toBe(404))

test('a receipt’s page comes for each address, so that a person with a wrong one reads that in words', async () => {
  const answer = await build()('/receipts/none')
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
})

test('without its bundle a service says in plain words how to build it, and what there is instead', async () => {
  const answer = await build(adapterPageRoutes({ ...OPTIONS, built: `${built}/nowhere` }))('/')
  expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/plain; charset=utf-8'])
  const said = await answer.text()
  expect(said).toContain('tests/harness/bun services/pages/build.ts')
  expect(said).toContain(OPTIONS.withoutIt)
})

test('a mock serves its own page and files, and no receipt’s page', async () => {
  const ask = build(pageRoutes({ ...OPTIONS, page: 'mock', built }))
  expect(await (await ask('/')).text()).toContain('mock')
  expect(await (await ask('/_page/main.0123abcd.js')).text()).toBe('renderMock()')
  for (const path of ['/_page/main.0123abcd.css', `/receipts/${RECEIPT}`]) expect((await ask(path)).status).toBe(404)
})
