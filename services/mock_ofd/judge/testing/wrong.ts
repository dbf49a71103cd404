import { qr, threeCheap } from './parts.ts'

type Row = [what: string, changes: Record<string, unknown>, code: string, tag: number | null, pointer: string]

/** Each changes one thing of a receipt that is right. */
export const WRONG: readonly Row[] = [
  [
    'an item sum two kopecks off',
    { '/items/1/total': 5.02, '/total': 206.02, '/fiscal_doc/total': 206.02 },
    'item_sum',
    1043,
    '/items/1/total',
  ],
  ['a total above the items', { '/total': 206.01 }, 'receipt_total', 1020, '/total'],
  ['a total a rouble below the items', { '/total': 205 }, 'receipt_total', 1020, '/total'],
  ['another total in the document', { '/fiscal_doc/total': 205.5 }, 'document_total', 1020, '/fiscal_doc/total'],
  ['no payments', { '/payments': [] }, 'paid', 1020, '/payments'],
  ['payments below the total', { '/payments/1/amount': 105.99 }, 'paid', 1020, '/payments'],
  ['more than the total without cash', { '/payments/0/amount': 206.01 }, 'paid', 1081, '/payments'],
  ['cash that is not settled', { '/fiscal_doc/payments/0/amount': 105 }, 'settled', 1031, '/fiscal_doc/payments'],
  [
    'a card payment that is not settled',
    { '/fiscal_doc/payments/1/amount': 99 },
    'settled',
    1081,
    '/fiscal_doc/payments',
  ],
  ['a payment that nobody made', { '/fiscal_doc/payments/1/type': 'credit' }, 'settled', 1216, '/fiscal_doc/payments'],
  ['other change', { '/fiscal_doc/change': 93 }, 'settled', 1031, '/fiscal_doc/change'],
  [
    'an item without a rate',
    { '/items/0/vat': undefined, '/items/0/vat_rate': undefined },
    'vat',
    1199,
    '/items/0/vat',
  ],
  ['two rates of one item', { '/items/0/vat_rate': 20 }, 'vat', 1199, '/items/0/vat_rate'],
  ['a plain rate beside an inverted one', { '/items/0/vat': 'vat122' }, 'vat', 1199, '/items/0/vat_rate'],
  ['no sums of VAT', { '/fiscal_doc/vat_sums': undefined }, 'vat_sums', 1199, '/fiscal_doc/vat_sums'],
  ['a sum of VAT that is off', { '/fiscal_doc/vat_sums/1/sum': 0.46 }, 'vat_sums', 1103, '/fiscal_doc/vat_sums/1/sum'],
  [
    'a sum of VAT above both ways',
    { ...threeCheap(), '/fiscal_doc/vat_sums/0/sum': 0.04 },
    'vat_sums',
    1199,
    '/fiscal_doc/vat_sums/0/sum',
  ],
  [
    'a sum of VAT below both ways',
    { ...threeCheap(), '/fiscal_doc/vat_sums/0/sum': 0.01 },
    'vat_sums',
    1199,
    '/fiscal_doc/vat_sums/0/sum',
  ],
  [
    'a sum of a rate that no item has',
    { '/fiscal_doc/vat_sums/2': { vat: 'none', sum: 1 } },
    'vat_sums',
    1105,
    '/fiscal_doc/vat_sums/2',
  ],
  [
    'two sums of one rate',
    { '/fiscal_doc/vat_sums/2': { vat: 'vat10', sum: 0.45 } },
    'vat_sums',
    1103,
    '/fiscal_doc/vat_sums/2',
  ],
  [
    'a rate without a sum',
    { '/fiscal_doc/vat_sums': [{ vat: 'vat22', sum: 36.25 }] },
    'vat_sums',
    1103,
    '/fiscal_doc/vat_sums',
  ],
  [
    'a sign of more than 32 bits',
    { '/fiscal_doc/fiscal_sign': '4294967296' },
    'sign_range',
    1077,
    '/fiscal_doc/fiscal_sign',
  ],
  ...(
    [
      ['in UTC', { t: '20260131T1204' }],
      ['of another total', { s: '206' }],
      ['of another FN', { fn: '9999078900001235' }],
      ['of another document', { i: '2' }],
      ['of another sign', { fp: '1' }],
      ['of another operation', { n: '2' }],
      ['without an operation', { n: '' }],
    ] as const
  ).map(([what, change]): Row => {
    const at = '/fiscal_doc/qr_code_data'
    return [`a QR code ${what}`, { [at]: qr(change) }, 'qr_code', 1196, at]
  }),
  [
    'a time in UTC',
    { '/fiscal_doc/fiscal_datetime': '2026-01-31T15:04:00Z', '/fiscal_doc/fiscal_instant': '2026-01-31T15:04:00Z' },
    'local_time',
    1012,
    '/fiscal_doc/fiscal_datetime',
  ],
  [
    'an instant of another minute',
    { '/fiscal_doc/fiscal_instant': '2026-01-31T12:05:00Z' },
    'local_time',
    1012,
    '/fiscal_doc/fiscal_instant',
  ],
  ['no seller', { '/fiscal_doc/seller': undefined }, 'required', 1018, '/fiscal_doc/seller/inn'],
  ...(
    [
      ['taxation_system', 1055],
      ['operation', 1054],
      ['registration_number', 1037],
      ['serial_number', 1013],
      ['fns_url', 1060],
    ] as const
  ).map(
    ([name, tag]): Row => [
      `no ${name}`,
      { [`/fiscal_doc/${name}`]: undefined },
      'required',
      tag,
      `/fiscal_doc/${name}`,
    ],
  ),
  ...(
    [
      ['payment_method', 1214],
      ['payment_object', 1212],
      ['measure', 2108],
    ] as const
  ).map(
    ([name, tag]): Row => [
      `an item without ${name}`,
      { [`/items/1/${name}`]: undefined },
      'required_of_item',
      tag,
      `/items/1/${name}`,
    ],
  ),
  ['no cashier', { '/fiscal_doc/cashier': null }, 'cashier', 1021, '/fiscal_doc/cashier'],
  [
    'the internet without a contact',
    { '/internet': true, '/customer': { inn: '7701234567' } },
    'contact',
    1008,
    '/customer',
  ],
  ['no paper, and no contact', { '/electronic': true }, 'contact', 1008, '/customer'],
  [
    'the internet without a place',
    { '/internet': true, '/customer': { email: 'a@b.c' }, '/fiscal_doc/place': null },
    'contact',
    1187,
    '/place',
  ],
  ['another operation', { '/fiscal_doc/operation': 'refund' }, 'operation', 1054, '/fiscal_doc/operation'],
  [
    'a correction whose document is none',
    { '/correction': { type: 'self', date: '2026-01-30' } },
    'operation',
    1054,
    '/fiscal_doc/correction',
  ],
  ['a document that is a correction', { '/fiscal_doc/correction': true }, 'operation', 1054, '/fiscal_doc/correction'],
  [
    'an order without its number',
    { '/correction': { type: 'instruction', date: '2026-01-30' }, '/fiscal_doc/correction': true },
    'correction',
    1179,
    '/correction/number',
  ],
  ['an original without an id', { '/refund_of': { fn: '9999078900001234', fd: 1 } }, 'original', 1192, '/refund_of'],
  [
    'an original with a sign above 32 bits',
    { '/refund_of': { fn: '9999078900001234', fd: 1, fpd: '9999999999' } },
    'original',
    1192,
    '/refund_of/fpd',
  ],
  [
    'an attribute beside an original',
    { '/refund_of': { receipt_id: 'r-1' }, '/attribute': 'a' },
    'original',
    1192,
    '/attribute',
  ],
  [
    'a receipt that corrects without being a correction',
    { '/corrects': { receipt_id: 'r-1' } },
    'original',
    1192,
    '/corrects',
  ],
  [
    'a marked purchase',
    {
      '/type': 'buy',
      '/fiscal_doc/operation': 'buy',
      '/fiscal_doc/qr_code_data': qr({ n: '3' }),
      '/items/0/marking_code': 'AAAA',
    },
    'marking',
    2000,
    '/items/0',
  ],
  [
    'a purchase of a marked kind',
    {
      '/type': 'buy',
      '/fiscal_doc/operation': 'buy',
      '/fiscal_doc/qr_code_data': qr({ n: '3' }),
      '/items/1/payment_object': 'excise_with_marking',
    },
    'marking',
    2000,
    '/items/1',
  ],
  ['a form', { '/cashier/name': 'я'.repeat(65) }, 'form', 1021, '/cashier/name'],
]
