import { expect, test } from 'bun:test'
import { receiptBody } from '../../kkt_adapter/src/http/receipt_schema.ts'
import { sampleReceipt } from './sample_receipt.ts'

test.each(['149.90', '149,9', '0.01', '999999.99', '1'])('a receipt of %s is one that the adapter takes', (price) => {
  const { success, error } = receiptBody.safeParse(sampleReceipt('PAGE-1', price))
  expect(error?.issues).toBeUndefined()
  expect(success).toBe(true)
})
