import { expect, test } from 'bun:test'
import { receiptBody } from '../../kkt_adapter/src/http/receipt_schema.ts'
import { sampleReceipt } from './sample_receipt.ts'

test.each([
  ['149.90', 149.9],
  ['149,9', 149.9],
  // As a fraction of two it is a little less than 29 kopecks.
  ['0.29', 0.29],
  ['999999.99', 999999.99],
  ['1', 1],
])('a receipt of %s is one that the adapter takes', (written, price) => {
  const receipt = sampleReceipt('PAGE-1', written)
  expect(receipt.items[0]?.price).toBe(price)
  expect(receiptBody.safeParse(receipt).error?.issues).toBeUndefined()
})

test('a receipt has a cashier and a rate of VAT, as the law wants it', () => {
  const { cashier, items } = sampleReceipt('PAGE-1', '149.90')
  expect([cashier, items[0]?.vat]).toEqual([{ name: 'Ivanova A. A.' }, 'vat22'])
})
