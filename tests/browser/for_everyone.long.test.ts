/** The page of a mock works on a phone, by keyboard, with a screen reader, by day and by night. */
import { describe, expect, test } from 'bun:test'
import { receipt } from '@kkt/mock-ofd/testing.ts'
import { wrongByAxe } from './axe.ts'
import { chromiumPath } from './chromium.ts'
import contrast from './contrast.js' with { type: 'text' }
import { openOfd } from './mock_page.ts'
import { inChromium } from './tabs.ts'

inChromium()

const PHONE = { width: 360, height: 740 }
const LONG = 'TILL_WITH_THE_LONGEST_NAME_THAT_A_RECEIPT_MAY_HAVE_0123456789_01'

/** By how much the two lists overflow. */
const BEYOND_THE_EDGE = `['#calls ol', '#faults ul'].map((one) => document.querySelector(one)).map(
  ({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)`

/** The texts in calls that are cut off, or stand outside their card. */
const CUT_OFF = `[...document.querySelectorAll('#calls summary')].flatMap((card) => {
  const { left, right } = card.getBoundingClientRect()
  return [...card.children].filter((one) => {
    const edges = one.getBoundingClientRect()
    return one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 || edges.left < left || edges.right > right
  }).map(({ textContent }) => textContent)
})`

const CARDS = `[...document.querySelectorAll('#calls li')].map((one) => {
  const { borderTopWidth, borderRightWidth, borderBottomWidth, borderLeftWidth } = getComputedStyle(one)
  return [borderTopWidth, borderRightWidth, borderBottomWidth, borderLeftWidth].join(' ')
})`

/** A page with calls and faults, everything unfolded. */
async function openBusy(view: Parameters<typeof openOfd>[0]) {
  const opened = await openOfd(view)
  const { ofd, page, calls, inForce } = opened
  await ofd.configure({ effect_then_error: 1 })
  await ofd.post('/receipt', receipt(1, { pos_id: LONG }))
  await ofd.post('/receipt', {})
  await ofd.configure({
    refuse: { status: 422, match: { pos_id: LONG, receipt_id: receipt(1).receipt_id } },
    hang: { ttl: 600 },
    sequence: [{ delay: { median: 0.2, sigma: 0.5 }, calls: 2 }, { failure_count: 1 }],
  })
  await inForce.getByText('sequence').waitFor()
  await calls.nth(1).waitFor()
  await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`)
  await calls.getByText('In the ledger').waitFor()
  return opened
}

describe.skipIf(!chromiumPath)('the page of a mock', () => {
  test.each([PHONE, { width: 768, height: 1024 }, { width: 1280, height: 800 }, { width: 1800, height: 900 }])(
    'fits a width of %p with everything unfolded',
    async (view) => {
      const { page } = await openBusy(view)
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(view.width)
      expect(await page.evaluate<number[]>(BEYOND_THE_EDGE)).toEqual([0, 0])
    },
  )

  test('makes each call a whole card on a phone', async () => {
    const { page } = await openBusy(PHONE)
    expect(await page.locator('.columns').isVisible()).toBe(false)
    expect(await page.evaluate<string[]>(CUT_OFF)).toEqual([])
    const cards = await page.evaluate<string[]>(CARDS)
    expect(new Set(cards)).toEqual(new Set(['1px 1px 1px 1px']))
    expect(await page.locator('.label:visible').allTextContents()).toContain('KKT')
  })

  test('shows dialogs that fit a phone', async () => {
    const { page } = await openOfd(PHONE)
    const fits = `document.documentElement.scrollWidth <= 360 &&
      document.querySelector('dialog[open]').getBoundingClientRect().right <= 360`
    await page.evaluate(`Object.defineProperty(navigator, 'clipboard', { value: undefined })`)
    for (const button of ['Reset', 'Copy failure_count as curl']) {
      await page.getByRole('button', { name: button, exact: true }).click()
      expect(await page.evaluate<boolean>(fits)).toBe(true)
      await page.keyboard.press('Escape')
    }
  })

  test.each(['light', 'dark'] as const)('is without fault for axe, and readable, in %s', async (colorScheme) => {
    const { page } = await openBusy({ ...PHONE, colorScheme })
    expect(await wrongByAxe(page)).toEqual([])
    expect(await page.evaluate<string[]>(contrast)).toEqual([])
  })

  test('names everything that can be pressed or filled in', async () => {
    const { page } = await openBusy(PHONE)
    const heard = await page.locator('body').ariaSnapshot()
    expect(heard).toContain('- button "Put delay on"')
    expect(heard).toContain('- heading "In force" [level=2]')
    expect(heard).not.toMatch(/^\s*- (button|link|textbox|searchbox|spinbutton|combobox)(:|$| \[)/m)
  })

  test('works by keyboard, and keeps the focus', async () => {
    const { ofd, page, inForce, calls } = await openOfd()
    const standsOn = () =>
      page.evaluate<string>('document.activeElement.getAttribute("aria-label") ?? document.activeElement.id')
    await page.getByRole('button', { name: 'Put failure_count on' }).press('Enter')
    const end = inForce.getByRole('button', { name: 'End failure_count' })
    await end.focus()
    await ofd.post('/receipt', receipt(1))
    await inForce.getByText('times 4').waitFor()
    expect(await standsOn()).toBe('End failure_count')
    await calls.locator('summary').press('Enter')
    await calls.getByText('OFD unavailable').waitFor()
    await end.press('Enter')
    await inForce.getByText('No fault').waitFor()
    expect(await standsOn()).toBe('in-force-title')
  })

  test('announces each action', async () => {
    const { page, card } = await openOfd()
    await card('hang').getByRole('button', { name: 'Put hang on' }).click()
    await page.getByRole('status').filter({ hasText: 'hang is on' }).waitFor()
    await card('hang').getByRole('button', { name: 'End hang' }).click()
    await page.getByRole('status').filter({ hasText: 'hang is ended' }).waitFor()
  })
})
