import type { DlqReason, FiscalDoc, Paper, ReceiptId } from '../domain/receipt.ts'
import type { Status } from '../domain/state.ts'
import type { Database, SqlValue } from '../sqlite/database.ts'
import type { Failures } from './failures.ts'

/** A receipt was not in the state that the transition leaves: two hands were on it, or a row was changed by hand. */
export class LostTransition extends Error {
  override readonly name = 'LostTransition'
}

/**
 * Every way in which a receipt changes state, one function each. Each guards on the state it leaves and asserts that one
 * row changed.
 */
export function createTransitions(db: Database, deps: { wallMs: () => number; failures: Failures }) {
  const { failures } = deps
  const transition = transitionsOf(db, deps)
  const printed = `fn_number = ?3, fd_number = ?4, fiscal_doc = ?5, needs_paper = ?6, printed_at_ms = ?1,
    last_error = NULL`
  const printingToPending = transition('printing', 'pending', printed)
  const unknownToPending = transition('unknown', 'pending', printed)
  const printingToRefused = transition('printing', 'refused', 'last_error = ?3')
  const printingToUnknown = transition('printing', 'unknown', 'last_error = ?3')
  const printingToAccepted = transition('printing', 'accepted')
  const unknownToAccepted = transition('unknown', 'accepted')
  const markSyncing = transition('pending', 'syncing', 'maybe_at_ofd = 1')
  const syncingToSynced = transition('syncing', 'synced', 'ofd_id = ?3, synced_at_ms = ?1, last_error = NULL')
  const syncingToPending = transition('syncing', 'pending', 'last_error = coalesce(?3, last_error), maybe_at_ofd = ?4')
  const syncingToFailed = transition('syncing', 'failed', 'dlq_reason = ?3, last_error = ?4, maybe_at_ofd = ?5')
  const failedToPending = transition(
    'failed',
    'pending',
    'dlq_reason = NULL, retry_count = 0, delivered_at_failure = NULL',
  )
  const failedToClosed = transition('failed', 'closed', 'dlq_reason = NULL, close_reason = ?3')

  const reclaim = db.prepare<{ receipt_id: ReceiptId }>(
    `UPDATE receipts SET status = 'pending', changed_at_ms = ?, last_error = 'the sender stopped before the OFD answered'
     WHERE status = 'syncing' RETURNING receipt_id`,
  )

  return {
    /** accepted → printing for each of them, before the KKT is asked. */
    markPrinting: printingMark(db, deps),
    /** printing → pending: the KKT made a fiscal document. */
    recordPrinted: (id: ReceiptId, doc: FiscalDoc, paper: Paper) => printingToPending(id, ...docValues(doc, paper)),
    /** printing → refused: the KKT definitely made none. */
    recordRefused(id: ReceiptId, reason: string): void {
      printingToRefused(id, reason)
      failures.note(id, reason)
    },
    /** printing → unknown: nobody here knows whether it made one. */
    recordUnknown(id: ReceiptId, reason: string): void {
      printingToUnknown(id, reason)
      failures.note(id, reason)
    },
    /** printing → accepted: the KKT was not asked after all. */
    recordNotAsked: (id: ReceiptId) => printingToAccepted(id),
    /** unknown → pending: looked up at the KKT, it is there. */
    recordFound: (id: ReceiptId, doc: FiscalDoc, paper: Paper) => unknownToPending(id, ...docValues(doc, paper)),
    /** The document of a fiscalised receipt came out on paper after all. Its status stays what it is. */
    recordOnPaper: paperTransition(db, deps),
    /** unknown → accepted: looked up at the KKT, it is not there. */
    recordAbsent: (id: ReceiptId) => unknownToAccepted(id),
    /** pending → syncing, before the OFD is asked. */
    markSyncing: (id: ReceiptId) => markSyncing(id),
    /** syncing → synced: the OFD holds it. */
    recordSynced(id: ReceiptId, ofdId: string): void {
      syncingToSynced(id, ofdId)
      failures.settle()
    },
    /** syncing → pending: not delivered, as far as is known. A null error keeps the one before. */
    recordUndelivered(id: ReceiptId, error: string | null, maybeAtOfd: boolean): void {
      syncingToPending(id, error, maybeAtOfd ? 1 : 0)
      if (error !== null) failures.note(id, error)
    },
    /** syncing → failed: into the DLQ. */
    deadLetter(id: ReceiptId, reason: DlqReason, error: string, maybeAtOfd: boolean): void {
      syncingToFailed(id, reason, error, maybeAtOfd ? 1 : 0)
      failures.note(id, error)
    },
    /** failed → pending: an operator wants it tried again. */
    requeue: (id: ReceiptId) => failedToPending(id),
    /** failed → closed: an operator has settled it in another way. Keeps the last error. */
    closeDeadLetter(id: ReceiptId, reason: string): void {
      failedToClosed(id, reason)
      failures.settle()
    },
    /** Counts a failed delivery against the receipt alone, where others got through. Returns its new retry count. */
    countFailure: failureCount(db),
    /** syncing → pending for all that a former sender left behind. Only the holder of the lease may. */
    reclaimSyncing: (): ReceiptId[] => reclaim.all(deps.wallMs()).map((row) => row.receipt_id),
  }
}

function transitionsOf(db: Database, deps: { wallMs: () => number }) {
  /** @param set what else changes: ?1 is now, ?2 the id, further values follow from ?3 */
  return (from: Status, to: Status, set = '') => {
    const statement = db.prepare(
      `UPDATE receipts SET status = '${to}', changed_at_ms = ?1${set && `, ${set}`}
       WHERE receipt_id = ?2 AND status = '${from}'`,
    )
    return (id: ReceiptId, ...values: SqlValue[]): void => {
      if (statement.run(deps.wallMs(), id, ...values) === 0) throw lost(id, from, to)
    }
  }
}

const lost = (id: ReceiptId, from: Status, to: Status) =>
  new LostTransition(`Receipt ${id} is not ${from}, so it cannot become ${to}`)

/** In one statement: they are many, and nothing differs between them. */
function printingMark(db: Database, deps: { wallMs: () => number }) {
  // The plus keeps the planner from reading all that are accepted, which may be very many while the KKT is away.
  const statement = db.prepare<{ receipt_id: ReceiptId }>(
    `UPDATE receipts SET status = 'printing', changed_at_ms = ?1
     WHERE receipt_id IN (SELECT value FROM json_each(?2)) AND +status = 'accepted' RETURNING receipt_id`,
  )
  return (...ids: ReceiptId[]): void => {
    const marked = new Set(statement.all(deps.wallMs(), JSON.stringify(ids)).map((row) => row.receipt_id))
    for (const id of ids) if (!marked.has(id)) throw lost(id, 'accepted', 'printing')
  }
}

const docValues = (doc: FiscalDoc, paper: Paper): SqlValue[] => [
  doc.fnNumber,
  doc.fdNumber,
  JSON.stringify(doc),
  paper === 'missing' ? 1 : 0,
]

function failureCount(db: Database) {
  // A failure counts against a receipt when it is its first, or when another one got through since its last.
  const statement = db.prepare<{ retry_count: number }>(
    `UPDATE receipts SET
       retry_count = retry_count + (delivered_at_failure IS NULL OR delivered_at_failure < totals.delivered),
       delivered_at_failure = totals.delivered
     FROM totals WHERE receipt_id = ? RETURNING retry_count`,
  )
  return (id: ReceiptId): number => statement.get(id)?.retry_count ?? 0
}

function paperTransition(db: Database, deps: { wallMs: () => number }) {
  const statement = db.prepare(
    'UPDATE receipts SET needs_paper = 0, changed_at_ms = ? WHERE receipt_id = ? AND needs_paper = 1',
  )
  return (id: ReceiptId): void => {
    if (statement.run(deps.wallMs(), id) === 0) throw new LostTransition(`Receipt ${id} is not waiting for paper`)
  }
}

export type Transitions = ReturnType<typeof createTransitions>
