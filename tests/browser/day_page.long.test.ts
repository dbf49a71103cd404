/** A cashier opens the shop's day in a browser, moves cash, reads the counters, settles what is unclear, and closes the day. */
import { describe, expect, test } from 'bun:test'
import { receipt } from '../harness/receipts.ts'
import { inChromiumWithShops, startShop } from './adapter_page.ts'
import { chromiumPath } from './chromium.ts'
import { openTab, press, shows } from './tabs.ts'

inChromiumWithShops()

/** A shop, and its day in a browser that agrees to all that it is asked. */
async function openDay(settings: Record<string, string> = {}) {
  const shop = await startShop({ TEST_CONTROL: 'true', ...settings })
  const tab = await openTab(shop.url, '/day', {})
  const { page } = tab
  page.on('dialog', (dialog) => void dialog.accept())
  const part = (name: string) => page.getByRole('region', { name })
  const configure = (faults: object) =>
    fetch(`${shop.url}/v1/kkt/_test/config`, { method: 'POST', body: JSON.stringify(faults) })
  const cash = async (sum: string, button: string) => {
    await page.getByLabel('Sum, roubles').fill(sum)
    await press(part('The KKT'), button)
  }
  return { ...shop, ...tab, part, configure, cash }
}

describe.skipIf(!chromiumPath)('the page of the day', () => {
  test('opens the shift, tells its sums and its drawer, and closes it with a document to print', async () => {
    const { page, part, sell, cash, troubles } = await openDay()
    await shows(part('No shift yet'), 'closed')
    await press(part('The KKT'), 'Open the shift')
    await shows(part('The KKT').getByRole('status'), 'The shift is open.')
    await cash('1000', 'Put in')
    await shows(part('The KKT').getByRole('status'), 'The cash is entered.')
    await sell(receipt())
    await shows(part('Shift 1'), /open.*₽1,250.00.*1 receipt/s)
    await shows(part('Sales by hour'), /₽1,250.00, 1 receipt/)
    await cash('99999', 'Take out')
    await shows(part('The KKT').getByRole('status'), /counts less cash in the drawer/)
    expect(troubles.splice(0).filter((trouble) => !trouble.includes('409'))).toEqual([])
    await press(part('The KKT'), 'X report')
    await shows(part('The KKT').getByRole('status'), 'The report is made.')
    await press(part('The KKT'), 'Close the shift')
    await shows(part('The KKT').getByRole('status'), 'The shift is closed.')
    await shows(part('Shift 1'), 'closed')
    const href = await part('Shifts').getByRole('link', { name: 'closing' }).getAttribute('href')
    await page.goto(new URL(href ?? '', page.url()).href)
    await shows(page.locator('body'), /ОТЧЕТ О ЗАКРЫТИИ СМЕНЫ.*ПРИХОД, ЧЕКОВ 1 +=1250\.00.*ВНЕСЕНИЙ 1 +=1000\.00/s)
  })

  test.each([
    ['in the answer', '60', /Nothing tells whether the KKT has done it/],
    ['after an answer that came first', '0.05', 'Cash put in: unclear: a person has to say.'],
  ])(
    'asks a person about cash of which the KKT tells no outcome, %s, and moves it once',
    async (_when, timeout, words) => {
      const { url, part, configure, cash } = await openDay({ KKT_PRINT_TIMEOUT: timeout })
      await configure({ task_lookup_untellable: true, reply_lost: 1 })
      await cash('250.5', 'Put in')
      await shows(part('The KKT').getByRole('status'), words)
      await shows(part('Did the KKT do it?'), /Cash put in.*₽250.50/s)
      await press(part('Did the KKT do it?'), 'It was done')
      await part('Did the KKT do it?').waitFor({ state: 'detached' })
      expect(await (await fetch(`${url}/v1/kkt/tasks?kind=cash_in`)).json()).toMatchObject({
        tasks: [{ status: 'done' }],
      })
      await shows(part('Cash in the drawer'), /^Cash in the drawer\s*₽250.50/)
    },
  )

  test('tells the end of a task that the KKT is slow to do', async () => {
    const { part, configure, cash } = await openDay({ KKT_PRINT_TIMEOUT: '0.2' })
    await configure({ slow_print_seconds: 2 })
    await cash('100', 'Put in')
    await shows(part('The KKT').getByRole('status'), 'The KKT is at work on it.')
    await shows(part('The KKT').getByRole('status'), /Cash put in: done\..*Print the slip/s)
    await shows(part('Cash in the drawer'), /₽100.00/)
  })

  test('tells alerts with what to do, and leads to what they are about', async () => {
    const { page, part, configure } = await openDay()
    await shows(part('Needs attention'), 'Nothing needs attention.')
    await configure({ paper_out: true })
    await shows(part('Needs attention'), /out of paper.*Put paper in/)
    await part('Needs attention').getByRole('link', { name: 'Look' }).first().click()
    await shows(page.getByRole('heading', { level: 2 }), 'Parts')
    expect(new URL(page.url()).pathname).toBe('/')
  })

  test('is in Russian for a Russian browser, and a telephone has no need to scroll sideways', async () => {
    const { url } = await startShop({ TEST_CONTROL: 'true' })
    const { page } = await openTab(url, '/day', { locale: 'ru-RU', width: 375, height: 700 })
    await shows(page.getByRole('region', { name: 'ККТ', exact: true }), 'Открыть смену')
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(375)
  })
})
