import type { InEach } from '@kkt/platform/language.ts'
import type { FencingToken } from './fencing_token.ts'
import type { FiscalDoc, FnReceipt, IdempotencyKey, Paper, ReceiptContent, ReceiptId } from './receipt.ts'
import type { ShiftDocument } from './shift.ts'
import type { TaskId, TaskResult, TaskWork } from './task.ts'

/**
 * A field for which a KKT makes no document, as a pointer into a till's body. `reason` continues a sentence that begins with the
 * field's name.
 */
export type Cannot = { pointer: string; reason: InEach<string> }

/** The KKT has seen a newer token and did nothing. */
type Outdated = { kind: 'outdated'; newest: FencingToken; reason: string }

/** The outcome of asking the KKT for a fiscal document. */
export type KktOutcome =
  /** `shiftOpened`: the shift was closed, so the KKT opened one first. */
  | { kind: 'done'; doc: FiscalDoc; paper: Paper; shiftOpened?: ShiftDocument }
  /** It made none. `isLasting`: it will refuse this receipt again; otherwise it may accept it later. */
  | { kind: 'refused'; isLasting: boolean; reason: string }
  /** The reply was lost, so the KKT may have made a document. Only `lookup` can tell. */
  | { kind: 'unknown'; reason: string }
  | Outdated

export type KktLookup =
  /** `shiftOpened`: the document right before it, where that opened the shift for it. */
  | { kind: 'found'; doc: FiscalDoc; paper: Paper; shiftOpened?: ShiftDocument }
  /**
   * The FN of this number holds no document of this receipt, and holders of older tokens can no longer have one made. An FN that
   * was replaced since may hold one.
   */
  | { kind: 'absent'; fnNumber: string }
  /** The FN of this number holds documents that may be of this receipt, or one that cannot be read. An operator has to tell. */
  | { kind: 'untellable'; fnNumber: string; reason: string }
  /** The KKT did not answer. */
  | { kind: 'unknown'; reason: string }
  | Outdated

/** A receipt as the driver gets it. The key finds its document again when the id is lost. */
export type ToFiscalize = { id: ReceiptId; key: IdempotencyKey; content: ReceiptContent }

/** A receipt in the FN that may be one of this adapter, and whose document carries no id. Only a look-up can tell whose it is. */
export type UnnamedReceipt = Omit<FnReceipt, 'id'> & { id: null }

/** A document in the FN. `receipt` is null for a document of another kind, such as a shift's opening, or of another adapter. */
export type FnDocument = { fdNumber: number; receipt: FnReceipt | UnnamedReceipt | null; ofShift: ShiftDocument | null }

export type KktKeyLookup =
  | { kind: 'found'; receipt: FnReceipt }
  | { kind: 'absent' }
  | Exclude<KktLookup, { kind: 'found' | 'absent' | 'untellable' }>

/** The outcome of printing once more what is closed in the FN. */
export type ReprintOutcome =
  | { kind: 'done' }
  /** `isLasting`: it will be refused again. */
  | { kind: 'refused'; isLasting: boolean; reason: string }
  | { kind: 'unknown'; reason: string }
  | Outdated

/** A task as the driver gets it. */
export type KktTask = { id: TaskId; work: TaskWork }

export type TaskOutcome =
  | { kind: 'done'; result: TaskResult }
  /** `isLasting`: it will be refused again; otherwise the KKT may do it later. */
  | { kind: 'refused'; isLasting: boolean; reason: string }
  /** The KKT may have done it. Only `lookupTask` can tell. */
  | { kind: 'unknown'; reason: string }
  | Outdated

export type TaskLookup =
  | { kind: 'done'; result: TaskResult }
  /** It was not done, and holders of older tokens can no longer have it done. */
  | { kind: 'absent'; fnNumber: string }
  /** The KKT answers, and has no way to tell. A person has to. */
  | { kind: 'untellable'; reason: string }
  /** The KKT did not answer. */
  | { kind: 'unknown'; reason: string }
  | Outdated
