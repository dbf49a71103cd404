import { describe, expect, test } from 'bun:test'
import { adapter, ofd, urls } from '../harness/clients.ts'
import { type Answer, call, expectBody, expectProblem } from '../harness/http.ts'
import { limits } from '../harness/limits.ts'
import { item, newKey, newPosId, type Receipt, receipt } from '../harness/receipts.ts'
import { onHealedStack, whenSynced } from '../harness/stack_state.ts'
import { receiptAnswer } from '../harness/wire.ts'

onHealedStack()

const isReplay = (answer: Answer): boolean => answer.headers.get('idempotency-replayed') === 'true'

const postText = (body: string, key: string): Promise<Answer> =>
  call(`${urls.adapter}/v1/kkt/receipt`, {
    method: 'POST',
    headers: { 'idempotency-key': key },
    body,
    withinMs: limits.answerMs,
  })

const listOf = async (sale: Receipt) => (await adapter.receipts({ pos_id: sale.pos_id })).receipts

describe('invariant 2', () => {
  test('the same key and body get the stored answer, and print nothing', async () => {
    const [sale, key] = [receipt(), newKey()]
    const first = await adapter.postReceipt(sale, key)
    const again = await adapter.postReceipt(sale, key)
    expect(isReplay(first)).toBe(false)
    expect(isReplay(again)).toBe(true)
    expect(again).toMatchObject({ status: 200, text: first.text })
    expect(await listOf(sale)).toHaveLength(1)
  })

  test('a key in quotes is the same key as without them', async () => {
    const [sale, key] = [receipt(), newKey()]
    const first = await adapter.postReceipt(sale, `"${key}"`)
    const again = await adapter.postReceipt(sale, key)
    expect(again).toMatchObject({ status: 200, text: first.text })
    expect([first, again].map(isReplay)).toEqual([false, true])
    expectProblem(await adapter.postReceipt(sale, `"${key}`), 400)
  })

  test('a replay after the delivery gets the same answer', async () => {
    const [sale, key] = [receipt(), newKey()]
    const first = await adapter.postReceipt(sale, key)
    await whenSynced(expectBody(first, 200, receiptAnswer).receipt_id)
    expect((await adapter.postReceipt(sale, key)).text).toBe(first.text)
    expect((await ofd.health()).call_count).toBe(1)
  })

  test.each([2, 20])('%d requests at once with one key print one FD and get the same answer', async (callers) => {
    const [sale, key] = [receipt({ pos_id: newPosId('at-once') }), newKey()]
    const before = await adapter.print(receipt())
    const answers = await Promise.all(Array.from({ length: callers }, () => adapter.postReceipt(sale, key)))
    const after = await adapter.print(receipt())

    const [first, ...others] = answers
    if (!first) throw new Error('nobody called')
    const { receipt_id, status } = expectBody(first, 200, receiptAnswer)
    expect(status).toBe('printed')
    for (const other of others) expect(other).toMatchObject({ status: 200, text: first.text })
    expect(answers.filter((answer) => !isReplay(answer)).length).toBeLessThanOrEqual(1)
    expect(await listOf(sale)).toHaveLength(1)
    expect(after.fiscal_doc.fiscal_doc_number - before.fiscal_doc.fiscal_doc_number).toBe(2)

    await whenSynced(receipt_id)
    await whenSynced(after.receipt_id)
    expect(await ofd.health()).toMatchObject({ receipts_received: 3, duplicates: 0 })
  })

  const reused: [string, (sale: Receipt) => Receipt][] = [
    ['another pos_id', (sale) => ({ ...sale, pos_id: newPosId('other') })],
    ['another type', (sale) => ({ ...sale, type: 'refund' })],
    ['another name', (sale) => receipt({ ...sale, items: [item({ name: 'Something else' })] })],
    ['another payment', (sale) => ({ ...sale, payments: [{ type: 'cash', amount: 1250 }] })],
    ['another VAT rate', (sale) => receipt({ ...sale, items: [item({ vat_rate: null })] })],
  ]
  test.each(reused)('the same key with %s is 422, and nothing is stored', async (_what, change) => {
    const [sale, key] = [receipt(), newKey()]
    const first = await adapter.postReceipt(sale, key)
    const { total_receipts: stored } = await adapter.status()
    const changed = change(sale)

    expect(expectProblem(await adapter.postReceipt(changed, key), 422).code).toBe('idempotency_key_reused')
    expect((await adapter.status()).total_receipts).toBe(stored)
    expect(await listOf(sale)).toHaveLength(1)
    if (changed.pos_id !== sale.pos_id) expect(await listOf(changed)).toEqual([])
    expect((await adapter.postReceipt(sale, key)).text).toBe(first.text)
  })

  test('another key prints another receipt, even of the same content', async () => {
    const sale = receipt()
    const [first, second] = [await adapter.print(sale), await adapter.print(sale)]
    expect(second.receipt_id).not.toBe(first.receipt_id)
    expect(second.fiscal_doc.fiscal_doc_number).toBeGreaterThan(first.fiscal_doc.fiscal_doc_number)
  })
})

test('key order, white space and number notation do not make another body', async () => {
  const key = newKey()
  const pos = newPosId('alike')
  const one = `{"pos_id":"${pos}","type":"sale","items":[{"name":"Case","price":10.5,"quantity":2,"total":21,"vat_rate":22}],"payments":[{"type":"card","amount":21}]}`
  const other = `\n{ "payments": [ {"amount": 2.1e1, "type": "card"} ],\t"items": [{"vat_rate":22.0, "total":21.00,
    "quantity": 2.000, "price": 10.50, "name": "\\u0043ase"}], "type": "sale", "pos_id": "${pos}" }\n`
  const first = await postText(one, key)
  const again = await postText(other, key)
  expect(first.status).toBe(200)
  expect(again).toMatchObject({ status: 200, text: first.text })
  expect(isReplay(again)).toBe(true)
})

test('another order of items makes another body', async () => {
  const key = newKey()
  const [cheap, dear] = [item({ name: 'Cloth', price: 1 }), item({ name: 'Lens', price: 2 })]
  const sale = receipt({ items: [cheap, dear] })
  await adapter.print(sale, key)
  const swapped = receipt({ ...sale, items: [dear, cheap] })
  expect(expectProblem(await adapter.postReceipt(swapped, key), 422).code).toBe('idempotency_key_reused')
})
