/**
 * Takes the READMEs' pictures of the adapter's pages, from a stack that is up: sells, closes the shift, switches the OFD off, sells
 * on until the breaker is open, and switches the OFD on again.
 */
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { adapter, ofd, urls } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { expectBody } from '../harness/http.ts'
import { newKey, receipt } from '../harness/receipts.ts'
import { runCommand } from '../harness/stack/command.ts'
import { say } from '../harness/stack/output.ts'
import { Stop } from '../harness/stack/stop.ts'
import { taskDone } from '../harness/wire_shift.ts'
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

async function open(browser: Browser, path: string, height: number, width = 1280): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
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

const ask = async (path: string, body: object) =>
  expectBody(await adapter.post(path, body, { 'idempotency-key': newKey() }), 200, taskDone)

/** The day's page, and the slip of the closing of its shift. */
async function takeDay(browser: Browser): Promise<void> {
  await ask('/v1/kkt/cash/in', { amount: 3000, reason: 'Change for the morning' })
  const sold = receipt({ pos_id: 'POS-1' })
  for (const type of ['sale', 'sale', 'refund'] as const)
    await adapter.take({ ...sold, type, payments: [{ type: 'cash', amount: 1250 }] })
  const day = await open(browser, '/day', 830)
  await day.locator('.alerts .alert').first().waitFor()
  await day.locator('#hours svg').first().waitFor()
  await day.locator('#items table').waitFor()
  await keep(day, 'day')
  const { fiscal_doc: doc } = await ask('/v1/kkt/shift/close', {})
  if (doc === null) throw new Error('the closing has no document')
  const slip = await open(browser, `/v1/kkt/shifts/${doc.fn_number}/${doc.shift_number}/slip?format=html`, 550, 480)
  await slip.locator('pre').first().waitFor()
  await keep(slip, 'closing')
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
  await takeDay(browser)

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
