/** A person works with a mock in a browser. */
import { describe, expect, test } from 'bun:test'
import { idOf, receipt } from '@kkt/mock-ofd/testing.ts'
import type { Locator } from 'playwright-core'
import { eventually } from '../harness/eventually.ts'
import { chromiumPath } from './chromium.ts'
import { openOdoo, openOfd, openPage, startOfd } from './mock_page.ts'
import { inChromium, press, SHOWN_WITHIN_MS, shows } from './tabs.ts'

inChromium()

const counts = (where: Locator, wanted: number) =>
  eventually(`${wanted} of them`, () => where.count(), {
    withinMs: SHOWN_WITHIN_MS,
    until: (count) => count === wanted,
  })

describe.skipIf(!chromiumPath)('the page of a mock', () => {
  test('lists earlier calls, the newest first', async () => {
    const { ofd, url } = await openOfd()
    for (const fd of [1, 2]) await ofd.post('/receipt', receipt(fd, { pos_id: `POS-${fd}` }))
    const { calls } = await openPage(url)
    await counts(calls, 2)
    expect(await calls.locator('.pos').allTextContents()).toEqual(['POS POS-2', 'POS POS-1'])
  })

  test('tells a call under way from an answered one', async () => {
    const { ofd, url } = await openOfd()
    // Long enough for a busy machine to open the page meanwhile.
    await ofd.configure({ delay: 10 })
    const sent = ofd.post('/receipt', receipt(1))
    await eventually('it to have come', () => ofd.calls(), {
      withinMs: SHOWN_WITHIN_MS,
      until: ({ length }) => length > 0,
    })
    const { calls } = await openPage(url)
    await shows(calls, /taken.*under way/)
    await sent
    await shows(calls, /taken.*200/)
    await counts(calls, 1)
  })

  test('keeps up with many calls, and lists the newest two hundred', async () => {
    const { ofd, calls, counter } = await openOfd()
    for (let fd = 1; fd <= 300; fd += 1) await ofd.post('/receipt', receipt(fd, { pos_id: `POS-${fd}` }))
    await shows(counter('receipts received'), '300')
    await counts(calls, 200)
    await shows(calls.first(), 'POS-300')
    await shows(calls.last(), 'POS-101')
  })

  test('keeps the calls that a person reads in place while others come', async () => {
    const { ofd, page, calls } = await openOfd()
    for (let fd = 1; fd <= 60; fd += 1) await ofd.post('/receipt', receipt(fd, { pos_id: `POS-${fd}` }))
    await counts(calls, 60)
    await calls.nth(40).scrollIntoViewIfNeeded()
    const read = calls.filter({ has: page.getByText('POS-20', { exact: false }) }).first()
    const before = await read.boundingBox()
    for (let fd = 61; fd <= 66; fd += 1) await ofd.post('/receipt', receipt(fd))
    await counts(calls, 66)
    expect(Math.abs(((await read.boundingBox())?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2)
  })

  test('says that it is loading until it knows the faults and the calls', async () => {
    const { ofd, page, inForce, counter } = await openOfd()
    await ofd.configure({ failure_count: 3 })
    const catalogue = Promise.withResolvers<void>()
    const listed = Promise.withResolvers<void>()
    await page.route('**/_test/faults', (route) => catalogue.promise.then(() => route.continue()))
    await page.route('**/_test/calls?*', (route) => listed.promise.then(() => route.continue()))
    await page.reload()
    // The counters are read again at the news of a configuration.
    await shows(counter('calls'), '0')
    expect(await inForce.locator('.nothing').textContent()).toBe('Loading')
    catalogue.resolve()
    await shows(inForce, /failure_count\s*times 3/)
    const calls = page.getByRole('region', { name: 'Calls' })
    expect(await calls.locator('.nothing').textContent()).toBe('Loading')
    listed.resolve()
    await shows(calls, 'None yet')
    await press(inForce, 'End failure_count')
    await shows(inForce, 'No fault: the mock works as it should.')
  })

  test('puts a switch on and ends it on its card, also one that is put on by false', async () => {
    const { ofd, card, inForce } = await openOfd()
    await press(card('deduplicate'), 'Put deduplicate on')
    await shows(card('deduplicate'), 'on')
    expect(await ofd.configure({})).toHaveProperty('deduplicate', false)
    await press(card('deduplicate'), 'End deduplicate')
    await shows(inForce, 'No fault')
    expect(await ofd.configure({})).not.toHaveProperty('deduplicate')
  })

  test('takes a fault’s parameters, and shows the JSON that asks for them', async () => {
    const { ofd, card, inForce } = await openOfd()
    const unavailable = card('unavailable')
    await unavailable.getByText('Parameters').click()
    for (const [name, value] of [
      ['retry_after', '7'],
      ['times', '3'],
      ['match.pos_id', 'POS-9'],
      ['down', ''],
      ['up', ''],
    ] as const)
      await unavailable
        .getByLabel(name, { exact: false })
        .and(unavailable.locator(`[name="${name}"]`))
        .fill(value)
    await unavailable.getByLabel('operation').selectOption('submit')
    const wanted = { retry_after: 7, operation: 'submit', match: { pos_id: 'POS-9' }, times: 3 }
    await shows(unavailable.locator('.written'), JSON.stringify({ unavailable: wanted }))
    await press(unavailable, 'Put unavailable on')
    await shows(inForce, 'retry_after 7 · operation submit · match.pos_id POS-9 · times 3')
    expect(await ofd.configure({})).toMatchObject({ unavailable: wanted })
  })

  test('shows an error at its field, and puts nothing on', async () => {
    const { ofd, card, troubles } = await openOfd()
    const delay = card('delay')
    await delay.getByText('Parameters').click()
    await delay.locator('[name=seconds]').fill('1')
    await press(delay, 'Put delay on')
    await shows(delay.getByRole('alert'), 'takes either seconds or median')
    await delay.locator('[name=median]').fill('')
    await delay.locator('[name=sigma]').fill('')
    await delay.locator('[name=probability]').fill('2')
    await press(delay, 'Put delay on')
    await shows(delay.getByRole('alert'), 'probability takes a number from 0 to 1')
    expect(await delay.locator('[aria-invalid]').getAttribute('name')).toBe('probability')
    expect(await ofd.configure({})).not.toHaveProperty('delay')
    expect(troubles.splice(0).every((trouble) => trouble.includes('422'))).toBe(true)
  })

  test('shows a configuration from elsewhere, each plan, the sequence and the seed, and ends them one by one', async () => {
    const { ofd, inForce } = await openOfd()
    await ofd.configure({
      hang: [{ match: { pos_id: 'A' } }, { match: { pos_id: 'B' } }],
      sequence: [{ failure_count: 1, calls: 2 }, { delay: 1 }],
      seed: 7,
    })
    await shows(inForce, /hang\s*match.pos_id A.*hang\s*match.pos_id B.*sequence.*then 1 more.*seed\s*7/)
    await inForce.getByRole('button', { name: 'End hang' }).first().click()
    await counts(inForce.getByRole('button', { name: 'End hang' }), 1)
    expect(await ofd.configure({})).toMatchObject({ hang: { match: { pos_id: 'B' } }, seed: 7 })
    await press(inForce, 'End all')
    await shows(inForce, 'No fault')
    expect(await ofd.configure({})).toEqual({ permanent_failure: false, failure_count: 0 })
  })

  test('drops a fault whose time to live is over', async () => {
    const { ofd, inForce } = await openOfd()
    await ofd.configure({ hang: { ttl: 0.5 } })
    await shows(inForce, /hang\s*ttl 1/)
    await shows(inForce, 'No fault')
  })

  test('a reset ends all faults and forgets all calls, here and in another window', async () => {
    const { ofd, url, page, calls, card, inForce, counter } = await openOfd()
    const other = await openPage(url)
    await press(card('hang'), 'Put hang on')
    await ofd.configure({ hang: 0, failure_count: 3 })
    await ofd.post('/receipt', receipt(1))
    await counts(other.calls, 1)
    await press(page.getByRole('banner'), 'Reset')
    await press(page.getByRole('dialog'), 'Reset')
    for (const window of [{ calls, inForce, counter }, other]) {
      await counts(window.calls, 0)
      await shows(window.inForce, 'No fault')
      await shows(window.counter('calls'), '0')
    }
    expect((await ofd.health()).call_count).toBe(0)
  })

  test('exports a state that another mock imports', async () => {
    const { ofd, page } = await openOfd()
    await ofd.post('/receipt', receipt(1))
    await ofd.configure({ effect_delay: 3 })
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Export' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('mock_ofd.json')
    const other = await openPage(await startOfd())
    const [chooser] = await Promise.all([
      other.page.waitForEvent('filechooser'),
      press(other.page.getByRole('banner'), 'Import'),
    ])
    await chooser.setFiles(await download.path())
    await shows(other.said, 'is imported')
    await shows(other.calls, idOf(1).slice(-12))
    await shows(other.inForce, /effect_delay\s*seconds 3/)
  })

  test('says why a file cannot be imported', async () => {
    const { page, said, troubles } = await openOfd()
    const file = {
      name: 'other.json',
      mimeType: 'application/json',
      buffer: Buffer.from('{"version": 1, "service": "Odoo"}'),
    }
    await page.locator('#import-file').setInputFiles(file)
    await shows(said, '/service takes OFD')
    expect(troubles.splice(0)).toHaveLength(1)
  })

  test('finds a fault by what it does', async () => {
    const { page, card } = await openOfd()
    await page.getByRole('searchbox').fill('Retry-After')
    await counts(page.locator('.card:visible'), 3)
    await page.getByRole('searchbox').fill('half open')
    await counts(page.locator('.card:visible'), 1)
    await card('half_open').waitFor()
  })

  test('marks a receipt in which something is wrong, and says what', async () => {
    const { ofd, calls, card } = await openOfd()
    await ofd.post('/receipt', receipt(1))
    await ofd.post('/receipt', receipt(2, { total: 202 }))
    await shows(calls.first(), '3 wrong')
    expect(await calls.last().textContent()).not.toContain('wrong')
    await calls.first().locator('summary').click()
    await shows(calls.first(), 'tag 1020 /total is above the sum of the items, 201.00')
    await press(card('judge'), 'Put judge on')
    await ofd.post('/receipt', receipt(3, { total: 202 }))
    await shows(calls.first(), /judge · 3 wrong.*422/)
    expect(await ofd.configure({})).toHaveProperty('judge', 'strict')
  })

  test('shows foreign markup as text', async () => {
    const { odoo, calls, page, troubles } = await openOdoo()
    const hostile = '<img src=x onerror=alert(1)><b>KKT</b>'
    await odoo.post('/kkt/heartbeat', { kkt_id: hostile, status: 'online', buffer_fullness: 0, note: '<script>' })
    await shows(calls, hostile)
    await calls.locator('summary').click()
    await shows(calls, /Sent.*<script>.*In the ledger/s)
    expect(await page.locator('img, b').count()).toBe(0)
    const asMarkup = `document.body.insertAdjacentHTML('beforeend', '<b>KKT</b>')`
    await expect(page.evaluate(asMarkup)).rejects.toThrow('TrustedHTML')
    expect(troubles.splice(0)).toHaveLength(1)
  })
})
