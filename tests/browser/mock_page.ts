/** A test's own service and its pages in a browser, with the errors of those pages. */
import { createMockOdoo } from '@kkt/mock-odoo/app.ts'
import { createMockOfd } from '@kkt/mock-ofd/app.ts'
import { systemClock } from '@kkt/platform/clock.ts'
import { createLogger } from '@kkt/platform/logger.ts'
import { openPort } from '@kkt/platform/serve.ts'
import type { Page } from 'playwright-core'
import { startWholeApp } from '../../services/kkt_adapter/src/testing/whole_app.ts'
import { odooClient, ofdClient } from '../harness/mock_client.ts'
import { openTab, type View, whenOver } from './tabs.ts'

const CREATE = { ofd: createMockOfd, odoo: createMockOdoo }
const logger = createLogger('mock', 'error', () => undefined)

async function startMock(which: keyof typeof CREATE, over = whenOver): Promise<string> {
  const { app, listenOn } = CREATE[which]({ clock: systemClock, logger })
  const port = await openPort((request) => app.fetch(request), { hostname: '127.0.0.1', port: 0 })
  listenOn(port)
  over(() => port.stop('now'))
  return `http://127.0.0.1:${port.port}`
}

/** @param over has it stopped when it is no longer needed; @default at the end of the test */
export const startOfd = (over = whenOver) => startMock('ofd', over)

async function startAdapter(): Promise<string> {
  const { app } = startWholeApp()
  const port = await openPort(app.handle, { hostname: '127.0.0.1', port: 0 })
  whenOver(() => port.stop('now'))
  return `http://127.0.0.1:${port.port}`
}

/** Opens a mock's page and waits until it is live. */
export async function openPage(url: string, view: View = {}) {
  const tab = await openTab(url, '', view)
  const { page } = tab
  await page.getByRole('status').filter({ hasText: 'live' }).waitFor()
  await page.getByRole('heading', { name: 'permanent_failure' }).waitFor()
  return { ...tab, ...partsOf(page) }
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
  const { page } = await openTab(url, `/docs${anchor}`, view)
  await page.getByRole('heading', { name: 'Problems' }).waitFor()
  const route = (path: string) =>
    page.locator('details.route', { has: page.getByRole('heading', { name: path, exact: true }) })
  return { url, page, route }
}
