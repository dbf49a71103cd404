/** A test's own service and its pages in a browser, with the errors of those pages. */
import { afterAll, afterEach, beforeAll, expect, setDefaultTimeout } from 'bun:test'
import { createMockOdoo } from '@kkt/mock-odoo/app.ts'
import { createMockOfd } from '@kkt/mock-ofd/app.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { openPort, type Port } from '@kkt/platform/serve.ts'
import type { Browser, Locator, Page } from 'playwright-core'
import { startWholeApp } from '../../services/kkt_adapter/src/testing/whole_app.ts'
import { odooClient, ofdClient } from '../harness/mock_client.ts'
import { chromiumPath, launchChromium } from './chromium.ts'

/** A busy machine takes its time over a browser. Only a test that fails spends it all. */
const SHOWN_WITHIN_MS = 15_000
const TEST_MS = 60_000

const CREATE = { ofd: createMockOfd, odoo: createMockOdoo }
const logger = createLogger('mock', 'error', () => undefined)

let browser: Browser | undefined
const listening: Port[] = []
const opened: { page: Page; troubles: string[] }[] = []

/** Gives a test file, which calls this once, one browser for all tests. An unexpected error on a page fails its test. */
export function inChromium(): void {
  setDefaultTimeout(TEST_MS)
  beforeAll(async () => {
    if (chromiumPath) browser = await launchChromium(chromiumPath)
  })
  afterEach(async () => {
    const all = opened.splice(0)
    await Promise.all(all.map(({ page }) => page.context().close()))
    await Promise.all(listening.splice(0).map((port) => port.stop('now')))
    expect(all.flatMap(({ troubles }) => troubles)).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
  })
}

async function startMock(which: keyof typeof CREATE): Promise<string> {
  const { app, listenOn } = CREATE[which]({ clock: systemClock, logger })
  const port = await openPort((request) => app.fetch(request), { hostname: '127.0.0.1', port: 0 })
  listenOn(port)
  listening.push(port)
  return `http://127.0.0.1:${port.port}`
}

export const startOfd = () => startMock('ofd')

async function startAdapter(): Promise<string> {
  const { app } = startWholeApp()
  const port = await openPort(app.handle, { hostname: '127.0.0.1', port: 0 })
  listening.push(port)
  return `http://127.0.0.1:${port.port}`
}

type View = { width?: number; height?: number; colorScheme?: 'light' | 'dark' }

/** Opens a page of a service. */
async function openAt(url: string, path: string, { width = 1280, height = 800, colorScheme = 'light' }: View) {
  if (!browser) throw new Error('there is no browser: a test file calls inChromium first')
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' })
  const page = await context.newPage()
  const troubles: string[] = []
  page.setDefaultTimeout(SHOWN_WITHIN_MS)
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(message.text())
  })
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) troubles.push(`asked elsewhere: ${request.url()}`)
  })
  opened.push({ page, troubles })
  await page.goto(`${url}${path}`)
  return { page, troubles }
}

/** Opens a mock's page and waits until it is live. */
export async function openPage(url: string, view: View = {}) {
  const { page, troubles } = await openAt(url, '', view)
  await page.getByRole('status').filter({ hasText: 'live' }).waitFor()
  await page.getByRole('heading', { name: 'permanent_failure' }).waitFor()
  return { page, troubles, ...partsOf(page) }
}

/** The page's parts by their names. */
const partsOf = (page: Page) => ({
  inForce: page.getByRole('region', { name: 'In force' }),
  calls: page.getByRole('region', { name: 'Calls' }).getByRole('listitem'),
  said: page.locator('#said'),
  counter: (name: string) =>
    page.locator('#counters div', { has: page.getByText(name, { exact: true }) }).locator('dd'),
  card: (fault: string) =>
    page
      .getByRole('region', { name: 'Faults' })
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { name: fault, exact: true }) }),
})

/** Waits until one of the elements has this text. */
export const shows = (where: Locator, text: string | RegExp) => where.filter({ hasText: text }).first().waitFor()
export const press = (where: Locator, name: string | RegExp) => where.getByRole('button', { name, exact: true }).click()

/** A fresh OFD mock, a client for it and its page. */
export async function openOfd(view: View = {}) {
  const url = await startMock('ofd')
  return { url, ofd: ofdClient(url), ...(await openPage(url, view)) }
}

/** The same for Odoo. */
export async function openOdoo() {
  const url = await startMock('odoo')
  return { url, odoo: odooClient(url), ...(await openPage(url)) }
}

/** The page of a service's API, from the place that a link to `anchor` leads to. */
export async function openDocs(which: 'adapter' | keyof typeof CREATE, view: View = {}, anchor = '') {
  const url = which === 'adapter' ? await startAdapter() : await startMock(which)
  const { page } = await openAt(url, `/docs${anchor}`, view)
  await page.getByRole('heading', { name: 'Problems' }).waitFor()
  const route = (path: string) =>
    page.locator('details.route', { has: page.getByRole('heading', { name: path, exact: true }) })
  return { url, page, route }
}
