/** The adapter takes the bodies that the page makes of its answers. */
import { expect, test } from 'bun:test'
import { receiptBody, saleBody } from '../../kkt_adapter/src/http/receipt_schema.ts'
import { body, startApp } from '../../kkt_adapter/src/testing/app_kit.ts'
import { correctionBody, isRefundable, refundBody } from './give_back.ts'
import type { Receipt } from './wire.ts'

const ITEMS = [
  { name: 'Cord', price: 99.99, quantity: 1.505, total: 150.48, vat: 'vat10', measure: 'meter' },
  {
    name: 'Lens',
    price: 100,
    quantity: 1,
    total: 100,
    vat: 'vat22',
    payment_object: 'commodity_with_marking',
    marking_code: 'AQID',
  },
]

async function sold(total = 250.48): Promise<Receipt> {
  const { ask, post } = startApp()
  const { json } = await post(body({ items: ITEMS, total, payments: [{ type: 'cash', amount: total }] }))
  const id = typeof json === 'object' && json !== null && 'receipt_id' in json ? json.receipt_id : ''
  const answer = await ask('GET', `/v1/kkt/receipt/${id}`)
  return JSON.parse(answer.text)
}

test('a refund of all is as the receipt, with its rounding, and so is one of a part', async () => {
  const receipt = await sold(250)
  expect(isRefundable(receipt)).toBe(true)
  const { content } = saleBody.parse(refundBody(receipt, receipt.left?.quantities ?? [], 'card'))
  expect(content).toMatchObject({
    type: 'refund',
    items: [
      { name: 'Cord', quantityMicro: 1_505_000, totalKopecks: 15_048, vat: 'vat10', measure: 'meter' },
      { name: 'Lens', markingCode: 'AQID' },
    ],
    payments: [{ type: 'card', amountKopecks: 25_000 }],
    totalKopecks: 25_000,
  })
  expect(content.items[1]).not.toHaveProperty('markingStatus')
  const part = saleBody.parse(refundBody(receipt, [0.5, 0], 'cash')).content
  expect(part).toMatchObject({ items: [{ quantityMicro: 500_000 }], totalKopecks: 5000 })
})

test('a correction repeats the receipt, with what was edited', async () => {
  const receipt = await sold()
  const why = { type: 'self', date: '2026-01-31', number: '' } as const
  const [cord, lens] = receipt.items
  if (!cord || !lens) throw new Error('The receipt has no items')
  const items = [cord, { ...lens, price: 90 }]
  const wanted = correctionBody(receipt, why, { items, payment: 'card' })
  expect(wanted).toMatchObject({ wrong: { receipt_id: receipt.receipt_id }, type: 'self', date: '2026-01-31' })
  expect(wanted).not.toHaveProperty('number')
  const right = receiptBody.parse('right' in wanted ? wanted.right : null)
  expect(right).toMatchObject({ totalKopecks: 24_048, payments: [{ type: 'card', amountKopecks: 24_048 }] })
  const untouched = correctionBody(receipt, why, { items: receipt.items, payment: null })
  expect(receiptBody.parse('right' in untouched ? untouched.right : null).totalKopecks).toBe(25_048)
  expect(correctionBody(receipt, why, null)).not.toHaveProperty('right')
})
