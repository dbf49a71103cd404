/** A page of another origin sells through the adapter. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHandle } from '@kkt/adapter/src/app.ts'
import { body, startApp } from '@kkt/adapter/src/testing/app_kit.ts'
import { openPort, type Port } from '@kkt/platform/serve.ts'
import { chromiumPath } from './chromium.ts'
import { oneBrowser } from './tabs.ts'

const browser = oneBrowser()

const showPage = () => new Response('<!doctype html><title>Till</title>', { headers: { 'content-type': 'text/html' } })
const anywhere = { hostname: '127.0.0.1', port: 0 }

let shop: Port
let stranger: Port
let adapter: Port
beforeAll(async () => {
  if (!chromiumPath) return
  shop = await openPort(showPage, anywhere)
  stranger = await openPort(showPage, anywhere)
  adapter = await openPort(createHandle(startApp().deps, { hosts: [], origins: [urlOf(shop)] }), anywhere)
})
afterAll(async () => {
  await Promise.all([shop, stranger, adapter].map((port) => port?.stop('now')))
})

const urlOf = ({ port }: Port) => `http://127.0.0.1:${port}`

/** The answer that a script of the page gets when it posts this receipt. */
async function sellFrom(port: Port, key: string, receipt: object) {
  const page = await browser().newPage()
  await page.goto(urlOf(port))
  const ask = { url: `${urlOf(adapter)}/v1/kkt/receipt`, key, sent: JSON.stringify(receipt) }
  return await page.evaluate(async ({ url, key, sent }) => {
    const headers = { 'Idempotency-Key': key, 'Content-Type': 'application/json' }
    const answer = await fetch(url, { method: 'POST', headers, body: sent }).catch(() => null)
    if (answer === null) return 'refused by the browser'
    const told: unknown = await answer.json()
    const names = ['idempotency-replayed', 'server-timing'].filter((name) => answer.headers.has(name))
    return { http: answer.status, told, names }
  }, ask)
}

describe.skipIf(!chromiumPath)('a till in a browser', () => {
  test('of an origin in CORS_ORIGINS sells, and reads the answer with its headers', async () => {
    const told = { status: 'printed', fiscal_doc: { total: 100 } }
    expect(await sellFrom(shop, 'one-key', body())).toMatchObject({ http: 200, told, names: ['server-timing'] })
    const names = ['idempotency-replayed', 'server-timing']
    expect(await sellFrom(shop, 'one-key', body())).toMatchObject({ http: 200, told, names })
  })

  test('reads what is wrong with its receipt', async () => {
    const answer = await sellFrom(shop, 'other-key', body({ items: [] }))
    expect(answer).toMatchObject({ http: 422, told: { code: 'invalid_body' } })
  })

  test('of another origin sells nothing', async () => {
    expect(await sellFrom(stranger, 'third-key', body())).toBe('refused by the browser')
  })
})
