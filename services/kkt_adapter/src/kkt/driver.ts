import type { FencingToken } from '../domain/fencing_token.ts'
import type { KktState, ShiftReport } from '../domain/kkt.ts'
import type {
  Cannot,
  FnDocument,
  KktKeyLookup,
  KktLookup,
  KktOutcome,
  KktTask,
  ReprintOutcome,
  TaskLookup,
  TaskOutcome,
  ToFiscalize,
} from '../domain/kkt_outcome.ts'
import type { IdempotencyKey, ReceiptContent, ReceiptId } from '../domain/receipt.ts'

/**
 * A cash register. Ask it for one thing at a time. Its calls never reject: failures are outcomes. It serves the newest
 * token that it has seen and refuses older ones, like a device whose only connection was taken over.
 */
export type KktDriver = {
  /** Its documents are none that the law knows. */
  readonly isMock: boolean
  /**
   * @param content with what the settings filled in
   * @returns why it cannot make such a document, by the registration that it told last; null where it can, or has told none
   */
  cannot(content: ReceiptContent): Cannot | null
  /**
   * Fiscalises receipts in this order and prints them. It takes the first one, and as many of the next as it makes at
   * once. It takes none behind one that it has trouble with, or whose printing takes time. A closed shift opens by itself.
   * @param receipts one at least
   * @returns the outcome of each receipt that it took, when their paper is out. It was not asked for the others
   */
  fiscalize(receipts: readonly ToFiscalize[], token: FencingToken): Promise<readonly KktOutcome[]>
  /** Finds the result of an earlier call for a receipt. */
  lookup(id: ReceiptId, token: FencingToken): Promise<KktLookup>
  /** Finds the result of an earlier call for an idempotency key, under any receipt id. Null: the KKT keeps no keys. */
  readonly lookupKey: ((key: IdempotencyKey, token: FencingToken) => Promise<KktKeyLookup>) | null
  /** Does a task that is no receipt. An opening while a shift is open, or a closing of one that is not, is refused for good. */
  perform(task: KktTask, token: FencingToken): Promise<TaskOutcome>
  /** Finds the result of an earlier call for a task. */
  lookupTask(task: KktTask, token: FencingToken): Promise<TaskLookup>
  /** The documents in the FN after an FD number, in order; null when the KKT does not answer. */
  documentsAfter(fdNumber: number, limit: number): Promise<FnDocument[] | null>
  /** Prints a receipt's document that is closed in the FN. Fiscalises nothing. */
  reprint(id: ReceiptId, token: FencingToken): Promise<ReprintOutcome>
  /**
   * Tells the FN that the OFD has all its documents up to this FD. A KKT whose FN has another number does nothing. Null: it delivers
   * by itself, and knows.
   */
  readonly confirmThrough: ((fnNumber: string, fdNumber: number) => Promise<void>) | null
  /** The KKT's own report, or null when it does not answer. */
  state(): Promise<KktState | null>
  /** The shift's counters, or null when the KKT does not answer. */
  shiftReport(): Promise<ShiftReport | null>
  close(): void
}
