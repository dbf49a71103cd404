/**
 * Takes the README's pictures of the adapter's pages, from a stack that is up: sells, switches the OFD off, sells on until
 * the breaker is open, and switches the OFD on again.
 */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { adapter, ofd, urls } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { receipt } from '../harness/receipts.ts'
import { runCommand } from '../harness/stack/command.ts'
import { say } from '../harness/stack/output.ts'
import { Stop } from '../harness/stack/stop.ts'
import { chromiumPath, launchChromium } from './chromium.ts'

const FOLDER = resolve(import.meta.dir, '../../.github/screenshots')
const BREAKS_WITHIN_MS = 60_000
const TILLS = ['POS-1', 'POS-2', 'POS-3']
const SALES = 12

async function sell(count: number): Promise<string> {
  let id = ''
  for (let i = 0; i < count; i += 1) {
    const posId = TILLS[i % TILLS.length] ?? ''
    id = (await adapter.take(receipt({ pos_id: posId }))).receipt_id
  }
  return id
}

async function open(browser: Browser, path: string, height: number): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height },
    locale: 'en-GB',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(urls.adapter + path)
  return page
}

async function keep(page: Page, name: string): Promise<void> {
  const path = `${FOLDER}/${name}.png`
  await page.screenshot({ path })
  say(path)
}

async function takePictures(browser: Browser): Promise<void> {
  await ofd.configure({ permanent_failure: false })
  const id = await sell(SALES)
  await eventually('the OFD to have it', async () => (await adapter.receipt(id)).status === 'synced', {
    withinMs: BREAKS_WITHIN_MS,
  })
  const one = await open(browser, `/receipts/${id}`, 1000)
  await one.locator('.slip pre').waitFor()
  await one.locator('.qr').evaluate((picture: { decode(): Promise<void> }) => picture.decode())
  await keep(one, 'receipt')

  await ofd.configure({ permanent_failure: true })
  try {
    await sell(SALES)
    await eventually('the breaker', async () => (await adapter.status()).circuit_breaker.state === 'OPEN', {
      withinMs: BREAKS_WITHIN_MS,
    })
    const all = await open(browser, '/', 560)
    await all.locator('.alert.bad').waitFor()
    await keep(all, 'adapter')
  } finally {
    await ofd.configure({ permanent_failure: false })
  }
}

await runCommand(async () => {
  if (!chromiumPath) throw new Stop('Pictures need a Chromium: apt install chromium, or CHROMIUM=/path.')
  mkdirSync(FOLDER, { recursive: true })
  const browser = await launchChromium(chromiumPath)
  await takePictures(browser).finally(() => browser.close())
  return 0
})
