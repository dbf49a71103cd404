/** Parts of the changes of a receipt of FFD 1.2, by JSON Pointers. */
import { receiptOfFfd12 } from '../../testing/documents.ts'

/** A QR code's text with some other fields. */
export function qr(change: Record<string, string>): string {
  const fields = {
    t: '20260131T1504',
    s: '206.00',
    fn: '9999078900001234',
    i: '1',
    fp: '4294967295',
    n: '1',
    ...change,
  }
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

/** All places of the total. */
export function totals(total: number): Record<string, unknown> {
  return {
    '/total': total,
    '/fiscal_doc/total': total,
    '/fiscal_doc/qr_code_data': qr({ s: total.toFixed(2) }),
    '/fiscal_doc/payments/0/amount': Math.round(total * 100 - 10_000) / 100,
    '/fiscal_doc/change': Math.round(30_000 - total * 100) / 100,
  }
}

/** Three items with a tax of 0.54 kopecks each: 3 kopecks by the item, 2 by the receipt. */
export function threeCheap(): Record<string, unknown> {
  const item = { ...receiptOfFfd12(1).items[0], price: 0.03, quantity: 1, total: 0.03 }
  return {
    ...totals(0.09),
    '/items': [item, item, item],
    '/payments': [{ type: 'cash', amount: 0.09 }],
    '/fiscal_doc/payments': [{ type: 'cash', amount: 0.09 }],
    '/fiscal_doc/change': 0,
    '/fiscal_doc/vat_sums': [{ vat: 'vat22', sum: 0.03 }],
  }
}

/** Only gifts, which nobody pays for. */
export function gifts(): Record<string, unknown> {
  return {
    ...totals(0),
    '/items/0/price': 0,
    '/items/0/total': 0,
    '/items/1/price': 0,
    '/items/1/total': 0,
    '/payments': [],
    '/fiscal_doc/payments': [],
    '/fiscal_doc/change': 0,
    '/fiscal_doc/vat_sums': [
      { vat: 'vat22', sum: 0 },
      { vat: 'vat10', sum: 0 },
    ],
  }
}
