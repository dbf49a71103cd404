/** The answers to tills for documents that the KKT cannot make by its registration. */
import { describe, expect, test } from 'bun:test'
import type { Cannot } from '../domain/kkt_outcome.ts'
import type { FnReceipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { body, problemOf, startApp } from '../testing/app_kit.ts'
import { fiscalDoc, nextFd } from '../testing/kit.ts'

const NO_AGENTS: Cannot = {
  pointer: '/items/0/agent',
  reason: { en: 'is not for this KKT', ru: 'не для этой ККТ' },
}
const agents = ({ items }: ReceiptContent) => (items.some(({ agent }) => agent !== undefined) ? NO_AGENTS : null)
const withAgent = () => {
  const [item] = body()['items'] as Record<string, unknown>[]
  return body({ items: [{ ...item, agent: { type: 'attorney' } }] })
}

test('a receipt that the KKT cannot make is 422 with its field, before it is journaled', async () => {
  const { post, ask, kkt, journal, stop } = startApp()
  kkt.onCannot = agents
  const { status, json } = await post(withAgent(), 'first')
  expect([status, problemOf(json)]).toMatchObject([
    422,
    { code: 'kkt_cannot', errors: [{ pointer: '/items/0/agent', message: 'is not for this KKT' }] },
  ])
  const headers = { 'accept-language': 'ru', 'idempotency-key': 'first' }
  const russian = await ask('POST', '/v1/kkt/receipt', { body: JSON.stringify(withAgent()), headers })
  expect(problemOf(russian.json).detail).toContain('/items/0/agent не для этой ККТ')
  expect(journal.queries.counts()).toMatchObject({ accepted: 0, refused: 0 })
  expect((await post(body(), 'first')).status).toBe(200)
  await stop()
})

test('a key that has its receipt gets the same answer, though the KKT was registered otherwise since', async () => {
  const { post, kkt, stop } = startApp()
  const first = await post(withAgent(), 'first')
  kkt.onCannot = agents
  const again = await post(withAgent(), 'first')
  expect([again.status, again.json]).toEqual([200, first.json])
  await stop()
})

test('a correction with a receipt that the KKT cannot make is refused with its place', async () => {
  const { ask, kkt, journal, stop } = startApp()
  kkt.onCannot = agents
  const wanted = { type: 'self', date: '2026-01-15', right: withAgent() }
  const headers = { 'idempotency-key': 'first' }
  const { status, json } = await ask('POST', '/v1/kkt/correction', { body: JSON.stringify(wanted), headers })
  expect([status, problemOf(json)]).toMatchObject([
    422,
    { code: 'kkt_cannot', errors: [{ pointer: '/right/items/0/agent' }] },
  ])
  expect(journal.queries.counts()).toMatchObject({ accepted: 0 })
  await stop()
})

describe('where only the KKT knows the key, from a lost journal,', () => {
  async function withLostJournal(lost: string) {
    const app = startApp()
    const receipt: FnReceipt = {
      id: '019b0000-0000-7000-8000-000000000001' as ReceiptId,
      content: null,
      paper: 'printed',
      doc: fiscalDoc(nextFd()),
    }
    await app.journal.write((tx) => tx.meetFn(receipt.doc.fnNumber, receipt.doc.fdNumber, true))
    app.kkt.onLookupKey = async (key) => (String(key) === lost ? { kind: 'found', receipt } : { kind: 'absent' })
    app.kkt.onCannot = agents
    return { ...app, receipt }
  }

  test('a receipt that was printed is answered so, though the KKT could not make it now', async () => {
    const { post, kkt, receipt, stop } = await withLostJournal('first')
    const { status, json } = await post(withAgent(), 'first')
    expect([status, json]).toMatchObject([200, { status: 'printed', receipt_id: receipt.id }])
    expect(problemOf((await post(withAgent(), 'second')).json).code).toBe('kkt_cannot')
    expect(kkt.handed).toEqual([])
    await stop()
  })

  test('so is a correction of which a receipt was printed', async () => {
    const { ask, kkt, receipt, stop } = await withLostJournal('first§1')
    const wanted = JSON.stringify({ type: 'self', date: '2026-01-15', right: withAgent() })
    const correct = (key: string) =>
      ask('POST', '/v1/kkt/correction', { body: wanted, headers: { 'idempotency-key': key } })
    const { status, json } = await correct('first')
    expect([status, json]).toMatchObject([200, { status: 'printed', right: { receipt_id: receipt.id } }])
    expect(problemOf((await correct('second')).json).code).toBe('kkt_cannot')
    expect(kkt.handed).toEqual([])
    await stop()
  })
})
