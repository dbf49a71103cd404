import { expect } from 'bun:test'
import { type Item, type Receipt, totalOf } from './receipts.ts'
import type { TillsFiscalDoc } from './wire_document.ts'

/** The FD of a new FN's first receipt, behind the registration and the opening of the shift. */
export const FIRST_FD = 3

/** Expects the document to belong to the receipt, and its QR code, which the buyer checks, to match its fields. */
export function expectFiscalDocOf(receipt: Receipt, doc: TillsFiscalDoc): void {
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
  expect(Date.parse(doc.fiscal_instant)).toBe(Date.parse(doc.fiscal_datetime))
  expect(doc).toMatchObject({ operation: receipt.type, change: 0 })
  expect(sumOf(doc.payments.map(({ amount }) => amount))).toBe(total)
  expect(doc.vat_sums.toSorted((a, b) => a.vat.localeCompare(b.vat))).toEqual(vatSumsOf(receipt.items))
}

const sumOf = (roubles: number[]) => roubles.reduce((sum, one) => sum + Math.round(one * 100), 0) / 100

/** By the item: the tax in each total, half up to the kopeck. Without a tax it is the total. */
function vatSumsOf(items: Item[]) {
  const rates = [...new Set(items.map(({ vat_rate }) => vat_rate))]
  const sums = rates.map((rate) => {
    const totals = items.filter(({ vat_rate }) => vat_rate === rate).map(({ total }) => BigInt(Math.round(total * 100)))
    const taxes = totals.map((kopecks) =>
      rate ? (2n * kopecks * BigInt(rate) + BigInt(100 + rate)) / BigInt(200 + 2 * rate) : kopecks,
    )
    const sum = Number(taxes.reduce((all, one) => all + one, 0n)) / 100
    return { vat: rate === null ? 'none' : `vat${rate}`, sum }
  })
  return sums.toSorted((a, b) => a.vat.localeCompare(b.vat))
}

/** Expects each number to be greater than the one before it. */
export function expectGrowing(numbers: number[]): void {
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
}
