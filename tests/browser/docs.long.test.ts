/** The page that shows a service's API. An error on the page, its policy's included, fails a test. */
import { describe, expect, test } from 'bun:test'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { chromiumPath } from './chromium.ts'
import contrast from './contrast.js' with { type: 'text' }
import { openDocs } from './mock_page.ts'
import { inChromium, press, shows } from './tabs.ts'

inChromium()

const runs = promisify(execFile)
const SELL = '/v1/kkt/receipt'
const OPEN_EVERYTHING = `for (const one of document.querySelectorAll('details')) one.open = true`

describe.skipIf(!chromiumPath)('the page of an API', () => {
  test.each([
    ['adapter', 'KKT adapter API', 'GET/v1/health'],
    ['ofd', 'Mock OFD API', 'POST/ofd/v1/receipt'],
    ['odoo', 'Mock Odoo API', 'POST/api/v1/kkt/heartbeat'],
  ] as const)('lists the routes of the %s', async (which, title, route) => {
    const { page } = await openDocs(which)
    expect(await page.title()).toBe(title)
    const listed = await page.locator('details.route > summary').allTextContents()
    expect(listed.filter((text) => text.startsWith(route))).toHaveLength(1)
  })

  test('shows the limits of a field, the codes of an answer, and a line that sells when it is run', async () => {
    const { page, route } = await openDocs('adapter')
    const sell = route(SELL)
    await sell.locator('summary').first().press('Enter')
    await sell
      .locator('.field', { hasText: /^items/ })
      .locator('summary')
      .first()
      .click()
    await shows(sell.locator('.field'), /^price\s*number.*in roubles, with 2 decimals at most.*0 to 42949672\.95/s)
    await shows(sell.locator('.answer'), /^503.*buffer_full.*Retry-After/s)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await press(sell, 'Copy A refund with a gift')
    await shows(page.locator('#said'), 'the curl line of A refund with a gift is copied')
    const line = await page.evaluate<string>('navigator.clipboard.readText()')
    const { stdout } = await runs('sh', ['-c', line])
    expect(JSON.parse(stdout)).toMatchObject({ status: 'printed' })
  })

  test('opens the route that a link names, and finds routes by a word', async () => {
    const { page, route } = await openDocs('adapter', {}, '#get-v1-kkt-receipts')
    await route('/v1/kkt/receipts').getByRole('heading', { name: 'Answers' }).waitFor()
    await page.getByRole('searchbox').fill('dead letter')
    await shows(page.locator('#said'), /^4 of \d+ routes$/)
    expect(await page.locator('details.route:visible').count()).toBe(4)
  })

  test('shows the API although a link to it is malformed', async () => {
    const { page } = await openDocs('ofd', {}, '#%')
    await page.getByRole('heading', { name: 'Problems' }).waitFor()
    expect(await page.locator('#said').textContent()).toBe('')
  })

  test.each(['light', 'dark'] as const)(
    'fits a phone and is readable with everything open, %s',
    async (colorScheme) => {
      const { page } = await openDocs('adapter', { width: 390, height: 844, colorScheme })
      await page.getByRole('button', { name: 'Open all' }).click()
      await page.getByRole('button', { name: 'Close all' }).waitFor()
      await page.locator('details.route .answer').first().waitFor()
      await page.evaluate(OPEN_EVERYTHING)
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390)
      expect(await page.evaluate<string[]>(contrast)).toEqual([])
    },
  )
})
