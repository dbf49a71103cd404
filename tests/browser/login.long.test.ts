/** The pages of an adapter that has tokens ask for one. */
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { writeFileSync } from 'node:fs'
import { lineFor, newToken } from '@kkt/adapter/src/access/tokens.ts'
import { newFolder } from '@kkt/platform/testing.ts'
import { inChromiumWithShops, startShop } from './adapter_page.ts'
import { wrongByAxe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import contrast from './contrast.js' with { type: 'text' }
import { openTab, shows, type View, whenOver } from './tabs.ts'

inChromiumWithShops()
/** Three pages, one after another, on a busy machine. */
setDefaultTimeout(40_000)

const PHONE = { width: 390, height: 800 }

async function startGuardedShop() {
  const folder = newFolder('tokens')
  const [office, till] = [newToken(), newToken()]
  const path = `${folder}/tokens`
  const tillLine = lineFor(till, ['till-1', 'till', 'POS-001'])
  const write = (...lines: string[]) => writeFileSync(path, lines.join('\n'))
  write(lineFor(office, ['office', 'operator']), tillLine)
  const shop = await startShop({ API_TOKENS_FILE: path }, whenOver)
  return { ...shop, office, till, takeOutOffice: () => write(tillLine) }
}

async function openLogin(url: string, view: View = {}, path = '/') {
  const { page, troubles } = await openTab(url, path, view)
  // Browsers report each answer of 4xx.
  whenOver(() => void expect(troubles.splice(0).filter((one) => !/status of 40[13]/.test(one))).toEqual([]))
  const form = page.locator('#login')
  await form.waitFor()
  const enter = async (token: string) => {
    await form.locator('input').fill(token)
    await form.getByRole('button').click()
  }
  return { page, form, enter }
}

describe.skipIf(!chromiumPath)('a page without a token', () => {
  test('shows a form, tells a wrong token plainly, and opens with an operator’s', async () => {
    const { url, office, till } = await startGuardedShop()
    const { page, form, enter } = await openLogin(url)
    expect(await page.locator('svg.flow').count()).toBe(0)
    await enter('kkt_wrong')
    await shows(form.getByRole('alert'), 'The adapter knows no such token. Check that it is whole.')
    await enter(till)
    await shows(form.getByRole('alert'), 'This token is not an operator')
    await enter(office)
    await page.locator('svg.flow').waitFor()
    await shows(page.locator('#parts'), '2 tokens')
    await shows(page.locator('#connection'), 'live')
    expect(await page.evaluate<string>('document.cookie')).toBe('')
    await page.getByRole('button', { name: 'Post a sample receipt' }).click()
    await shows(page.locator('#audit tbody'), 'office 127.0.0.1')
    await page.getByRole('button', { name: 'Log out' }).click()
    await form.waitFor()
  })

  test('is left at once when its token is taken out', async () => {
    const { url, office, takeOutOffice } = await startGuardedShop()
    const { page, form, enter } = await openLogin(url)
    await enter(office)
    await page.locator('svg.flow').waitFor()
    takeOutOffice()
    await form.waitFor()
  })

  test('speaks Russian too, on a receipt’s page as well, by day and by night, without fault for axe', async () => {
    const { url } = await startGuardedShop()
    for (const view of [
      { ...PHONE, colorScheme: 'dark', locale: 'ru-RU' },
      { ...PHONE, colorScheme: 'light', locale: 'en-GB' },
    ] as const) {
      const { page, form, enter } = await openLogin(url, view, '/receipts/01a20425-88ce-7000-be2d-76eab0eb441e')
      await enter('kkt_wrong')
      const isRussian = view.locale === 'ru-RU'
      await shows(form.getByRole('alert'), isRussian ? 'Адаптер не знает такого токена' : 'knows no such token')
      expect(await wrongByAxe(page)).toEqual([])
      expect(await page.evaluate<string[]>(contrast)).toEqual([])
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(view.width)
    }
  })
})
