export const RECEIPT_ID = '01a20425-88ce-7000-be2d-76eab0eb441e'

export const RECEIPT = {
  receipt_id: RECEIPT_ID,
  pos_id: 'POS-7',
  kkt_id: 'KKT-001',
  type: 'sale',
  items: [{ name: 'Lens cleaner, 30 ml', price: 149.9, quantity: 2, total: 299.8, vat_rate: 22 }],
  payments: [{ type: 'card', amount: 299.8 }],
  total: 299.8,
  fiscal_doc: {
    fiscal_doc_number: 12,
    fiscal_sign: '4599235197',
    fiscal_datetime: '2026-11-22T16:43:06Z',
    fn_number: '9999322233119332',
    kkt_number: 'KKT-001',
    shift_number: 1,
    receipt_number: 12,
    total: 299.8,
    qr_code_data: 't=20261122T1643&s=299.80&fn=9999322233119332&i=12&fp=4599235197&n=1',
  },
}

const { receipt_id: _, pos_id: __, ...content } = RECEIPT

export const REGISTER_RECEIPT = { fn_number: RECEIPT.fiscal_doc.fn_number, fd_number: 12, kind: 'receipt', ...content }

export const SHIFT_OPENING = {
  fn_number: RECEIPT.fiscal_doc.fn_number,
  fd_number: 11,
  kind: 'shift_opening',
  kkt_id: RECEIPT.kkt_id,
  fiscal_doc: {
    fiscal_doc_number: 11,
    fiscal_sign: '1842700513',
    fiscal_datetime: '2026-11-22T16:42:00Z',
    fn_number: RECEIPT.fiscal_doc.fn_number,
    shift_number: 1,
  },
}

export const ACCEPTED = { status: 'accepted', ofd_id: 'OFD-000001', timestamp: 1_795_365_786, receipt_id: RECEIPT_ID }

export const COUNTERS = {
  call_count: 1,
  receipts_received: 1,
  other_documents: 0,
  duplicates: 0,
  out_of_order: 0,
  stale_fence: 0,
  judged_wrong: 0,
}

export const CALL = {
  number: 1,
  time: '2026-11-22T16:43:06.080Z',
  operation: 'submit' as const,
  receipt_id: RECEIPT_ID,
  pos_id: RECEIPT.pos_id,
  kkt_id: RECEIPT.kkt_id,
  attempt: 1,
  fault: null,
  effect: true,
  reply_sent: true,
  status: 200,
  under_way: false,
  findings: [],
}

export const LEDGER_ROW = {
  ofd_id: ACCEPTED.ofd_id,
  kind: 'receipt',
  receipt_id: RECEIPT_ID,
  pos_id: RECEIPT.pos_id,
  kkt_id: RECEIPT.kkt_id,
  fn_number: RECEIPT.fiscal_doc.fn_number,
  fiscal_doc_number: RECEIPT.fiscal_doc.fiscal_doc_number,
  status: 'accepted',
  received_at: CALL.time,
  times_sent: 1,
  findings: [],
  document: RECEIPT,
}

export const DOCUMENT_ACCEPTED = {
  status: ACCEPTED.status,
  ofd_id: ACCEPTED.ofd_id,
  timestamp: ACCEPTED.timestamp,
  fn_number: REGISTER_RECEIPT.fn_number,
  fd_number: REGISTER_RECEIPT.fd_number,
  kind: REGISTER_RECEIPT.kind,
}

export const DOCUMENT_ROW = {
  ...LEDGER_ROW,
  receipt_id: `${REGISTER_RECEIPT.fn_number}/${REGISTER_RECEIPT.fd_number}`,
  pos_id: null,
  document: REGISTER_RECEIPT,
}

/** The ledger of an OFD that has taken nothing. */
export const EMPTY_LEDGER = {
  total: 0,
  entries: [],
  highestFdByTill: {},
  highestFenceByKkt: {},
  otherDocuments: 0,
  calls: 0,
  duplicates: 0,
  outOfOrder: 0,
  staleFence: 0,
  judgedWrong: 0,
}
