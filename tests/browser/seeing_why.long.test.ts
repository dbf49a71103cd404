/** A mock's page says why a call went as it did, and passes on the faults in force. */
import { describe, expect, test } from 'bun:test'
import { idOf, receipt } from '@kkt/mock-ofd/testing.ts'
import type { Page } from 'playwright-core'
import { eventually } from '../harness/eventually.ts'
import { chromiumPath } from './chromium.ts'
import { openOdoo, openOfd } from './mock_page.ts'
import { inChromium, SHOWN_WITHIN_MS } from './tabs.ts'

inChromium()

const heartbeat = { kkt_id: 'KKT-001', status: 'online', buffer_fullness: 0 }
const clipboardOf = async (page: Page) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  return () => page.evaluate<string>('navigator.clipboard.readText()')
}

describe.skipIf(!chromiumPath)('a call on the page of a mock', () => {
  test('opens to its request, its answer, and the work of the fault that struck it', async () => {
    const { ofd, calls } = await openOfd()
    await ofd.configure({ effect_then_error: 1 })
    await ofd.post('/receipt', receipt(1))
    await calls.locator('summary').click()
    const part = (name: string) => calls.getByRole('region', { name })
    await part('Why').getByText('effect_then_error The document is taken').waitFor()
    await part('Sent').getByText('Ivan’s glasses').waitFor()
    await part('Answered').getByText('OFD failed after taking it').waitFor()
    await part('In the ledger').getByText('"ofd_id": "OFD-000001"').waitFor()
    await calls
      .getByText(`receipt ${idOf(1)}`, { exact: false })
      .first()
      .waitFor()
  })

  test('without a fault says so, and gives its own reason', async () => {
    const { ofd, calls } = await openOfd()
    for (const body of [receipt(1), receipt(1), { receipt_id: idOf(9) }]) await ofd.post('/receipt', body)
    await ofd.get(`/receipt/${idOf(1)}`)
    await calls.nth(3).waitFor()
    for (const summary of await calls.locator('summary').all()) await summary.click()
    await calls.nth(0).getByText('No body.').waitFor()
    await calls.nth(1).getByText('It was refused for what it says').waitFor()
    await calls.nth(1).getByText('invalid_body').waitFor()
    await calls.nth(2).getByText('It was known already').waitFor()
    await calls.nth(3).getByText('No fault struck.', { exact: true }).waitFor()
  })

  test('shows the beginning of a long body, and its length', async () => {
    const { ofd, calls } = await openOfd()
    await ofd.post('/receipt', receipt(1, { note: 'x'.repeat(5000) }))
    await calls.locator('summary').click()
    const { length } = JSON.stringify(receipt(1, { note: 'x'.repeat(5000) }))
    await calls.getByText(`The first 4096 of ${length} characters.`).waitFor()
  })

  test('stays open and keeps the focus when it is answered meanwhile', async () => {
    const { ofd, page, calls } = await openOfd()
    await ofd.configure({ delay: 3 })
    const sent = ofd.post('/receipt', receipt(1))
    await eventually('it to have come', () => ofd.calls(), {
      withinMs: SHOWN_WITHIN_MS,
      until: ({ length }) => length > 0,
    })
    await page.reload()
    await calls.locator('summary').press('Enter')
    await calls.getByText('delay').nth(1).waitFor()
    await calls.getByRole('region', { name: 'Answered' }).getByText('Nothing.').waitFor()
    await sent
    await calls.getByRole('region', { name: 'Answered' }).getByText('"accepted"').waitFor()
    expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('SUMMARY')
  })

  test('has its POS and its KKT in columns below their names', async () => {
    const { ofd, page, calls } = await openOfd()
    await ofd.configure({ reset_after_effect: { match: { pos_id: 'POS-002' } } })
    await ofd.post('/receipt', receipt(1, { pos_id: 'POS-001', kkt_id: 'KKT-7' }))
    await ofd.post('/receipt', receipt(2, { pos_id: 'POS-002' })).catch(() => undefined)
    await calls.nth(1).waitFor()
    expect(await page.locator('.columns span').allTextContents()).toEqual([
      'time',
      'call',
      'POS',
      'KKT',
      'receipt',
      'attempt',
      'fault',
      'effect',
      'answer',
    ])
    for (const name of ['pos', 'kkt', 'id', 'fault']) {
      const edges = await page.evaluate<number[]>(
        `[...document.querySelectorAll('.columns .${name}, summary .${name}')].map((one) => Math.round(one.getBoundingClientRect().x))`,
      )
      expect([name, edges.length, new Set(edges).size]).toEqual([name, 3, 1])
    }
    expect(await calls.locator('.pos').allTextContents()).toEqual(['POS POS-002', 'POS POS-001'])
    expect(await calls.last().locator('.kkt').textContent()).toBe('KKT KKT-7')
  })

  test('that is a heartbeat has no attempt and no till', async () => {
    const { odoo, page, calls } = await openOdoo()
    for (const _ of [1, 2, 3]) await odoo.post('/kkt/heartbeat', heartbeat)
    await calls.nth(2).waitFor()
    expect(await calls.first().locator('.attempt').textContent()).toBe('')
    expect(await page.locator('.columns span:visible').allTextContents()).toEqual([
      'time',
      'call',
      'KKT',
      'fault',
      'effect',
      'answer',
    ])
    await calls.first().locator('summary').click()
    await calls.first().getByText('"buffer_fullness": 0').first().waitFor()
  })
})

describe.skipIf(!chromiumPath)('the page of a mock', () => {
  test('shows each count once', async () => {
    const names = (page: Page) => page.locator('#counters dt:visible').allTextContents()
    const { page: ofd, counter } = await openOfd()
    await counter('calls').waitFor()
    expect(await names(ofd)).toContain('submits')
    expect(await names(ofd)).not.toContain('call count')
    const odoo = await openOdoo()
    await odoo.counter('calls').waitFor()
    expect(await names(odoo.page)).toEqual(['calls', 'heartbeat count', 'last heartbeat'])
  })

  test('asks before a reset, and the keyboard can answer', async () => {
    const { ofd, page, calls } = await openOfd()
    await ofd.post('/receipt', receipt(1))
    await calls.first().waitFor()
    const question = page.getByRole('dialog', { name: 'Reset the mock OFD?' })
    const standsOn = () => page.evaluate<string>('document.activeElement.id')
    for (const answer of ['Escape', 'Enter']) {
      await page.getByRole('button', { name: 'Reset', exact: true }).press('Enter')
      await question.waitFor()
      expect(await standsOn()).toBe('confirm-no')
      await page.keyboard.press(answer)
      await question.waitFor({ state: 'hidden' })
      expect([await standsOn(), (await ofd.health()).receipts_received]).toEqual(['reset', 1])
    }
    await page.getByRole('button', { name: 'Reset', exact: true }).press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Reset: no fault is on').waitFor()
    expect((await ofd.health()).receipts_received).toBe(0)
  })

  test('copies a fault in force as a line for the shell, with all its plans', async () => {
    const { ofd, url, page, inForce } = await openOfd()
    const clipboard = await clipboardOf(page)
    const hang = [{ match: { pos_id: "O'Hara" } }, { after: 2, times: 1 }]
    await ofd.configure({ hang, failure_count: 2, sequence: [{ delay: 1 }], seed: 7 })
    for (const [name, json] of [
      ['hang', JSON.stringify({ hang }).replace("'", "'\\''")],
      ['failure_count', '{"failure_count":2}'],
      ['sequence', '{"sequence":[{"delay":1}]}'],
      ['seed', '{"seed":7}'],
    ]) {
      await inForce
        .getByRole('button', { name: `Copy ${name} as curl` })
        .first()
        .click()
      await page.getByText(`the curl line of ${name} is copied`).waitFor()
      expect(await clipboard()).toBe(`curl -sS '${url}/ofd/v1/_test/config' -d '${json}'`)
    }
  })

  test('copies a form’s fault before it is put on', async () => {
    const { ofd, url, page, card } = await openOfd()
    const clipboard = await clipboardOf(page)
    await card('unavailable').getByText('Parameters').click()
    for (const name of ['down', 'up']) await card('unavailable').locator(`[name=${name}]`).fill('')
    await card('unavailable').locator('[name=times]').fill('3')
    await page.getByRole('button', { name: 'Copy unavailable as curl' }).click()
    await page.getByText('the curl line of unavailable is copied').waitFor()
    const line = `curl -sS '${url}/ofd/v1/_test/config' -d '{"unavailable":{"retry_after":2,"times":3}}'`
    expect(await clipboard()).toBe(line)
    expect(await ofd.configuration()).not.toHaveProperty('unavailable')
  })

  test('shows the line, selected, where there is no clipboard', async () => {
    const { url, page } = await openOfd()
    await page.evaluate(`Object.defineProperty(navigator, 'clipboard', { value: undefined })`)
    await page.getByRole('button', { name: 'Copy hang as curl' }).press('Enter')
    await page.getByRole('dialog', { name: 'Copy this line' }).waitFor()
    expect(await page.evaluate<string>('getSelection().toString()')).toBe(
      `curl -sS '${url}/ofd/v1/_test/config' -d '{"hang":{"times":2}}'`,
    )
    await page.keyboard.press('Escape')
    expect(await page.evaluate<string>('document.activeElement.getAttribute("aria-label")')).toBe('Copy hang as curl')
  })
})
