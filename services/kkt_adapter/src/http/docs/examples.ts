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

/** The items of the sale as an answer shows them, with the VAT rate in both of its forms. */
export const SHOWN_ITEMS = SALE.items.map((item) => ({ ...item, vat: item.vat_rate === null ? 'none' : 'vat22' }))

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

/** With everything that a shop on the internet says: no paper, a marked good, a total without its kopecks. */
export const INTERNET_SALE = {
  pos_id: 'SITE',
  type: 'sale',
  taxation_system: 'osn',
  internet: true,
  electronic: true,
  place: 'https://optika.example',
  cashier: { name: 'Ivanova A. A., senior cashier', inn: '770123456789' },
  customer: { email: 'anna@example.com' },
  items: [
    {
      name: 'Contact lenses, a month',
      price: 1250.5,
      quantity: 1,
      total: 1250.5,
      vat: 'vat22',
      payment_object: 'commodity_with_marking',
      marking_code: 'MDEwNDYwMDQzOTkzMTI1NjIxSmdYSjVUHTkxODAyMx05Mg==',
    },
    {
      name: 'Delivery',
      price: 300.49,
      quantity: 1,
      total: 300.49,
      vat: 'vat22',
      payment_method: 'full_payment',
      payment_object: 'service',
      measure: 'other',
    },
  ],
  payments: [{ type: 'card', amount: 1550 }],
  total: 1550,
}

/** Takes back a receipt of 2025 that had a wrong price. */
export const CORRECTION = {
  pos_id: 'POS-7',
  type: 'refund',
  correction: { type: 'instruction', date: '2025-12-30', number: '17-04/2026' },
  corrects: { fn: '9999322233119332', fd: 8, fpd: '1494325660' },
  items: [{ name: 'Frame', price: 100, quantity: 1, total: 100, vat: 'vat20' }],
  payments: [{ type: 'cash', amount: 100 }],
}

export const FISCAL_DOCUMENT = {
  fiscal_doc_number: 12,
  fiscal_sign: '3599235197',
  fiscal_datetime: '2026-11-22T16:43:00+03:00',
  fn_number: '9999322233119332',
  kkt_number: 'KKT-001',
  shift_number: 1,
  receipt_number: 12,
  total: 10549.9,
  qr_code_data: 't=20261122T1643&s=10549.90&fn=9999322233119332&i=12&fp=3599235197&n=1',
  operation: 'sale',
  registration_number: '0000000001002292',
  serial_number: '0010690000000042',
  seller: { name: 'ООО «Оптика»', inn: '7701234567' },
  address: 'Москва, ул. Лесная, 1',
  place: 'Shop 3',
  taxation_system: 'osn',
  cashier: { name: 'Ivanova A. A., senior cashier' },
  vat_sums: [
    { vat: 'none', sum: 149.9 },
    { vat: 'vat22', sum: 1875.41 },
  ],
  payments: [
    { type: 'cash', amount: 549.9 },
    { type: 'card', amount: 10000 },
  ],
  change: 0,
  ffd_version: '1.2',
  fns_url: 'www.nalog.gov.ru',
  fiscal_instant: '2026-11-22T13:43:00.000Z',
  test: true,
}

/** As a page of receipts lists it. */
export const RECEIPT_ENTRY = {
  receipt_id: RECEIPT_ID,
  pos_id: SALE.pos_id,
  type: SALE.type,
  status: 'synced' as const,
  created_at: '2026-11-22T13:43:05.870Z',
  printed_at: '2026-11-22T13:43:06.020Z',
  synced_at: '2026-11-22T13:43:06.080Z',
  ofd_id: 'OFD-000012',
  retry_count: 0,
  last_error: null,
  untold_fn: null,
  fiscal_doc: FISCAL_DOCUMENT,
}

export const LAST_FAILURE = {
  at: '2026-11-22T16:40:00.000Z',
  reason: 'the OFD answered 503',
  receipt_id: RECEIPT_ID,
}

/** The sale, as the day's file has it. */
export const CSV_FILE = [
  '\ufeffFD;FN;FPD;Shift;Number in the shift;Time;Till;Operation;Correction: kind;Correction: day of the settlement;Correction: number of the order;Corrects FPD;Corrects receipt_id;Corrected by;Refund of FPD;Refund of receipt_id;Cashier;Taxation system;Total;Turnover without VAT;Turnover, VAT 0%;VAT 5%;VAT 7%;VAT 10%;VAT 20%;VAT 22%;VAT 5/105;VAT 7/107;VAT 10/110;VAT 20/120;VAT 22/122;Cash;Card;Prepaid;Credit;Other;Change;Status;receipt_id',
  `12;'9999322233119332;3599235197;1;12;2026-11-22 16:43;POS-7;sale;;;;;;;;;Ivanova A. A., senior cashier;osn;10549,90;149,90;0,00;0,00;0,00;0,00;0,00;1875,41;0,00;0,00;0,00;0,00;0,00;549,90;10000,00;0,00;0,00;0,00;0,00;synced;${RECEIPT_ID}`,
  '',
].join('\r\n')
