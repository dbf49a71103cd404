/** Documents to judge. */
import { idOf } from '../testing.ts'

/** A receipt of FFD 1.2 with all that this version wants. @param ofDocument changes of its fiscal document */
export function receiptOfFfd12(
  fd: number,
  change: Record<string, unknown> = {},
  ofDocument: Record<string, unknown> = {},
) {
  const cashier = { name: 'Ivanova A. A., cashier' }
  const item = { vat: 'vat22', payment_method: 'full_payment', payment_object: 'commodity', measure: 'piece' }
  return {
    receipt_id: idOf(fd),
    pos_id: 'POS-001',
    kkt_id: 'KKT-001',
    type: 'sale',
    items: [
      { ...item, name: 'Frame', price: 100.5, quantity: 2, total: 201, vat_rate: 22 },
      { ...item, name: 'Book', price: 10, quantity: 0.5, total: 5, vat: 'vat10', vat_rate: 10 },
    ],
    payments: [
      { type: 'card', amount: 100 },
      { type: 'cash', amount: 200 },
    ],
    total: 206,
    taxation_system: 'osn',
    cashier,
    ...change,
    fiscal_doc: {
      fiscal_doc_number: fd,
      fiscal_sign: '4294967295',
      fiscal_datetime: '2026-01-31T15:04:00+03:00',
      fn_number: '9999078900001234',
      kkt_number: 'KKT-001',
      shift_number: 1,
      receipt_number: fd,
      total: 206,
      qr_code_data: `t=20260131T1504&s=206.00&fn=9999078900001234&i=${fd}&fp=4294967295&n=1`,
      operation: 'sale',
      registration_number: '0000000001002292',
      serial_number: '00106900000001',
      seller: { name: 'Optika', inn: '7701234567' },
      address: 'Moscow, Lesnaya 1',
      place: 'Shop 3',
      taxation_system: 'osn',
      cashier,
      vat_sums: [
        { vat: 'vat22', sum: 36.25 },
        { vat: 'vat10', sum: 0.45 },
      ],
      payments: [
        { type: 'cash', amount: 106 },
        { type: 'card', amount: 100 },
      ],
      change: 94,
      ffd_version: '1.2',
      fns_url: 'www.nalog.gov.ru',
      fiscal_instant: '2026-01-31T12:04:00Z',
      test: true,
      ...ofDocument,
    },
  }
}

export const FN = '9999078900001234'

/** A receipt of FFD 1.2 as a cash register sends it by itself: by its FN and FD, without an id and without a till. */
export function registerReceipt(fd: number, ofDocument: Record<string, unknown> = {}) {
  const { receipt_id: _, pos_id: __, ...content } = receiptOfFfd12(fd, {}, ofDocument)
  return { fn_number: FN, fd_number: fd, kind: 'receipt', ...content }
}

/** A document of a cash register that is no receipt. */
export const registerOther = (fd: number, kind: string, fnNumber = FN) => ({
  fn_number: fnNumber,
  fd_number: fd,
  kind,
  kkt_id: 'KKT-001',
  fiscal_doc: {
    fiscal_doc_number: fd,
    fiscal_sign: '4294967295',
    fiscal_datetime: '2026-01-31T15:03:00+03:00',
    fn_number: fnNumber,
    ffd_version: '1.2',
  },
})

/** A copy with other values at these JSON Pointers. Undefined leaves the field out. */
export function changed(document: object, changes: Readonly<Record<string, unknown>>): object {
  const copy: object = structuredClone(document)
  for (const [pointer, value] of Object.entries(changes)) {
    const names = pointer.split('/').slice(1)
    const last = names.pop() ?? ''
    const part = names.reduce((of: object, name) => Object(Reflect.get(of, name)), copy)
    if (value === undefined) Reflect.deleteProperty(part, last)
    else Reflect.set(part, last, value)
  }
  return copy
}
