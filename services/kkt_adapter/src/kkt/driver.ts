import type { FiscalDoc, ReceiptContent, ReceiptId } from '../receipts/receipt.ts'

/** What came of asking the KKT for a fiscal document. */
export type KktOutcome =
  | { kind: 'done'; doc: FiscalDoc }
  /** It definitely made none. */
  | { kind: 'refused'; reason: string }
  /** The reply was lost: it may have made one. Only `lookup` can tell. */
  | { kind: 'unknown'; reason: string }

export type KktLookup =
  | { kind: 'found'; doc: FiscalDoc }
  /** It made no document for this receipt. */
  | { kind: 'absent' }
  /** The KKT did not answer. */
  | { kind: 'unknown'; reason: string }

export type KktState = { kktNumber: string; fnNumber: string; shiftNumber: number; lastFdNumber: number }

/** A cash register. It is asked for one thing at a time. Nothing here rejects: what goes wrong is an outcome. */
export type KktDriver = {
  /** Has the receipt made a fiscal document, and printed. Resolves when the paper is out. */
  fiscalize(id: ReceiptId, content: ReceiptContent): Promise<KktOutcome>
  /** Asks what the KKT did for a receipt earlier. */
  lookup(id: ReceiptId): Promise<KktLookup>
  /** What the KKT says of itself, or null when it does not answer. */
  state(): Promise<KktState | null>
  close(): void
}
