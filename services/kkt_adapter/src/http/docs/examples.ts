/** Values that several examples share. */

export const RECEIPT_ID = '01a20425-88ce-7000-be2d-76eab0eb441e'

export const SALE = {
  pos_id: 'POS-7',
  type: 'sale',
  items: [
    { name: 'Progressive lenses, index 1.6', price: 5200, quantity: 2, total: 10400, vat_rate: 22 },
    { name: 'Lens cleaner, 30 ml', price: 149.9, quantity: 1, total: 149.9, vat_rate: null },
  ],
  payments: [
    { type: 'card', amount: 10000 },
    { type: 'cash', amount: 549.9 },
  ],
}

/** With a gift, and a thing sold by weight. */
export const REFUND = {
  pos_id: 'POS-7',
  type: 'refund',
  items: [
    { name: 'Cord, metres', price: 99.99, quantity: 1.505, total: 150.48, vat_rate: 10 },
    { name: 'Cleaning cloth, a gift', price: 0, quantity: 1, total: 0, vat_rate: 0 },
  ],
  payments: [{ type: 'other', amount: 150.48 }],
}

export const FISCAL_DOCUMENT = {
  fiscal_doc_number: 12,
  fiscal_sign: '3599235197',
  fiscal_datetime: '2026-11-22T19:43:00+03:00',
  fn_number: '9999322233119332',
  kkt_number: 'KKT-001',
  shift_number: 1,
  receipt_number: 12,
  total: 10549.9,
  qr_code_data: 't=20261122T1943&s=10549.90&fn=9999322233119332&i=12&fp=3599235197&n=1',
  test: true,
}

/** As a page of receipts lists it. */
export const RECEIPT_ENTRY = {
  receipt_id: RECEIPT_ID,
  pos_id: SALE.pos_id,
  status: 'synced',
  created_at: '2026-11-22T16:43:05.870Z',
  printed_at: '2026-11-22T16:43:06.020Z',
  synced_at: '2026-11-22T16:43:06.080Z',
  ofd_id: 'OFD-000012',
  retry_count: 0,
  last_error: null,
  fiscal_doc: FISCAL_DOCUMENT,
}

export const LAST_FAILURE = {
  at: '2026-11-22T16:40:00.000Z',
  reason: 'the OFD answered 503',
  receipt_id: RECEIPT_ID,
}
