import type { FencingToken } from '../domain/fencing_token.ts'
import type { FiscalDoc, FnReceipt, IdempotencyKey, Paper, ReceiptContent, ReceiptId } from '../domain/receipt.ts'

/** The KKT has seen a newer token: it did nothing for this one. */
type Outdated = { kind: 'outdated'; newest: FencingToken; reason: string }

/** What came of asking the KKT for a fiscal document. */
export type KktOutcome =
  | { kind: 'done'; doc: FiscalDoc; paper: Paper }
  /** It definitely made none. `isLasting`: nor will it when asked again; else it will once its trouble is over. */
  | { kind: 'refused'; isLasting: boolean; reason: string }
  /** The reply was lost: it may have made one. Only `lookup` can tell. */
  | { kind: 'unknown'; reason: string }
  | Outdated

export type KktLookup =
  | { kind: 'found'; doc: FiscalDoc; paper: Paper }
  /** It made no document for this receipt, and whoever held an older token can have none made any more. */
  | { kind: 'absent' }
  /** The KKT did not answer. */
  | { kind: 'unknown'; reason: string }
  | Outdated

/** A receipt as the KKT is handed it. The key finds its document again where the id is lost. */
export type ToFiscalize = { id: ReceiptId; key: IdempotencyKey; content: ReceiptContent }

/** A document in the FN. `receipt` is null for a document of another kind, such as a shift's opening. */
export type FnDocument = { fdNumber: number; receipt: FnReceipt | null }

export type KktKeyLookup = { kind: 'found'; receipt: FnReceipt } | Exclude<KktLookup, { kind: 'found' }>

/** What came of a task that makes no fiscal document and may be repeated. */
export type KktTask =
  | { kind: 'done' }
  /** `isLasting`: it will be, too, when it is asked again. */
  | { kind: 'refused'; isLasting: boolean; reason: string }
  | { kind: 'unknown'; reason: string }
  | Outdated

/** Why a KKT that answers fiscalises nothing. */
export const KKT_TROUBLES = ['busy', 'paper_out', 'shift_expired', 'fn_full'] as const
export type KktTrouble = (typeof KKT_TROUBLES)[number]

/** Troubles that no wait ends: a person has to do something to the KKT. Until then it refuses every receipt. */
const LASTING_TROUBLES: readonly KktTrouble[] = ['fn_full']
export const isLasting = (trouble: KktTrouble | null): trouble is KktTrouble =>
  trouble !== null && LASTING_TROUBLES.includes(trouble)

export type KktState = {
  kktNumber: string
  fnNumber: string
  shiftNumber: number
  lastFdNumber: number
  trouble: KktTrouble | null
}

/**
 * A cash register. It is asked for one thing at a time. Nothing here rejects: what goes wrong is an outcome. It serves the
 * newest token that it has seen and refuses older ones, as a device does whose one connection was taken over.
 */
export type KktDriver = {
  /** Has the receipt made a fiscal document, and printed. Resolves when the paper is out. */
  fiscalize(receipt: ToFiscalize, token: FencingToken): Promise<KktOutcome>
  /** Asks what the KKT did for a receipt earlier. */
  lookup(id: ReceiptId, token: FencingToken): Promise<KktLookup>
  /** Asks what the KKT did for an idempotency key earlier, under whichever receipt's id. */
  lookupKey(key: IdempotencyKey, token: FencingToken): Promise<KktKeyLookup>
  /** The documents in the FN after an FD number, in their order, or null when the KKT does not answer. */
  documentsAfter(fdNumber: number, limit: number): Promise<FnDocument[] | null>
  /** Has the document of a receipt, which is closed in the FN, printed on paper. Fiscalises nothing. */
  reprint(id: ReceiptId, token: FencingToken): Promise<KktTask>
  /** Closes the shift and opens the next. */
  renewShift(token: FencingToken): Promise<KktTask>
  /** What the KKT says of itself, or null when it does not answer. */
  state(): Promise<KktState | null>
  close(): void
}
