import { expect } from 'bun:test'
import { type Receipt, totalOf } from './receipts.ts'
import type { FiscalDoc } from './wire.ts'

/** The FD of a new FN's first receipt, behind the registration and the opening of the shift. */
export const FIRST_FD = 3

/** Expects the document to belong to the receipt, and its QR code, which the buyer checks, to match its fields. */
export function expectFiscalDocOf(receipt: Receipt, doc: FiscalDoc): void {
  const total = totalOf(receipt.items)
  expect(doc.total).toBe(total)
  const qr = new URLSearchParams(doc.qr_code_data)
  expect(Object.fromEntries(qr)).toEqual({
    t: expect.any(String),
    s: total.toFixed(2),
    fn: doc.fn_number,
    i: String(doc.fiscal_doc_number),
    fp: doc.fiscal_sign,
    n: receipt.type === 'sale' ? '1' : '2',
  })
  const minute = doc.fiscal_datetime.slice(0, 'yyyy-mm-ddThh:mm'.length).replaceAll(/[-:]/g, '')
  expect(qr.get('t')).toBe(minute)
}

/** Expects each number to be greater than the one before it. */
export function expectGrowing(numbers: number[]): void {
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
}
