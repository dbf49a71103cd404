import type { Status } from './state.ts'

/** UUIDv7 minted by the hybrid logical clock. */
export type ReceiptId = string & { readonly __brand: 'ReceiptId' }
export type IdempotencyKey = string & { readonly __brand: 'IdempotencyKey' }

/** What a till asked for, checked. Money in kopecks, quantities in thousandths. */
export type ReceiptContent = {
  posId: string
  type: 'sale' | 'refund'
  items: { name: string; priceKopecks: number; quantityMilli: number; totalKopecks: number; vatRate: number | null }[]
  payments: { type: 'cash' | 'card' | 'other'; amountKopecks: number }[]
  totalKopecks: number
}

/** What the KKT made of it. */
export type FiscalDoc = {
  /** Counted by the FN: 1, 2, 3… */
  fdNumber: number
  /** FPD: the FN's ten-digit signature. */
  fiscalSign: string
  /** ISO 8601, UTC, whole seconds: the KKT's own clock. */
  fiscalDatetime: string
  fnNumber: string
  kktNumber: string
  shiftNumber: number
  /** Within the shift. */
  receiptNumber: number
  totalKopecks: number
  qrCodeData: string
}

/** Whether a document that is closed in the FN came out on paper. Fiscalised it is either way. */
export type Paper = 'printed' | 'missing'

/** A receipt as the FN holds it. `content` is null where the KKT does not tell what was sold. */
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
  /** Closed in the FN, and not on paper yet. */
  needsPaper: boolean
  /** It was handed to the OFD once without a clear outcome: look it up there before sending it again. */
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
