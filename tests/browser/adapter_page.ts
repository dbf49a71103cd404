/** A test's own adapter with its own mock OFD, and the adapter's page in a browser. */
import { afterAll } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Locator, Page } from 'playwright-core'
import { eventually } from '../harness/eventually.ts'
import { ofdClient } from '../harness/mock_client.ts'
import { bufferStatus, receiptWhole } from '../harness/wire.ts'
import { killAll, startAdapter } from '../process/adapter_process.ts'
import { startOfd } from './mock_page.ts'
import { inChromium, openTab, SHOWN_WITHIN_MS, type View, whenOver } from './tabs.ts'

/** As `inChromium`, for tests that start adapters. */
export function inChromiumWithShops(): void {
  inChromium()
  afterAll(killAll)
}

/** Quick enough that nobody waits, and slow enough that an open breaker is seen. */
const HURRY = { CIRCUIT_BREAKER_THRESHOLD: '2', CIRCUIT_BREAKER_TIMEOUT: '1.5', SYNC_INTERVAL: '0.5' }

/**
 * An adapter on files of its own, which can be started again on the same port.
 * @param over has something done when the shop is no longer needed; @default at the end of the test
 */
export async function startShop(settings: Record<string, string> = {}, over = whenOver) {
  const ofdUrl = await startOfd(over)
  const folder = mkdtempSync(`${tmpdir()}/shop-`)
  over(() => rmSync(folder, { recursive: true, force: true }))
  const all = { ...HURRY, OFD_MODE: 'http', OFD_API_URL: ofdUrl, BUFFER_DB_PATH: `${folder}/buffer.db`, ...settings }
  let adapter = startAdapter(all)
  over(() => adapter.child.kill('SIGKILL'))
  const port = String(await adapter.port)
  return {
    url: `http://127.0.0.1:${port}`,
    ofd: ofdClient(ofdUrl),
    /** @param content a whole receipt; @default an ordinary one */
    sell: (content?: object) => adapter.post(undefined, content),
    status: () => adapter.ask('/v1/kkt/buffer/status', bufferStatus),
    /** The content of the QR code of a receipt's document. */
    qrOf: async (id: string) =>
      (await adapter.ask(`/v1/kkt/receipt/${id}`, receiptWhole)).fiscal_doc?.qr_code_data ?? '',
    async crash(): Promise<void> {
      adapter.child.kill('SIGKILL')
      await adapter.ended
    },
    async startAgain(): Promise<void> {
      adapter = startAdapter({ ...all, PORT: port })
      await adapter.port
    },
  }
}

/** The parts of the page by their English names. */
const partsOf = (page: Page) => ({
  flow: page.getByRole('region', { name: 'The way of a receipt' }).getByRole('img'),
  alerts: page.getByRole('region', { name: 'Needs attention' }),
  tryIt: page.getByRole('region', { name: 'Try it' }),
  breaker: page.getByRole('region', { name: 'Breaker to the OFD' }),
  rows: page.getByRole('table', { name: 'Receipts' }).locator('tbody tr'),
  dlq: page.getByRole('region', { name: 'Dead letters' }),
  audit: page.getByRole('table', { name: 'Audit log' }),
})

/** Opens the page and waits until it shows where the adapter stands. */
export async function openShopPage(url: string, view: View = {}) {
  const tab = await openTab(url, '/', view)
  await tab.page.locator('svg.flow').waitFor()
  return { ...tab, ...partsOf(tab.page) }
}

/** The picture's words for a screen reader, which have its counts. */
export const tells = (flow: Locator, wanted: RegExp) =>
  eventually(`the picture to tell ${wanted}`, async () => (await flow.getAttribute('aria-label')) ?? '', {
    withinMs: SHOWN_WITHIN_MS,
    until: (said) => wanted.test(said),
  })

export async function openShop(view: View = {}, settings: Record<string, string> = {}) {
  const shop = await startShop(settings)
  return { ...shop, ...(await openShopPage(shop.url, view)) }
}
