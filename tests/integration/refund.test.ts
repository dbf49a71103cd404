/** Before a refund a till asks whether the OFD holds the sale; and what the law makes of a rate. */
import { expect, test } from 'bun:test'
import { adapter, ofd, urls } from '../harness/clients.ts'
import { call, expectBody, expectProblem } from '../harness/http.ts'
import { limits } from '../harness/limits.ts'
import { item, newKey, receipt } from '../harness/receipts.ts'
import { deliveredOf, onHealedStack, whenSynced } from '../harness/stack_state.ts'
import { receiptAnswer, refundAllowed, refundRefused } from '../harness/wire.ts'

onHealedStack()

/** Asks with a form's content type, as plain curl does. */
const ask = (original_fiscal_doc_id: string) =>
  call(`${urls.adapter}/v1/pos/refund`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: JSON.stringify({ original_fiscal_doc_id }),
    withinMs: limits.answerMs,
  })

test('a refund waits for the OFD to hold its sale, which is found by its id and by its document', async () => {
  await ofd.configure({ permanent_failure: true })
  const { receipt_id, fiscal_doc } = await adapter.print(receipt())
  const names = [receipt_id, `${fiscal_doc.fn_number}-${fiscal_doc.fiscal_doc_number}`]
  for (const name of names) {
    const refused = expectBody(await ask(name), 409, refundRefused)
    expect(refused.code).toBe('refund_too_early')
    expect(['pending', 'syncing']).toContain(refused.sync_status)
  }
  await ofd.configure({ permanent_failure: false })
  await adapter.sync()
  await whenSynced(receipt_id)
  for (const name of names) expectBody(await ask(name), 200, refundAllowed)
})

test('a sale that is not known is not found', async () => {
  for (const name of ['00000000-0000-7000-8000-000000000000', '9999000000000000-1']) {
    expect(expectProblem(await ask(name), 404).code).toBe('original_not_found')
  }
})

test('a refund takes its rates from its sale, told, delivered and answered again with them', async () => {
  const rate10 = item({ vat_rate: 10 })
  const sold = receipt({ items: [rate10] })
  const { receipt_id } = await adapter.print(sold)
  const { vat_rate: _ofSale, ...rateless } = rate10
  const refund = { ...sold, type: 'refund', items: [rateless] }
  const [body, headers] = [{ ...refund, refund_of: { receipt_id } }, { 'idempotency-key': newKey() }]
  const first = expectBody(await adapter.post('/v1/kkt/receipt', body, headers), 200, receiptAnswer)
  const again = expectBody(await adapter.post('/v1/kkt/receipt', body, headers), 200, receiptAnswer)
  expect(again.fiscal_doc).toEqual(first.fiscal_doc)
  expect(await adapter.receipt(first.receipt_id)).toMatchObject({ items: [{ vat: 'vat10' }] })
  await adapter.sync()
  await whenSynced(first.receipt_id)
  const delivered = (await deliveredOf(sold.pos_id)).find((one) => one.receipt_id === first.receipt_id)
  expect(delivered?.document).toMatchObject({ items: [{ vat: 'vat10' }] })
  const ofUnknown = { ...refund, refund_of: { receipt_id: crypto.randomUUID() } }
  const refused = expectProblem(await adapter.post('/v1/kkt/receipt', ofUnknown, { 'idempotency-key': newKey() }), 422)
  expect(refused).toMatchObject({ code: 'refund_incomplete', errors: [{ pointer: '/items/0/vat' }] })
})

test('a rate that the law has ended is warned of, and again for the same key', async () => {
  const [sold, key] = [receipt({ items: [item({ vat_rate: 20 })] }), newKey()]
  const { warnings } = await adapter.print(sold, key)
  expect(warnings.map(({ code }) => code)).toEqual(['vat_rate_ended'])
  expect((await adapter.print(sold, key)).warnings).toEqual(warnings)
  expect((await adapter.print({ ...sold, type: 'refund' })).warnings).toEqual([])
})
