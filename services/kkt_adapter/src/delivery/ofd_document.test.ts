import { expect, test } from 'bun:test'
import type { FiscalisedReceipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { wireFiscalDoc } from '../domain/wire_forms.ts'
import { fiscalDoc } from '../testing/kit.ts'
import { ofdDocument } from './ofd_document.ts'

const CONTENT: ReceiptContent = {
  posId: 'POS-007',
  type: 'refund',
  totalKopecks: 22_490,
  items: [
    { name: 'Оправа 👓', priceKopecks: 14_990, quantityMicro: 1_500_000, totalKopecks: 22_485, vat: 'vat22' },
    { name: 'Cloth', priceKopecks: 5, quantityMicro: 1_000_000, totalKopecks: 5, vat: 'none' },
  ],
  payments: [
    { type: 'card', amountKopecks: 22_400 },
    { type: 'other', amountKopecks: 90 },
  ],
}

const RECEIPT: FiscalisedReceipt = {
  id: '01900000-0000-7000-8000-000000000001' as ReceiptId,
  status: 'syncing',
  content: CONTENT,
  fiscalDoc: { ...fiscalDoc(7), totalKopecks: 22_490 },
  createdAtMs: 1,
  changedAtMs: 2,
  printedAtMs: 3,
  needsPaper: false,
  isPaperLost: false,
  maybeAtOfd: true,
  retryCount: 4,
  ofdId: null,
  syncedAtMs: null,
  dlqReason: null,
  lastError: 'an error',
  untoldFn: null,
}

const WIRE_DOC = {
  fiscal_doc_number: 7,
  fiscal_sign: '0123456789',
  fiscal_datetime: '2026-01-31T12:00:00Z',
  fn_number: '9999000000000001',
  kkt_number: 'KKT-001',
  shift_number: 1,
  receipt_number: 7,
  total: 224.9,
  qr_code_data: 't=20260131T1200&s=100.00&fn=9999000000000001&i=1&fp=0123456789&n=1',
}

test('a fiscal document is in roubles and in the names of the wire', () => {
  expect(wireFiscalDoc(RECEIPT.fiscalDoc)).toEqual(WIRE_DOC)
})

test('the OFD is sent what the till sent, what the KKT made of it, and nothing of how it fared here', () => {
  expect(ofdDocument(RECEIPT, 'KKT-007')).toEqual({
    receipt_id: RECEIPT.id,
    pos_id: 'POS-007',
    kkt_id: 'KKT-007',
    type: 'refund',
    total: 224.9,
    items: [
      { name: 'Оправа 👓', price: 149.9, quantity: 1.5, total: 224.85, vat_rate: 22, vat: 'vat22' },
      { name: 'Cloth', price: 0.05, quantity: 1, total: 0.05, vat_rate: null, vat: 'none' },
    ],
    payments: [
      { type: 'card', amount: 224 },
      { type: 'other', amount: 0.9 },
    ],
    fiscal_doc: WIRE_DOC,
  })
})
