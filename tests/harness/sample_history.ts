/** Parts of handmade histories, each numbered from 1. */
import type { ReceiptView } from './wire.ts'
import type { TillsFiscalDoc } from './wire_document.ts'
import type { FnDocument, FnReceipt } from './wire_kkt.ts'

export const TIME = '2026-01-31T12:00:00.000Z'
export const idOf = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** As the OFD gets it. */
export const docOf = (n: number): Omit<TillsFiscalDoc, 'test'> => ({
  fiscal_doc_number: n,
  receipt_number: n,
  shift_number: 1,
  total: n,
  fiscal_sign: '123456789',
  fiscal_datetime: '2026-01-31T15:00:00+03:00',
  fn_number: '9999000000000001',
  kkt_number: 'KKT-001',
  qr_code_data: `t=20260131T1500&s=${n}.00&fn=9999000000000001&i=${n}&fp=123456789&n=1`,
  operation: 'sale',
  registration_number: '0000000000123456',
  serial_number: 'TEST0000000001',
  seller: { name: 'ООО "ТЕСТ"', inn: '7700000009' },
  address: null,
  place: null,
  taxation_system: 'osn',
  cashier: null,
  vat_sums: [],
  payments: [{ type: 'card', amount: n }],
  change: 0,
  ffd_version: '1.2',
  fns_url: 'www.nalog.gov.ru',
  fiscal_instant: TIME,
})

export const tillsDocOf = (n: number): TillsFiscalDoc => ({ ...docOf(n), test: true })

export const rowOf = (n: number, pos_id: string): ReceiptView => ({
  receipt_id: idOf(n),
  pos_id,
  type: 'sale',
  status: 'synced',
  created_at: TIME,
  printed_at: TIME,
  synced_at: TIME,
  ofd_id: `OFD-${n}`,
  retry_count: 0,
  last_error: null,
  fiscal_doc: tillsDocOf(n),
})

export const fnDocumentOf = (n: number): FnReceipt => ({
  fiscal_doc_number: n,
  kind: 'receipt',
  receipt_id: idOf(n),
  shift_number: 1,
  receipt_number: n,
  on_paper: true,
})

/** A document of the FN that is no receipt. */
export const otherDocument = (n: number, kind: Exclude<FnDocument['kind'], 'receipt'>): FnDocument => ({
  fiscal_doc_number: n,
  kind,
  receipt_id: null,
  shift_number: 1,
  receipt_number: null,
  on_paper: true,
})

/** A run whose journal lost nothing. */
export const undamaged = () => ({ poisoned: ['poisoned'], isLossy: false })
