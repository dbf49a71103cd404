import type { FencingToken } from '../domain/fencing_token.ts'
import type { FiscalDoc, FnReceipt, IdempotencyKey, Paper, ReceiptContent, ReceiptId } from '../domain/receipt.ts'

/** The KKT has seen a newer token and did nothing. */
type Outdated = { kind: 'outdated'; newest: FencingToken; reason: string }

/** The outcome of asking the KKT for a fiscal document. */
export type KktOutcome =
  | { kind: 'done'; doc: FiscalDoc; paper: Paper }
  /** It made none. `isLasting`: it will refuse this receipt again; otherwise it may accept it later. */
  | { kind: 'refused'; isLasting: boolean; reason: string }
  /** The reply was lost, so the KKT may have made a document. Only `lookup` can tell. */
  | { kind: 'unknown'; reason: string }
  | Outdated

export type KktLookup =
  | { kind: 'found'; doc: FiscalDoc; paper: Paper }
  /** It made no document for this receipt, and holders of older tokens can no longer have one made. */
  | { kind: 'absent' }
  /** The KKT did not answer. */
  | { kind: 'unknown'; reason: string }
  | Outdated

/** A receipt as the driver gets it. The key finds its document again when the id is lost. */
export type ToFiscalize = { id: ReceiptId; key: IdempotencyKey; content: ReceiptContent }

/** A document in the FN. `receipt` is null for a document of another kind, such as a shift's opening. */
export type FnDocument = { fdNumber: number; receipt: FnReceipt | null }

export type KktKeyLookup = { kind: 'found'; receipt: FnReceipt } | Exclude<KktLookup, { kind: 'found' }>

/** The outcome of a task that makes no fiscal document and may be repeated. */
export type KktTask =
  | { kind: 'done' }
  /** `isLasting`: it will be refused again. */
  | { kind: 'refused'; isLasting: boolean; reason: string }
  | { kind: 'unknown'; reason: string }
  | Outdated

/** The reasons why a KKT that answers fiscalises nothing. */
export const KKT_TROUBLES = ['busy', 'paper_out', 'shift_expired', 'clock_behind', 'fn_full'] as const
export type KktTrouble = (typeof KKT_TROUBLES)[number]

/** Troubles that only a person can end. Until then the KKT refuses every receipt. */
const LASTING_TROUBLES: readonly KktTrouble[] = ['fn_full']
export const isLasting = (trouble: KktTrouble | null): trouble is KktTrouble =>
  trouble !== null && LASTING_TROUBLES.includes(trouble)

export type KktState = {
  kktNumber: string
  fnNumber: string
  /** Of the open shift, or of the last one; 0 before the first. */
  shiftNumber: number
  lastFdNumber: number
  trouble: KktTrouble | null
}

/**
 * A cash register. Ask it for one thing at a time. Its calls never reject: failures are outcomes. It serves the newest
 * token that it has seen and refuses older ones, like a device whose only connection was taken over.
 */
export type KktDriver = {
  /** Its documents are none that the law knows. */
  readonly isMock: boolean
  /**
   * Fiscalises receipts in this order and prints them. It takes the first one, and as many of the next as it makes at
   * once. It takes none behind one that it has trouble with, or whose printing takes time.
   * @param receipts one at least
   * @returns the outcome of each receipt that it took, when their paper is out. It was not asked for the others
   */
  fiscalize(receipts: readonly ToFiscalize[], token: FencingToken): Promise<readonly KktOutcome[]>
  /** Finds the result of an earlier call for a receipt. */
  lookup(id: ReceiptId, token: FencingToken): Promise<KktLookup>
  /** Finds the result of an earlier call for an idempotency key, under any receipt id. */
  lookupKey(key: IdempotencyKey, token: FencingToken): Promise<KktKeyLookup>
  /** The documents in the FN after an FD number, in order; null when the KKT does not answer. */
  documentsAfter(fdNumber: number, limit: number): Promise<FnDocument[] | null>
  /** Prints a receipt's document that is closed in the FN. Fiscalises nothing. */
  reprint(id: ReceiptId, token: FencingToken): Promise<KktTask>
  /** Closes the shift, if one is open, and opens the next. */
  renewShift(token: FencingToken): Promise<KktTask>
  /** The KKT's own report, or null when it does not answer. */
  state(): Promise<KktState | null>
  close(): void
}
