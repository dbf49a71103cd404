/** An operator gives money back and puts a receipt right on its page. */
import { describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { eventually } from '../harness/eventually.ts'
import { receiptList } from '../harness/wire.ts'
import { inChromiumWithShops, startShop } from './adapter_page.ts'
import { chromiumPath } from './chromium.ts'
import { openTab, press, SHOWN_WITHIN_MS, shows, type View } from './tabs.ts'

inChromiumWithShops()

const parts = (page: Page) => ({
  refund: page.getByRole('region', { name: 'Refund', exact: true }),
  putRight: page.getByRole('region', { name: 'Put right', exact: true }),
})

const FRAMES = {
  pos_id: 'POS-1',
  type: 'sale',
  items: [{ name: 'Frame', price: 100, quantity: 3, total: 300, vat: 'vat22' }],
  payments: [{ type: 'card', amount: 300 }],
}

async function openReceipt(view: View = {}) {
  const shop = await startShop({ KKT_PRINT_DELAY_MIN: '0', KKT_PRINT_DELAY_MAX: '0' })
  const { receipt_id: id } = await shop.sell(FRAMES)
  const tab = await openTab(shop.url, `/receipts/${id}`, view)
  const asked: string[] = []
  tab.page.on('dialog', (dialog) => {
    asked.push(dialog.message())
    void dialog.accept()
  })
  const typesOf = async () => {
    const { receipts } = receiptList.parse(await (await fetch(`${shop.url}/v1/kkt/receipts`)).json())
    return receipts.map(({ type }) => type).toSorted()
  }
  return { ...shop, ...tab, ...parts(tab.page), asked, typesOf }
}

describe.skipIf(!chromiumPath)("a receipt's page", () => {
  test('gives a part back after a question, and then what is left; a double click prints once', async () => {
    const { refund, asked, typesOf } = await openReceipt()
    await refund.getByRole('spinbutton').fill('2')
    await refund.getByRole('button', { name: /Refund .*200/ }).dblclick()
    await shows(refund.getByRole('status'), /Refunded by document \d+/)
    await shows(refund, '1 left')
    expect(asked[0]).toContain('200')
    expect(await typesOf()).toEqual(['refund', 'sale'])
    await refund.getByRole('button', { name: /Refund .*100/ }).click()
    await eventually('both refunds', typesOf, {
      withinMs: SHOWN_WITHIN_MS,
      until: (types) => types.filter((type) => type === 'refund').length === 2,
    })
    await refund.getByRole('spinbutton').waitFor({ state: 'detached' })
  })

  test('that is loaded again while a refund is under way shows the outcome of that one', async () => {
    const { page, refund, typesOf } = await openReceipt()
    // The first request reaches the adapter, and its answer does not reach the page.
    let isFirst = true
    const looked = Promise.withResolvers<void>()
    await page.route('**/v1/kkt/receipt', async (route) => {
      if (!isFirst) return await route.continue()
      isFirst = false
      // The page hears live of a refund that is made, and has no button for another one.
      await looked.promise
      await route.fetch()
    })
    await refund.getByRole('button', { name: /Refund/ }).click()
    await shows(refund.getByRole('status'), 'Under way')
    expect(await refund.getByRole('button', { name: /Refund/ }).isDisabled()).toBe(true)
    looked.resolve()
    await eventually('the refund', typesOf, { withinMs: SHOWN_WITHIN_MS, until: (types) => types.includes('refund') })
    await page.reload()
    await shows(refund.getByRole('status'), /Refunded by document \d+/)
    expect(await typesOf()).toEqual(['refund', 'sale'])
  })

  test('puts it right, and shows both documents', async () => {
    const { putRight, asked, typesOf } = await openReceipt()
    await putRight.getByRole('spinbutton', { name: 'Price' }).fill('90')
    await press(putRight, 'Put right')
    await shows(putRight.getByRole('table'), /Takes it back/)
    await shows(putRight.getByRole('table'), /Says what is right/)
    expect(asked).toHaveLength(1)
    expect(await typesOf()).toEqual(['refund', 'sale', 'sale'])
  })

  test('tells in its own language why nothing was printed', async () => {
    const { page, url, troubles, typesOf } = await openReceipt({ locale: 'ru-RU' })
    const refund = page.getByRole('region', { name: 'Возврат', exact: true })
    const path = new URL(page.url()).pathname.replace('/receipts/', '/v1/kkt/receipt/')
    // This page does not see that another one gives all back.
    const stale = await (await fetch(url + path)).text()
    await page.route(`**${path}`, (route) => route.fulfill({ body: stale, contentType: 'application/json' }))
    await fetch(`${url}/v1/kkt/receipt`, {
      method: 'POST',
      headers: { 'idempotency-key': 'another-page' },
      body: JSON.stringify({ ...FRAMES, type: 'refund', refund_of: { receipt_id: path.split('/').at(-1) } }),
    })
    await refund.getByRole('button', { name: /Вернуть/ }).click()
    await shows(refund.getByRole('status'), /возврат больше, чем осталось/)
    expect(await refund.locator('strong').textContent()).toMatch(/\p{Script=Cyrillic}/u)
    expect(troubles.splice(0)).toEqual([expect.stringContaining('409')])
    expect(await typesOf()).toEqual(['refund', 'sale'])
  })
})
