/** The adapter's page where the register hands its documents to the OFD by itself. */
import { afterAll, describe, expect, test } from 'bun:test'
import { ACCOUNT, startRegister, stopServices } from '../process/register_service.ts'
import { soon } from '../process/tills.ts'
import { inChromiumWithShops, openShop } from './adapter_page.ts'
import { chromiumPath } from './chromium.ts'
import { press, shows } from './tabs.ts'

inChromiumWithShops()
afterAll(stopServices)

async function openOnRegister() {
  const { url, register } = await startRegister()
  const settings = {
    KKT_MODE: 'atol',
    KKT_URL: url,
    KKT_LOGIN: ACCOUNT.login,
    KKT_PASSWORD: ACCOUNT.password,
    TAXATION_SYSTEM: 'osn',
    CASHIER_NAME: 'Иванова А. А.',
    // The register is asked at the start and when the page says so.
    SYNC_INTERVAL: '3600',
  }
  return { register, ...(await openShop({ height: 1400 }, settings)) }
}

describe.skipIf(!chromiumPath)('the page of an adapter whose register delivers by itself', () => {
  test('has neither a breaker nor dead letters, and says for how long the OFD has not confirmed', async () => {
    const { page, flow, dlq, breaker, sell, register } = await openOnRegister()
    const delivery = page.getByRole('region', { name: 'Delivery to the OFD' })
    await sell()
    await delivery.getByText('1 pending').waitFor()
    await delivery.getByText('Days until the FN signs nothing more').waitFor()
    await flow.getByText('In the FN').waitFor()
    for (const absent of [dlq, breaker, flow.getByText('Dead letters')]) expect(await absent.count()).toBe(0)
    const { fnNumber, lastFdNumber } = register.state()
    register.confirmThrough(fnNumber, lastFdNumber)
    await press(delivery, 'Ask the KKT now')
    await delivery.getByText('0 pending').waitFor()
    await delivery.getByText('1 receipt sent, 0 remain.').waitFor()
  })

  test('switches the mock OFD off and on, and has no faults of a mock KKT', async () => {
    const { tryIt, ofd } = await openOnRegister()
    await press(tryIt, 'Switch the OFD off')
    await shows(tryIt, 'The OFD is switched off.')
    // The page shows what was asked for, and the mock has it a moment later.
    await soon('the OFD to be off', ofd.configuration, ({ permanent_failure: isOff }) => isOff === true)
    await press(tryIt, 'Switch the OFD on')
    await shows(tryIt, 'Switch the OFD off')
    expect(await tryIt.getByRole('group').allTextContents()).toEqual([expect.stringMatching(/^The OFD/)])
  })
})
