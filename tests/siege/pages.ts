/** Hostile texts in each place that a page shows, looked at in a real browser. */
import { receipt as ofdReceipt } from '@kkt/mock-ofd/testing.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'
import { launchChromium } from '../browser/chromium.ts'
import { eventually } from '../harness/eventually.ts'
import { type Answer, at, expectBody } from '../harness/http.ts'
import { item, receipt } from '../harness/receipts.ts'
import { dlqList, receiptAnswer } from '../harness/wire.ts'
import { openHostileOfd, REFUSED_TILL } from './hostile_ofd.ts'
import { Tally } from './tally.ts'

const WITHIN_MS = 15_000
/** Longer than the page's lists take to be read again after a change. */
const ANSWER_MS = 20_000

/** An element that a text has brought in would have this attribute, and a script would set this name of the window. */
const MARK = 'data-siege'
const FLAG = 'siege_ran'

/** Hostile texts of up to 128 characters. `MARK` and `FLAG` tell whether one of them became more than text. */
export const TEXTS: readonly string[] = [
  `<img ${MARK} src=x onerror=${FLAG}=1>`,
  `<script ${MARK}>${FLAG}=1</script>`,
  `"><svg ${MARK} onload=${FLAG}=1>`,
  `'-(${FLAG}=1)-'`,
  `javascript:${FLAG}=1`,
  `</title></textarea></pre><b ${MARK}>`,
  `<iframe ${MARK} srcdoc="<script>parent.${FLAG}=1</script>">`,
  `{{constructor.constructor('${FLAG}=1')()}}`,
  `]]></text></svg><a ${MARK} href=javascript:${FLAG}=1>`,
  `<!--<style ${MARK}>*{display:none}`,
]

/** The OFD repeats nothing of a receipt, so this text has no word of those above. */
const OFD_WORDS = `<u ${MARK}-2 onfocus=siege_ran=1 autofocus tabindex=1>`

type Started = { url: string }
type Ground = {
  chromium: string
  clock: Clock
  /** Starts an adapter that delivers to this OFD. */
  startAdapter: (ofdUrl: string) => Promise<Started>
  /** Starts a mock OFD. */
  startOfd: () => Promise<Started>
}

/** Sells with hostile texts, and opens each page that shows one. */
export async function attackPages({ chromium, clock, startAdapter, startOfd }: Ground): Promise<Tally> {
  const tally = new Tally('hostile text on pages')
  const ofd = await openHostileOfd(OFD_WORDS)
  const browser = await launchChromium(chromium)
  try {
    const [adapter, mock] = await Promise.all([startAdapter(ofd.url), startOfd()])
    const ids = await sellHostileThings(adapter.url, tally, clock)
    await sendHostileThings(mock.url, tally)
    const looked = await lookAt(browser, adapter.url, [
      ['/', [OFD_WORDS, 'closed for']],
      ...ids.slice(0, TEXTS.length).map((id, i): Look => [`/receipts/${id}`, [TEXTS[i] ?? '']]),
      [`/v1/kkt/receipt/${ids[0]}/slip?format=html`, [TEXTS[0] ?? '']],
      [`/v1/kkt/receipt/${ids[0]}/slip`, []],
      [`/v1/kkt/receipt/${ids[0]}/qr.svg`, []],
      ['/v1/kkt/receipts', []],
      ['/v1/kkt/buffer/dlq', []],
      ['/v1/kkt/buffer/events', []],
      ['/metrics', []],
      ['/docs', []],
      [`/docs?${encodeURIComponent(TEXTS[0] ?? '')}#${TEXTS[0]}`, []],
      [`/receipts/${encodeURIComponent(TEXTS[0] ?? '')}`, []],
      [`/v1/kkt/receipt/${encodeURIComponent(TEXTS[0] ?? '')}`, []],
      [`/_page/${encodeURIComponent(TEXTS[0] ?? '')}`, []],
    ])
    const seen = await lookAt(browser, mock.url, [['/', ['submit'], (page) => openCalls(page)]])
    for (const fault of [...looked, ...seen]) tally.fault(fault)
  } finally {
    await browser.close()
    ofd.close()
  }
  return tally
}

/** @returns the receipts: one a text, and one more that the OFD has refused */
async function sellHostileThings(url: string, tally: Tally, clock: Clock): Promise<string[]> {
  const { get, post } = at(url, ANSWER_MS)
  const counted = (answer: Answer) => {
    tally.count(answer)
    return answer
  }
  const sell = async (posId: string, name: string, key: string) => {
    const sold = { ...receipt({ pos_id: posId, items: [item({ name })] }), ...everywhere(name) }
    return expectBody(counted(await post('/v1/kkt/receipt', sold, { 'idempotency-key': key })), 200, receiptAnswer)
      .receipt_id
  }
  const ids: string[] = []
  for (const [i, text] of TEXTS.entries()) {
    ids.push(await sell('hostile', text, `${i}${text}`.replaceAll(/[^!-~]|"/g, '')))
    counted(
      await post('/v1/kkt/receipt', receipt({ pos_id: text }), { 'idempotency-key': `pos ${i}`.replace(' ', '-') }),
    )
    counted(await get(`/v1/kkt/receipts?pos_id=${encodeURIComponent(text)}`))
  }
  for (const key of ['kept', 'closed']) ids.push(await sell(REFUSED_TILL, 'Plain', key))
  const letters = async () => expectBody(await get('/v1/kkt/buffer/dlq'), 200, dlqList).items
  const [letter] = await eventually('the dead letters', letters, {
    withinMs: ANSWER_MS,
    until: (all) => all.length === 2,
    clock,
  })
  counted(await post(`/v1/kkt/buffer/dlq/${letter?.receipt_id}/close`, { reason: `closed for ${TEXTS[0]}` }))
  return ids
}

/** The text in each free text of a receipt beside the names of its items, as much of it as each one takes. */
const everywhere = (text: string) => ({
  cashier: { name: text.slice(0, 64) },
  customer: { name: text, phone: '+79991234567' },
  place: text,
  address: text,
  attribute: text.slice(0, 16),
  user_attribute: { name: text.slice(0, 64), value: text },
})

const ledgerId = z.object({ ofd_id: z.string() })

/** The receipts that the mock OFD gets for each text. */
const CALLS_A_TEXT = 2

async function sendHostileThings(url: string, tally: Tally): Promise<void> {
  const { post } = at(url, ANSWER_MS)
  for (const [i, text] of TEXTS.entries()) {
    const { items } = receipt({ items: [item({ name: text })] })
    const answer = await post('/ofd/v1/receipt', ofdReceipt(i + 1, { items }))
    tally.count(answer)
    expectBody(answer, 200, ledgerId)
    // Refused, and listed all the same.
    tally.count(
      await post('/ofd/v1/receipt', ofdReceipt(TEXTS.length + i + 1, { pos_id: text, kkt_id: text, type: text })),
    )
    tally.count(await post('/ofd/v1/_test/config', { [text]: { [text]: text } }))
  }
}

/** Opens each call that a mock's page lists, and waits until it shows the first text that was sent. */
async function openCalls(page: Page): Promise<void> {
  const calls = page.getByRole('region', { name: 'Calls' }).getByRole('listitem')
  const last = CALLS_A_TEXT * TEXTS.length - 1
  await calls.nth(last).waitFor()
  // From the last on, because an open call may have list items of its own behind it.
  for (let i = last; i >= 0; i -= 1) await calls.nth(i).locator('summary').first().click()
  await page
    .getByText(TEXTS[0] ?? '')
    .first()
    .waitFor()
}

/** A path, the texts that its page has to show, and something to be done on it first. */
export type Look = readonly [path: string, shows: readonly string[], prepare?: (page: Page) => Promise<void>]

/** Opens each page, and waits until it shows its texts. @returns the faults */
export async function lookAt(browser: Browser, origin: string, looks: readonly Look[], withinMs = WITHIN_MS) {
  const faults: string[] = []
  const page = await browser.newPage()
  page.setDefaultTimeout(withinMs)
  page.on('dialog', (dialog) => {
    faults.push(`${page.url()} opened a dialog`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) faults.push(`${page.url()} asked elsewhere: ${request.url()}`)
  })
  for (const [path, shows, prepare] of looks) {
    await page.goto(origin + path)
    for (const text of shows) await page.getByText(text).first().waitFor()
    await prepare?.(page)
    if (await page.evaluate((flag) => flag in globalThis, FLAG)) faults.push(`${path} ran a script`)
    const injected = await page.locator(`[${MARK}], [${MARK}-2]`).count()
    if (injected > 0) faults.push(`${path} has ${injected} elements of a hostile text`)
  }
  await page.close()
  return faults
}
