/** A hostile page in a browser that reaches the adapter. Its host's name resolves to this machine, as after DNS rebinding. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { createHandle } from '@kkt/adapter/src/app.ts'
import { body, startApp } from '@kkt/adapter/src/testing/app_kit.ts'
import { openPort, type Port } from '@kkt/platform/serve.ts'
import { chromiumPath } from './chromium.ts'
import { oneBrowser } from './tabs.ts'

const browser = oneBrowser(['--host-resolver-rules=MAP evil.example 127.0.0.1'])

const { deps, kkt, worker } = startApp()
const guarded = createHandle(deps, { hosts: [], origins: [] })
const showPage = () =>
  new Response('<!doctype html><title>Hostile</title>', { headers: { 'content-type': 'text/html' } })
/** True while the hostile page's own server is asked: afterwards its name leads to the adapter. */
let isOwnServer = false

let adapter: Port
beforeAll(async () => {
  if (!chromiumPath) return
  adapter = await openPort((request) => (isOwnServer ? showPage() : guarded(request)), {
    hostname: '127.0.0.1',
    port: 0,
  })
})
afterAll(async () => {
  await adapter?.stop('now')
})

/** Opens a page of this host, on the adapter's port. */
async function pageAt(host: string) {
  const page = await browser().newPage()
  isOwnServer = true
  await page.goto(`http://${host}:${adapter.port}/`)
  isOwnServer = false
  return page
}

const refund = () => JSON.stringify(body({ type: 'refund' }))

describe.skipIf(!chromiumPath)('a hostile page', () => {
  test('whose name leads to this machine has no refund printed', async () => {
    const page = await pageAt('evil.example')
    const answer = await page.evaluate(async (sent) => {
      const headers = { 'Idempotency-Key': 'stolen', 'Content-Type': 'application/json' }
      const { status, statusText } = await fetch('/v1/kkt/receipt', { method: 'POST', headers, body: sent })
      return `${status} ${statusText}`
    }, refund())
    expect(answer).toBe('421 Misdirected Request')
    expect(kkt.handed).toEqual([])
  })

  test('whose name leads to this machine reads nothing', async () => {
    const page = await pageAt('evil.example')
    const read = (path: string) => page.evaluate(async (at) => (await fetch(at)).status, path)
    for (const path of ['/v1/kkt/receipts', '/v1/health', '/v1/kkt/stream', '/docs']) expect(await read(path)).toBe(421)
  })

  test('of another origin changes nothing by a request that needs no preflight', async () => {
    const page = await pageAt('evil.example')
    const seen: number[] = []
    page.on('response', (response) => seen.push(response.status()))
    await page.evaluate(async (url) => {
      await fetch(url, { method: 'POST', mode: 'no-cors', body: '{"sync_interval": 0.1}' })
    }, `http://127.0.0.1:${adapter.port}/v1/kkt/_test/settings`)
    expect(seen).toEqual([403])
    await worker.stop()
  })

  test('does not keep a page of the adapter from selling', async () => {
    const page = await pageAt('localhost')
    const status = await page.evaluate(async (sent) => {
      const headers = { 'Idempotency-Key': 'own', 'Content-Type': 'application/json' }
      return (await fetch('/v1/kkt/receipt', { method: 'POST', headers, body: sent })).status
    }, refund())
    expect(status).toBe(200)
    expect(kkt.handed).toHaveLength(1)
  })
})
