/** Values that the examples of shifts and tasks share. */

export const TASK_ID = '01a20425-9c1e-7000-b5f1-20c3ae1f8d01'

const ofShift = {
  fn_number: '9999322233119332',
  kkt_number: 'KKT-001',
  shift_number: 12,
  registration_number: '0000000001002292',
  serial_number: '0010690000000042',
  seller: { name: 'ООО «Оптика»', inn: '7701234567' },
  address: 'Москва, ул. Лесная, 1',
  place: 'Shop 3',
  cashier: { name: 'Ivanova A. A., senior cashier' },
  ffd_version: '1.2',
  fns_url: 'www.nalog.gov.ru',
  unsent_count: 0,
  unsent_since: null,
  fn_flags: [],
  test: true,
}

export const OPENING = {
  ...ofShift,
  kind: 'shift_opening',
  fiscal_doc_number: 64,
  fiscal_sign: '812004417',
  fiscal_datetime: '2026-11-22T09:00:00+03:00',
  fiscal_instant: '2026-11-22T06:00:00.000Z',
}

export const CLOSING = {
  ...ofShift,
  kind: 'shift_closing',
  fiscal_doc_number: 72,
  fiscal_sign: '2130706433',
  fiscal_datetime: '2026-11-22T21:30:00+03:00',
  fiscal_instant: '2026-11-22T18:30:00.000Z',
  receipt_count: 2,
  document_count: 4,
}

const operation = (count: number, cash: number, card: number) => ({
  count,
  sum: cash + card,
  payments: { cash, card, prepaid: 0, credit: 0, other: 0 },
})
const NOTHING = operation(0, 0, 0)

const totalsOf = (sale: object, cashIn: object) => ({
  sale,
  refund: NOTHING,
  buy: NOTHING,
  buy_refund: NOTHING,
  corrections: { count: 0, sale: NOTHING, refund: NOTHING, buy: NOTHING, buy_refund: NOTHING },
  cash_in: cashIn,
  cash_out: { count: 0, sum: 0 },
})

export const NO_TOTALS = totalsOf(NOTHING, { count: 0, sum: 0 })
export const TOTALS = totalsOf(operation(2, 1549.5, 10000), { count: 1, sum: 5000 })

export const DRAWER = { drawer: 6549.5, drawer_counted_by: 'kkt' }

/** A closing, as GET /v1/kkt/task/{task_id} tells it. */
export const CLOSING_TASK = {
  task_id: TASK_ID,
  kind: 'close_shift',
  status: 'done',
  created_at: '2026-11-22T18:30:02.410Z',
  changed_at: '2026-11-22T18:30:03.120Z',
  shift_number: 12,
  fiscal_doc: CLOSING,
  totals: TOTALS,
  ...DRAWER,
  last_error: null,
}
