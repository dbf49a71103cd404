/** The answers to tills while the KKT refuses every receipt until a person has mended it. */
import { expect, test } from 'bun:test'
import { body, problemOf, startApp } from '../testing/app_kit.ts'

test('while the KKT refuses every receipt, a new one is 503 kkt_unfit before it is journaled, and a known one as it was', async () => {
  const { post, journal, kkt } = startApp()
  const { onFiscalize } = kkt
  kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'the FN is full' })
  kkt.trouble = 'fn_full'
  const first = await post(body(), 'first')
  expect([first.status, problemOf(first.json).code]).toEqual([502, 'kkt_refused'])
  for (let i = 0; i < 3; i++) {
    const { status, headers, json } = await post(body(), `looping-${i}`)
    expect([status, problemOf(json).code]).toEqual([503, 'kkt_unfit'])
    expect(headers.get('retry-after')).not.toBeNull()
  }
  expect((await post(body(), 'first')).status).toBe(502)
  expect([journal.queries.counts().refused, kkt.handed.length]).toEqual([1, 1])
  kkt.onFiscalize = onFiscalize
  kkt.trouble = null
  expect((await post(body(), 'looping-0')).status).toBe(200)
})

test('a receipt that is refused for its own sake keeps no other from being taken', async () => {
  const { post, kkt } = startApp()
  const { onFiscalize } = kkt
  kkt.onFiscalize = async () => ({ kind: 'refused', isLasting: true, reason: 'no such VAT rate' })
  expect((await post()).status).toBe(502)
  kkt.onFiscalize = onFiscalize
  expect((await post()).status).toBe(200)
})
