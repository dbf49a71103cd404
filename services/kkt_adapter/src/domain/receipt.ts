import type { Status } from './state.ts'

/** A UUIDv7 minted by the hybrid logical clock. */
export type ReceiptId = string & { readonly __brand: 'ReceiptId' }
export type IdempotencyKey = string & { readonly __brand: 'IdempotencyKey' }

/** The checked content of a till's receipt. Money in kopecks, quantities in thousandths. */
export type ReceiptContent = {
  posId: string
  type: 'sale' | 'refund'
  items: { name: string; priceKopecks: number; quantityMilli: number; totalKopecks: number; vatRate: number | null }[]
  payments: { type: 'cash' | 'card' | 'other'; amountKopecks: number }[]
  totalKopecks: number
}

export type FiscalDoc = {
  /** Counted by the FN: 1, 2, 3… The registration and the documents of shifts take numbers, too. */
  fdNumber: number
  /** FPD: the FN's signature, an unsigned number of 32 bits in decimal, of at most ten digits. */
  fiscalSign: string
  /** ISO 8601 by the KKT's clock, in its own zone, with the offset. */
  fiscalDatetime: string
  fnNumber: string
  kktNumber: string
  shiftNumber: number
  /** Counted within the shift. */
  receiptNumber: number
  totalKopecks: number
  qrCodeData: string
}

/** Whether a document that is closed in the FN came out on paper. It is fiscalised either way. */
export type Paper = 'printed' | 'missing'

/** A receipt in the FN. `content` is null when the KKT does not say what was sold. */
export type FnReceipt = { id: ReceiptId; content: ReceiptContent | null; doc: FiscalDoc; paper: Paper }

/** A journaled receipt. Times are Unix milliseconds. */
export type Receipt = {
  id: ReceiptId
  content: ReceiptContent
  status: Status
  createdAtMs: number
  changedAtMs: number
  fiscalDoc: FiscalDoc | null
  printedAtMs: number | null
  /** Closed in the FN, but not on paper yet. */
  needsPaper: boolean
  /** It was sent to the OFD once without a clear outcome: look it up there before sending it again. */
  maybeAtOfd: boolean
  retryCount: number
  ofdId: string | null
  syncedAtMs: number | null
  dlqReason: DlqReason | null
  lastError: string | null
}

export type FiscalisedReceipt = Receipt & { fiscalDoc: FiscalDoc }

export const DLQ_REASONS = ['refused_by_ofd', 'retries_exhausted'] as const
export type DlqReason = (typeof DLQ_REASONS)[number]
