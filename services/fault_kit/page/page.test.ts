import { expect, test } from 'bun:test'
import { build } from '@kkt/mock-ofd/testing/lent.ts'

const createApp = () => build().app

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const get = (path: string, headers: Record<string, string> = browser, app = createApp()) =>
  app.handle(new Request(`http://localhost${path}`, { headers }))

test('a browser gets a page that speaks of this mock', async () => {
  const answer = await get('/')
  const page = await answer.text()
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page).toContain('<title>Mock OFD</title>')
  expect(page).toContain('data-control="ofd/v1/_test" data-counted="receipts"')
  expect(page).not.toContain('{{')
})

test.each([{}, { accept: '*/*' }, { accept: 'application/json' }])(
  'programs find nothing there: %p',
  async (headers) => {
    const answer = await get('/', headers)
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ code: 'no_such_route' })
  },
)

/** The files that a file of the page refers to, as paths from `/`. */
function named(path: string, text: string): string[] {
  const inPage = [...text.matchAll(/<(?:script|link)\b[^>]*(?:src|href)="([^"]*)"/g)].map(([, to = '']) => `/${to}`)
  const inScript = [...text.matchAll(/^(?:import|export).* from '\.\/([^']*)'/gm)].map(([, to = '']) => `/_page/${to}`)
  return path === '/' ? inPage : inScript
}

test('all that the page is made of comes from the mock itself, with its type, and nothing inline', async () => {
  const app = createApp()
  const types = new Map<string, string | null>()
  const toRead = ['/']
  for (const path of toRead) {
    const answer = await get(path, browser, app)
    const text = await answer.text()
    expect(answer.status, path).toBe(200)
    expect(text, path).not.toMatch(/https?:\/\/(?!www\.w3\.org\/2000\/svg)|@import|url\(|<style|\son\w+=|\sstyle=/)
    types.set(path.replace(/.*\./, ''), answer.headers.get('content-type'))
    toRead.push(...named(path, text).filter((other) => !toRead.includes(other)))
  }
  expect(Object.fromEntries(types)).toEqual({
    '/': 'text/html; charset=utf-8',
    svg: 'image/svg+xml; charset=utf-8',
    css: 'text/css; charset=utf-8',
    js: 'text/javascript; charset=utf-8',
  })
  expect(toRead.length).toBeGreaterThan(8)
})

test('a browser is told to take nothing from elsewhere', async () => {
  for (const path of ['/', '/_page/app.js']) {
    const policy = (await get(path)).headers.get('content-security-policy')
    expect(policy).toStartWith("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).not.toContain('unsafe')
  }
})

test('another file is not there', async () => {
  for (const path of ['/_page/page.ts', '/_page/..%2fkit.ts', '/_page/']) expect((await get(path)).status).toBe(404)
})

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
