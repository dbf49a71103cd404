/** The adapter's pages work in both languages, on a phone, by keyboard, with a screen reader, by day and by night. */
import { afterAll, describe, expect, test } from 'bun:test'
import type { Locator } from 'playwright-core'
import { eventually } from '../harness/eventually.ts'
import { inChromiumWithShops, openShop, openShopPage, startShop } from './adapter_page.ts'
import { wrongByAxe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import contrast from './contrast.js' with { type: 'text' }
import { openTab, press, SHOWN_WITHIN_MS, shows, type View } from './tabs.ts'

inChromiumWithShops()

const PHONE = { width: 390, height: 800 }
const SIZES = [PHONE, { width: 768, height: 1024 }, { width: 1280, height: 800 }, { width: 1800, height: 900 }]

/** A dialog is rendered first, and takes the focus just after. */
const hasFocus = (where: Locator) => where.and(where.page().locator(':focus')).waitFor()

const ends: (() => unknown)[] = []
afterAll(() => Promise.all(ends.map((end) => end())))

let busy: ReturnType<typeof startBusyShop> | undefined
/** One for all tests that only look: every part has something to show. The OFD refuses a receipt, and then is away. */
async function startBusyShop() {
  const shop = await startShop({ CIRCUIT_BREAKER_TIMEOUT: '600' }, (end) => ends.push(end))
  await shop.ofd.configure({ refuse: { status: 422, share: 1 } })
  const { receipt_id: id } = await shop.sell()
  await eventually('it to be refused', async () => (await shop.status()).dlq_size, { withinMs: SHOWN_WITHIN_MS })
  await shop.ofd.configure({ refuse: null, permanent_failure: true })
  for (let i = 0; i < 3; i += 1) await shop.sell()
  await eventually('the breaker', async () => (await shop.status()).circuit_breaker.state === 'OPEN', {
    withinMs: SHOWN_WITHIN_MS,
  })
  return { ...shop, id }
}

async function openBusy(view: View) {
  busy ??= startBusyShop()
  const { url, id } = await busy
  const opened = await openShopPage(url, view)
  await opened.page.locator('#dlq tbody tr').waitFor()
  await opened.page.locator('#receipts tbody tr').nth(3).waitFor()
  return { url, id, ...opened }
}

async function openReceipt({ url, id }: { url: string; id: string }, view: View) {
  const { page } = await openTab(url, `/receipts/${id}`, view)
  await page.locator('.timeline li').first().waitFor()
  await page.locator('.slip pre').waitFor()
  return page
}

const views = [
  { colorScheme: 'light', locale: 'en-GB' },
  { colorScheme: 'dark', locale: 'ru-RU' },
] as const

describe.skipIf(!chromiumPath)('the pages of the adapter', () => {
  test.each(views)('are without fault for axe, and readable, in %p', async (view) => {
    const opened = await openBusy({ ...PHONE, ...view })
    for (const one of [opened.page, await openReceipt(opened, view)]) {
      expect(await wrongByAxe(one)).toEqual([])
      expect(await one.evaluate<string[]>(contrast)).toEqual([])
    }
  })

  test('fit any width', async () => {
    const opened = await openBusy(PHONE)
    for (const one of [opened.page, await openReceipt(opened, PHONE)]) {
      for (const size of SIZES) {
        await one.setViewportSize(size)
        expect(await one.evaluate<number>('document.documentElement.scrollWidth')).toBe(size.width)
      }
    }
  })

  test('fit while their charts still have the width of an earlier size', async () => {
    const { page } = await openBusy(PHONE)
    await page.locator('.chart canvas').first().waitFor()
    await page.evaluate(`for (const plot of document.querySelectorAll('.uplot')) plot.style.width = '3000px'`)
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(PHONE.width)
  })

  test('speak Russian to a browser that does, and English to others', async () => {
    const opened = await openBusy({ locale: 'ru-RU' })
    const { page, url } = opened
    expect(await page.evaluate<string>('document.documentElement.lang')).toBe('ru')
    expect(await page.title()).toStartWith('Адаптер ККТ')
    await shows(page.getByRole('region', { name: 'Требует внимания' }), /ОФД не принимает чеки/)
    await shows(page.getByRole('region', { name: 'Отклонённые чеки' }), 'отклонён ОФД')
    const receipt = await openReceipt(opened, { locale: 'ru-RU' })
    await shows(receipt.getByRole('status'), 'ОФД отклонил этот чек')
    const german = await openShopPage(url, { locale: 'de-DE' })
    await shows(german.page.getByRole('heading', { level: 1 }), 'KKT adapter')
  })

  test('work by keyboard: a dialog opens, keeps the focus and gives it back', async () => {
    const { page, dlq } = await openBusy({})
    const close = dlq.getByRole('button', { name: /^Close/ })
    await close.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Close this dead letter' })
    await hasFocus(dialog.getByRole('textbox'))
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await hasFocus(close)
  })

  test('name everything that can be pressed or filled in', async () => {
    const { page } = await openBusy(PHONE)
    const heard = await page.locator('body').ariaSnapshot()
    expect(heard).toContain('- button "Post a sample receipt"')
    expect(heard).toContain('- heading "The way of a receipt" [level=2]')
    expect(heard).not.toMatch(/^\s*- (button|link|textbox|searchbox|spinbutton|combobox|checkbox)(:|$| \[)/m)
  })

  test('say what is wrong with an input, and that a receipt is not there', async () => {
    const { page, tryIt, url, troubles } = await openShop()
    await page.getByRole('textbox', { name: 'Price, roubles' }).fill('0')
    await press(tryIt, 'Post a sample receipt')
    await shows(tryIt.getByRole('status'), /Something in the body does not fit the contract.*invalid_body/)
    const wrong = ['01a20425-88ce-7000-be2d-76eab0eb441e', 'no-id', '%3Cb%3E']
    const tabs = await Promise.all(wrong.map((id) => openTab(url, `/receipts/${id}`, {})))
    for (const { page: none } of tabs) await shows(none.getByRole('main'), 'There is no such receipt.')
    // Browsers report each answer of 4xx, some a moment later.
    await Promise.all([page, ...tabs.map((tab) => tab.page)].map((one) => one.context().close()))
    for (const all of [troubles, ...tabs.map((tab) => tab.troubles)])
      expect(all.splice(0).every((one) => one.includes(' 4'))).toBe(true)
  })

  test('show names of any length and content as they are, and fit a phone', async () => {
    const shop = await startShop()
    const [till, name] = ['W'.repeat(64), '<img src=x onerror=alert(1)>&amp;<b>'.repeat(3)]
    const { receipt_id: id } = await shop.sell({
      pos_id: till,
      type: 'sale',
      items: [{ name, price: 1, quantity: 1.5, total: 1.5, vat_rate: 22 }],
      payments: [{ type: 'card', amount: 1.5 }],
    })
    const phone = { ...PHONE, locale: 'ru-RU' }
    const receipt = await openReceipt({ url: shop.url, id }, phone)
    await shows(receipt.getByRole('heading', { level: 2 }), till)
    await shows(receipt.getByRole('cell'), name)
    await shows(receipt.getByRole('cell'), '1,5')
    const { page } = await openShopPage(shop.url, phone)
    await shows(page.locator('#receipts td'), till)
    for (const one of [receipt, page])
      expect(await one.evaluate<number>('document.documentElement.scrollWidth')).toBe(PHONE.width)
    const { page: wide } = await openShopPage(shop.url, { locale: 'ru-RU' })
    const time = wide.locator('#receipts td a').first()
    expect(await time.evaluate((link: { getClientRects(): { length: number } }) => link.getClientRects().length)).toBe(
      1,
    )
  })
})
