/** The answers to tills while the KKT refuses every receipt until a person has mended it. */
import { expect, test } from 'bun:test'
import { KKT_TROUBLES } from '../domain/kkt.ts'
import { body, PRINT_TIMEOUT_MS, problemOf, startApp } from '../testing/app_kit.ts'

const LASTING = ['fn_full', 'fn_expired', 'fn_broken', 'fn_unsent_too_long', 'not_registered'] as const

/** An app whose KKT has a trouble that lasts, and its first receipt, which waits. */
async function unfit(trouble: (typeof LASTING)[number]) {
  const app = startApp()
  const { kkt, post, clock } = app
  const { onFiscalize } = kkt
  kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: false, reason: 'the FN signs nothing' })
  kkt.trouble = trouble
  const first = post(body(), 'first')
  await clock.advance(PRINT_TIMEOUT_MS)
  const mend = () => {
    kkt.onFiscalize = onFiscalize
    kkt.trouble = null
  }
  return { ...app, first: await first, mend }
}

test.each(LASTING)(
  '%s: a new receipt is 503 with the reason before it is journaled; the one that waits is printed when it is over',
  async (trouble) => {
    const { post, ask, journal, kkt, clock, first, mend, stop } = await unfit(trouble)
    expect([first.status, first.json]).toMatchObject([200, { status: 'buffered', fiscal_doc: null }])
    for (let i = 0; i < 3; i++) {
      const { status, headers, json } = await post(body(), `looping-${i}`)
      expect([status, problemOf(json).code, headers.get('retry-after')]).toEqual([503, 'kkt_unfit', '5'])
      expect(problemOf(json).detail).toContain(trouble)
    }
    const russian = { 'accept-language': 'ru', 'idempotency-key': 'looping-0' }
    const { json } = await ask('POST', '/v1/kkt/receipt', { body: JSON.stringify(body()), headers: russian })
    expect(problemOf(json).detail).toMatch(/ФН|зарегистрируйте/i)
    expect(journal.queries.counts()).toMatchObject({ accepted: 1, refused: 0 })
    // It is not handed over again as long as the trouble lasts.
    expect(kkt.handed).toHaveLength(1)
    mend()
    await clock.advance(PRINT_TIMEOUT_MS)
    expect(journal.queries.counts()).toMatchObject({ accepted: 0, pending: 1 })
    expect((await post(body(), 'first')).headers.get('idempotency-replayed')).toBe('true')
    expect((await post(body(), 'looping-0')).status).toBe(200)
    await stop()
  },
)

test.each(KKT_TROUBLES.filter((trouble) => !LASTING.some((lasting) => lasting === trouble)))(
  '%s ends some day, so receipts are taken meanwhile',
  async (trouble) => {
    const { kkt, post, clock, stop } = startApp()
    kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: false, reason: 'not now' })
    kkt.trouble = trouble
    for (const key of ['first', 'second']) {
      const answer = post(body(), key)
      await clock.advance(PRINT_TIMEOUT_MS)
      expect((await answer).status).toBe(200)
    }
    await stop()
  },
)

test('a receipt that is refused for its own sake keeps no other from being taken', async () => {
  const { post, kkt } = startApp()
  const { onFiscalize } = kkt
  kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'no such VAT rate' })
  expect((await post()).status).toBe(502)
  kkt.onFiscalize = onFiscalize
  expect((await post()).status).toBe(200)
})
