/** A browser shows and prints slips as the adapter answers them. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { body, startApp } from '@kkt/adapter/src/testing/app_kit.ts'
import { openPort, type Port } from '@kkt/platform/serve.ts'
import type { Page } from 'playwright-core'
import { z } from 'zod'
import { chromiumPath } from './chromium.ts'
import { codeIn } from './qr_picture.ts'
import { oneBrowser } from './tabs.ts'

const browser = oneBrowser()

const MARKUP = '<script>document.title="mine"</script>'
const LONG_NAME = 'Прогрессивные фотохромные очковые линзы с мультипокрытием и индексом 1.67, левая и правая'
const ITEMS = [MARKUP, LONG_NAME, LONG_NAME, 'Салфетка Й'].map((name) => {
  return { name, price: 200, quantity: 0.125, total: 25, vat_rate: 22 }
})

const PAPERS = [
  { width: 32, paperMm: 58, reachedMm: 48 },
  { width: 48, paperMm: 80, reachedMm: 72 },
]

let port: Port | undefined
/** The path of a printed receipt, and the content of its QR code. */
let receipt = { path: '', code: '' }

beforeAll(async () => {
  if (!chromiumPath) return
  const { post, read } = startApp()
  port = await openPort(
    async (request) => {
      const { status, headers, text } = await read(request.url.slice(new URL(request.url).origin.length))
      return new Response(text, { status, headers })
    },
    { hostname: '127.0.0.1', port: 0 },
  )
  const { json } = await post(body({ items: ITEMS, payments: [{ type: 'card', amount: 100 }] }))
  const { receipt_id, fiscal_doc } = z
    .object({ receipt_id: z.string(), fiscal_doc: z.object({ qr_code_data: z.string() }) })
    .parse(json)
  receipt = { path: `/v1/kkt/receipt/${receipt_id}`, code: fiscal_doc.qr_code_data }
})

afterAll(async () => {
  await port?.stop('now')
})

const newPage = (): Promise<Page> => browser().newPage({ viewport: { width: 400, height: 400 }, deviceScaleFactor: 2 })

/** Opens a page of the adapter. `troubles`: what the browser complains of, a broken policy too. */
async function open(path: string) {
  const page = await newPage()
  const troubles: string[] = []
  page.on('console', (message) => troubles.push(message.text()))
  page.on('pageerror', (error) => troubles.push(error.message))
  // A browser asks for an icon by itself.
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }))
  await page.goto(`http://127.0.0.1:${port?.port}${receipt.path}${path}`)
  return { page, troubles }
}

const millimetres = async (page: Page, pixels: string) => (z.number().parse(await page.evaluate(pixels)) / 96) * 25.4

describe.skipIf(!chromiumPath)('a slip in a browser', () => {
  test.each(PAPERS)('prints on one page of $paperMm mm, within what the printer reaches', async (paper) => {
    const { width, paperMm, reachedMm } = paper
    const { page, troubles } = await open(`/slip?format=html&width=${width}`)
    await page.emulateMedia({ media: 'print' })
    const heightMm = await millimetres(page, 'document.querySelector("main").getBoundingClientRect().height')
    const linesMm = await millimetres(
      page,
      'Math.max(...[...document.querySelectorAll("pre")].map((e) => e.scrollWidth))',
    )
    expect(linesMm).toBeWithin(reachedMm - 3, reachedMm)

    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
    const pages = [...pdf.matchAll(/\/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]/g)]
    expect(pages).toHaveLength(1)
    const [paperWidthMm = 0, paperHeightMm = 0] = (pages[0] ?? [])
      .slice(1)
      .map((points) => (Number(points) / 72) * 25.4)
    expect(Math.abs(paperWidthMm - paperMm)).toBeLessThan(0.5)
    expect(paperHeightMm - heightMm).toBeWithin(0, 3)
    expect(troubles).toEqual([])
  })

  test.each(PAPERS)('shows a QR code that a reader can read, at $paperMm mm', async ({ width }) => {
    const { page } = await open(`/slip?format=html&width=${width}`)
    expect(await codeIn(await newPage(), await page.getByRole('img', { name: 'QR-код чека' }).screenshot())).toBe(
      receipt.code,
    )
  })

  test('shows markup in a name as it was written, and does not run it', async () => {
    const { page, troubles } = await open('/slip?format=html')
    expect(await page.locator('pre').allTextContents()).toContain(MARKUP)
    expect(await page.title()).toStartWith('Кассовый чек: ФД ')
    expect(troubles).toEqual([])
  })
})

test.skipIf(!chromiumPath)('the QR code by itself can be read from the screen', async () => {
  const { page, troubles } = await open('/qr.svg')
  expect(await codeIn(await newPage(), await page.screenshot())).toBe(receipt.code)
  expect(troubles).toEqual([])
})
