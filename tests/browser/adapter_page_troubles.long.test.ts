/** A person settles dead letters, runs out of paper, loses the adapter, and has several pages open, all in a browser. */
import { describe, expect, test } from 'bun:test'
import { eventually } from '../harness/eventually.ts'
import { inChromiumWithShops, openShop, openShopPage, tells } from './adapter_page.ts'
import { chromiumPath } from './chromium.ts'
import { press, SHOWN_WITHIN_MS, shows } from './tabs.ts'

inChromiumWithShops()

/** From the receipt's answer, delivery to the OFD included. */
const TOLD_WITHIN_MS = 1000

describe.skipIf(!chromiumPath)('the page of the adapter', () => {
  test('says why a receipt is a dead letter, requeues one and closes another with a reason', async () => {
    const { page, ofd, dlq, alerts, audit, tryIt, flow, rows } = await openShop({}, { CIRCUIT_BREAKER_THRESHOLD: '5' })
    await ofd.configure({ refuse: { status: 422, share: 1 } })
    await press(tryIt, 'Post a sample receipt')
    await press(tryIt, 'Post a sample receipt')
    await shows(alerts, '2 receipts refused by the OFD. Read each reason.')
    await shows(dlq, /refused by the OFD.*the OFD answered 422/)
    await ofd.configure({ refuse: null })
    // The second click of a double click does nothing.
    await dlq.getByRole('button', { name: 'Requeue 3', exact: true }).dblclick()
    await shows(dlq.getByRole('status'), '1 receipt requeued.')
    await tells(flow, /1 synced, Dead letters: 1/)
    await dlq.getByRole('button', { name: 'Close 4', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Close this dead letter' })
    // Without a reason the form stays.
    await press(dialog, 'Close')
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('refunded as document 12')
    await press(dialog, 'Close')
    await shows(dlq, 'None: the OFD refused no receipt.')
    await shows(audit.getByRole('row'), /dead letter → closed.*refunded as document 12/)
    await page.getByRole('combobox', { name: 'Status' }).selectOption('closed')
    await eventually('one row', () => rows.count(), { withinMs: SHOWN_WITHIN_MS, until: (count) => count === 1 })
  })

  test('has the KKT run out of paper, and says what to do', async () => {
    const { tryIt, alerts } = await openShop({}, { KKT_PRINT_TIMEOUT: '0.5' })
    await tryIt.getByRole('checkbox', { name: 'Out of paper' }).check()
    await press(tryIt, 'Post a sample receipt')
    await shows(alerts, /1 receipt fiscalised, and not on paper. Put paper in/)
    await press(tryIt, 'End the KKT’s faults')
    await shows(alerts, 'Nothing needs attention.')
  })

  test('shows where the adapter stands again after it was killed and started', async () => {
    const { page, flow, alerts, sell, crash, startAgain, troubles } = await openShop()
    await sell()
    await tells(flow, /1 synced/)
    await crash()
    await shows(page.locator('#connection'), 'not reached, trying again')
    const lost = page.getByRole('alert')
    await shows(lost, /The adapter is not reached\. See that it runs/)
    await page.getByText('Nothing needs attention.').waitFor({ state: 'detached' })
    await shows(page.locator('header'), /^(?!.*(healthy|degraded))/s)
    // The last that is known stays.
    await tells(flow, /1 synced/)
    await startAgain()
    await shows(page.locator('#connection'), /^live$/)
    await shows(alerts, 'Nothing needs attention.')
    expect(await lost.count()).toBe(0)
    await sell()
    await tells(flow, /2 synced/)
    expect(troubles.splice(0).filter((trouble) => !trouble.includes('net::ERR_'))).toEqual([])
  })

  test('tells a receipt of another till within a second, to each page that is open', async () => {
    const shop = await openShop()
    const { url, flow, sell } = shop
    const other = await openShopPage(url)
    const tookMs: number[] = []
    for (let count = 1; count <= 3; count += 1) {
      const seen = [flow, other.flow].map((one) => tells(one, new RegExp(`${count} synced`)))
      await sell()
      const startedMs = performance.now()
      await Promise.all(seen)
      tookMs.push(performance.now() - startedMs)
    }
    // The lists are read again, too.
    for (const { rows } of [shop, other]) await shows(rows.nth(2), /POS-001.*synced/)
    // The quickest, because this machine may be busy.
    expect(Math.min(...tookMs)).toBeLessThan(TOLD_WITHIN_MS)
  })
})
