import { gifts, qr, threeCheap, totals } from './parts.ts'

/** Each changes a receipt that is right, and leaves it right. */
export const RIGHT: readonly [what: string, changes: Record<string, unknown>][] = [
  ['a total rounded down by 99 kopecks', totals(205.01)],
  ['an item a kopeck off', { ...totals(206.01), '/items/1/total': 5.01, '/fiscal_doc/vat_sums/1/sum': 0.46 }],
  ['the tax of the receipt instead of that of its items', { ...threeCheap(), '/fiscal_doc/vat_sums/0/sum': 0.02 }],
  ['the tax of its items', { ...threeCheap(), '/fiscal_doc/vat_sums/0/sum': 0.03 }],
  [
    'a sign with leading zeros',
    { '/fiscal_doc/fiscal_sign': '0024109209', '/fiscal_doc/qr_code_data': qr({ fp: '24109209' }) },
  ],
  ['gifts', gifts()],
  ['a QR code with seconds', { '/fiscal_doc/qr_code_data': qr({ t: '20260131T150430' }) }],
  [
    'the internet without a cashier',
    { '/internet': true, '/customer': { phone: '+79991234567' }, '/fiscal_doc/cashier': null },
  ],
  [
    'a correction of one’s own',
    {
      '/correction': { type: 'self', date: '2026-01-30' },
      '/fiscal_doc/correction': true,
      '/corrects': { receipt_id: 'r-1' },
    },
  ],
  [
    'a refund of a document',
    {
      '/type': 'refund',
      '/fiscal_doc/operation': 'refund',
      '/fiscal_doc/qr_code_data': qr({ n: '2' }),
      '/refund_of': { fn: '9999078900001234', fd: 1, fpd: '4294967295' },
    },
  ],
  ['a marked sale', { '/items/0/marking_code': 'AAAA', '/items/0/payment_object': 'commodity_with_marking' }],
  ['unknown fields', { '/extra': { a: 1 }, '/items/0/extra': 1, '/fiscal_doc/extra': 'b' }],
]
