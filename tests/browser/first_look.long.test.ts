/** A person's first steps with a mock in a browser. The other files here have the rest. */
import { describe, expect, test } from 'bun:test'
import { receipt } from '@kkt/mock-ofd/testing.ts'
import { chromiumPath } from './chromium.ts'
import { openOfd } from './mock_page.ts'
import { inChromium, press, shows } from './tabs.ts'

inChromium()

describe.skipIf(!chromiumPath)('the page of a mock', () => {
  test('lists a receipt as soon as it arrives, and shows its content', async () => {
    const { ofd, page, calls, counter } = await openOfd()
    await shows(page.getByRole('region', { name: 'Calls' }), 'None yet')
    await ofd.post('/receipt', receipt(1))
    await shows(calls, /submit.*POS-001.*taken.*200/)
    await shows(counter('receipts received'), '1')
    await calls.locator('summary').click()
    await shows(calls, /call 1 .*Ivan’s glasses.*In the ledger.*OFD-000001/s)
  })

  test('puts a fault on with one press, shows its strike and what is left of it, and ends it', async () => {
    const { ofd, calls, card, inForce, page } = await openOfd()
    await shows(inForce, 'No fault: the mock works as it should.')
    await press(card('failure_count'), 'Put failure_count on')
    await shows(inForce, /failure_count\s*times 5/)
    expect((await ofd.post('/receipt', receipt(1))).status).toBe(503)
    await shows(calls, /failure_count.*not taken.*503/)
    await shows(inForce, /failure_count\s*times 4/)
    expect(await page.title()).toBe('(1) Mock OFD')
    await press(inForce, 'End failure_count')
    await shows(inForce, 'No fault: the mock works as it should.')
    expect((await ofd.post('/receipt', receipt(2))).status).toBe(200)
  })

  test('reconnects after the port was closed for a while', async () => {
    const { ofd, page, calls, card, troubles } = await openOfd()
    const away = card('refuse_to_accept')
    await away.getByText('Parameters').click()
    await away.locator('[name=seconds]').fill('0.5')
    await press(away, 'Put refuse_to_accept on')
    const connection = page.locator('#connection')
    await shows(connection, 'not reached, trying again')
    await shows(connection, 'live')
    await ofd.post('/receipt', receipt(1))
    await shows(calls, 'POS-001')
    expect(troubles.splice(0).every((trouble) => trouble.includes('net::ERR_'))).toBe(true)
  })
})
