/** A person watches the adapter, loses the OFD and has it back, all in a browser. */
import { describe, expect, test } from 'bun:test'
import { inChromiumWithShops, openShop, tells } from './adapter_page.ts'
import { chromiumPath } from './chromium.ts'
import { press, shows } from './tabs.ts'

inChromiumWithShops()

describe.skipIf(!chromiumPath)('the page of the adapter', () => {
  test('posts a sample receipt, shows it synced, and opens it with all that happened to it', async () => {
    const { page, tryIt, rows, flow } = await openShop()
    await press(tryIt, 'Post a sample receipt')
    await shows(tryIt.getByRole('status'), 'Receipt printed successfully')
    await shows(rows, /PAGE-1.*synced/)
    await tells(flow, /1 synced/)
    await tryIt.getByRole('link', { name: 'See it' }).click()
    await shows(page.getByRole('heading', { level: 2 }), /PAGE-1 synced/)
    const steps = page.getByRole('region', { name: 'What happened' }).getByRole('listitem')
    await steps.nth(4).waitFor()
    expect(await steps.allInnerTexts()).toEqual([
      expect.stringContaining('accepted from the till'),
      expect.stringContaining('accepted → printing'),
      expect.stringContaining('printing → pending'),
      expect.stringContaining('pending → syncing'),
      expect.stringContaining('syncing → synced'),
    ])
    await shows(page.getByRole('region', { name: 'Fiscal document' }), 'OFD-000001')
  })

  test('switches the OFD off, shows the breaker open and the buffer fill, and all drain once it is on again', async () => {
    const { tryIt, flow, alerts, breaker, rows } = await openShop({}, { BUFFER_MAX_SIZE: '6' })
    await shows(alerts, 'Nothing needs attention.')
    await press(tryIt, 'Switch the OFD off')
    await shows(tryIt, 'The OFD is switched off.')
    await tryIt.getByRole('combobox').selectOption('5')
    await press(tryIt, 'Post a sample receipt')
    await shows(tryIt, '5 receipts posted.')
    await shows(breaker, 'open: nothing is sent')
    await shows(alerts, /The OFD fails, so nothing is sent to it.*503.*Look at the network/)
    await tells(flow, /5 pending, 0 syncing, 0 synced/)
    await shows(alerts, /The buffer is 83.3 % full: 5 of 6 receipts/)
    await flow.locator('.node.warn', { hasText: 'Buffer' }).waitFor()
    await shows(rows.last(), /pending.*503/)
    await press(tryIt, 'Switch the OFD on')
    await tells(flow, /0 pending, 0 syncing, 5 synced/)
    await shows(breaker, 'closed: receipts go through')
    await shows(alerts, 'Nothing needs attention.')
  })
})
