/** A person looks for receipts in a browser, and opens them. */
import { describe, expect, test } from 'bun:test'
import { eventually } from '../harness/eventually.ts'
import { inChromiumWithShops, openShop, tells } from './adapter_page.ts'
import { chromiumPath } from './chromium.ts'
import { codeIn } from './qr_picture.ts'
import { openTab, press, SHOWN_WITHIN_MS, shows } from './tabs.ts'

inChromiumWithShops()

describe.skipIf(!chromiumPath)('the receipts on the page of the adapter', () => {
  test('lists receipts page by page, and a filter begins with the newest', async () => {
    const { page, sell, flow, rows, tryIt } = await openShop()
    const counts = (wanted: number) =>
      eventually(`${wanted} rows`, () => rows.count(), {
        withinMs: SHOWN_WITHIN_MS,
        until: (count) => count === wanted,
      })
    await press(tryIt, 'Post a sample receipt')
    for (let i = 0; i < 10; i += 1) await sell()
    const newest = await sell()
    await tells(flow, /12 synced/)
    const receipts = page.getByRole('region', { name: 'Receipts' })
    // The list hears of it by itself. Older ones are those behind what it shows.
    await shows(rows.first(), String(newest.fiscal_doc?.fiscal_doc_number))
    await press(receipts, 'Older')
    await counts(2)
    await shows(rows.last(), 'PAGE-1')
    await press(receipts, 'Newest')
    await counts(10)
    await press(receipts, 'Older')
    await counts(2)
    await receipts.getByRole('textbox', { name: 'Till' }).fill('POS -001')
    await counts(10)
    expect(await receipts.getByRole('button', { name: /Older|Newest/ }).allInnerTexts()).toEqual(['Older'])
    await receipts.getByRole('textbox', { name: 'Till' }).fill('POS-1')
    await shows(receipts, 'No receipt is like that.')
  })

  test('finds a receipt by what its customer knows, and keeps the search in its address without the customer', async () => {
    const { page, rows, sell, flow, url } = await openShop()
    const lookUp = page.getByRole('search', { name: 'Find a receipt' })
    const field = (name: string) => lookUp.getByLabel(name, { exact: true })
    const counts = (wanted: number) =>
      eventually(`${wanted} rows`, () => rows.count(), {
        withinMs: SHOWN_WITHIN_MS,
        until: (count) => count === wanted,
      })
    const items = [{ name: 'Lenses', price: 1549.8, quantity: 1, total: 1549.8, vat: 'vat22' }]
    const payments = [{ type: 'card', amount: 1549.8 }]
    await sell()
    for (const pos_id of ['POS-7', 'POS-8'])
      await sell({ pos_id, type: 'sale', items, payments, customer: { email: `${pos_id}@example.com` } })
    await tells(flow, /3 synced/)
    await field('Total, roubles').fill('1 549,80')
    await press(lookUp, 'Find')
    await counts(2)
    expect(new URL(page.url()).search).toBe('?total=1549.80')
    await field('E-mail or phone').fill('pos-7@EXAMPLE.com')
    await press(lookUp, 'Find')
    await counts(1)
    await shows(rows.first(), 'POS-7')
    expect(page.url()).not.toContain('example.com')
    await page.reload()
    await counts(2)
    expect(await field('Total, roubles').inputValue()).toBe('1549.80')
    await press(lookUp, 'Clear')
    await counts(3)
    expect(page.url()).toBe(`${url}/`)
    await page.goto(`${url}/?date=2000-01-01`)
    await shows(page.getByRole('region', { name: 'Receipts' }), 'No receipt is like that.')
    const file = lookUp.getByRole('link', { name: 'This day for Excel' })
    expect(await file.getAttribute('href')).toBe('/v1/kkt/receipts.csv?date=2000-01-01')
  })

  test('shows on a receipt’s page its slip, and a QR code that a telephone can read', async () => {
    const { url, sell, qrOf } = await openShop()
    const { receipt_id: id } = await sell()
    const { page } = await openTab(url, `/receipts/${id}`, {})
    await shows(page.locator('.slip pre'), /КАССОВЫЙ ЧЕК \/ ПРИХОД.*ИТОГ/s)
    const picture = page.getByRole('img', { name: 'QR code of the receipt' })
    await picture.evaluate((image: { decode(): Promise<void> }) => image.decode())
    expect(await codeIn(await page.context().newPage(), await picture.screenshot())).toBe(await qrOf(id))
    const print = page.getByRole('link', { name: 'Print the slip' })
    expect(await print.getAttribute('href')).toBe(`/v1/kkt/receipt/${id}/slip?format=html`)
  })

  test('shows on a receipt’s page the operation, the change, the cashier, the customer and what is worth a look', async () => {
    const { url, sell } = await openShop()
    const sold = await sell({
      pos_id: 'POS-1',
      type: 'sale',
      correction: { type: 'self', date: '2026-11-01' },
      items: [{ name: 'Lenses', price: 122, quantity: 1, total: 122, vat: 'vat122' }],
      payments: [{ type: 'cash', amount: 500 }],
      cashier: { name: 'Ivanova A. A.' },
      customer: { email: 'anna@example.com' },
    })
    const { page } = await openTab(url, `/receipts/${sold.receipt_id}`, {})
    await shows(page.getByRole('region', { name: 'Correction: Sale' }), /22\/122.*Cash received₽500.00.*Change₽378.00/s)
    await shows(page.getByRole('region', { name: 'Settlement' }), /Ivanova A. A..*anna@example.com/s)
    await shows(page.locator('#standing-title').locator('..'), /Have a look.*vat_inverted_on_goods/s)
    await page.goto(url)
    await shows(page.getByRole('region', { name: 'Receipts' }), /Correction: Sale/)
  })

  test('says on a receipt’s page why the KKT refused it, and that no document comes', async () => {
    const { page, tryIt, flow, rows, troubles } = await openShop()
    await tryIt.getByRole('checkbox', { name: 'Refuses the next receipt for good' }).check()
    await press(tryIt, 'Post a sample receipt')
    await shows(tryIt.getByRole('status'), /the KKT does not take this receipt.*kkt_refused/)
    await tryIt.getByRole('checkbox', { name: 'FN is full' }).check()
    await flow.locator('.node.bad', { hasText: 'KKT' }).waitFor()
    await shows(rows, /PAGE-1.*refused.*does not take this receipt/)
    await rows.first().getByRole('link').click()
    await shows(page.locator('.why'), 'the KKT does not take this receipt')
    await shows(page.getByRole('region', { name: 'Fiscal document' }), 'The KKT made no document.')
    // Browsers report each answer of 5xx.
    expect(troubles.splice(0).filter((trouble) => !trouble.includes('502'))).toEqual([])
  })
})
