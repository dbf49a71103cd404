import type { DlqReason, ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { type TransitionDeps, transitionsBy, transitionsOf } from './transition.ts'

const FN_TAKEN_OUT = 'its FN was replaced before it told that the OFD holds the receipt'
const SENDER_STOPPED = 'the sender stopped before the OFD answered'

/** Transitions from `pending` to the OFD's outcome, and an operator's for dead letters. */
export function createDeliveryTransitions(db: Database, deps: TransitionDeps) {
  const { failures } = deps
  const transition = transitionsOf(db, deps)
  const operators = transitionsBy(db, deps)
  const markSyncing = transition('pending', 'syncing', 'maybe_at_ofd = 1')
  const syncingToSynced = transition('syncing', 'synced', 'ofd_id = ?3, synced_at_ms = ?1, last_error = NULL')
  const syncingToPending = transition('syncing', 'pending', 'last_error = coalesce(?3, last_error), maybe_at_ofd = ?4')
  const syncingToFailed = transition('syncing', 'failed', 'dlq_reason = ?3, last_error = ?4, maybe_at_ofd = ?5')
  const pendingToSynced = transition('pending', 'synced', 'synced_at_ms = ?1, last_error = NULL')
  const pendingToClosed = operators('pending', 'closed', 'close_reason = ?3, last_error = ?4')
  const failedToPending = operators(
    'failed',
    'pending',
    'dlq_reason = NULL, retry_count = 0, delivered_at_failure = NULL',
  )
  const failedToClosed = operators('failed', 'closed', 'dlq_reason = NULL, close_reason = ?3')
  const syncing = db.prepare<{ id: ReceiptId }>(
    `SELECT receipt_id AS id FROM receipts WHERE status = 'syncing' AND status <> 'synced' ORDER BY seq`,
  )

  return {
    /** pending → syncing, before the OFD is asked. */
    markSyncing: (id: ReceiptId) => markSyncing(id),
    /** syncing → synced: the OFD holds it. */
    recordSynced(id: ReceiptId, ofdId: string): void {
      syncingToSynced(id, null, ofdId)
      failures.settle()
    },
    /** pending → synced: the KKT, which delivers by itself, has told that the OFD holds it. */
    recordHandedOver(id: ReceiptId): void {
      pendingToSynced(id)
      failures.settle()
    },
    /** pending → closed: its FN cannot tell any more whether the OFD holds it, and an operator says how it was settled. */
    closeUntraced(id: ReceiptId, reason: string, who: string | null): void {
      pendingToClosed(id, { detail: reason, who }, reason, FN_TAKEN_OUT)
      failures.settle()
    },
    /** syncing → pending: not delivered, as far as is known. A null error keeps the earlier one. */
    recordUndelivered(id: ReceiptId, error: string | null, maybeAtOfd: boolean): void {
      syncingToPending(id, error, error, maybeAtOfd ? 1 : 0)
      if (error !== null) failures.note(id, error)
    },
    /** syncing → failed: into the DLQ. */
    deadLetter(id: ReceiptId, reason: DlqReason, error: string, maybeAtOfd: boolean): void {
      syncingToFailed(id, error, reason, error, maybeAtOfd ? 1 : 0)
      failures.note(id, error)
    },
    /** failed → pending: an operator wants another try. `who`: for the audit log. */
    requeue: (id: ReceiptId, who: string | null = null) => failedToPending(id, { detail: null, who }),
    /** failed → closed: an operator has settled it in another way. Keeps the last error. */
    closeDeadLetter(id: ReceiptId, reason: string, who: string | null = null): void {
      failedToClosed(id, { detail: reason, who }, reason)
      failures.settle()
    },
    /** Counts a failed delivery against this receipt, when others got through. Returns its new retry count. */
    countFailure: failureCount(db, deps),
    /** syncing → pending for all that an earlier sender left. Only the holder of the lease may call it. */
    reclaimSyncing(): ReceiptId[] {
      const ids = syncing.all().map(({ id }) => id)
      for (const id of ids) syncingToPending(id, SENDER_STOPPED, SENDER_STOPPED, 1)
      return ids
    },
  }
}

function failureCount(db: Database, { gathered, seqs }: TransitionDeps) {
  // A failure counts against a receipt when it is its first, or when another one got through since its last.
  const statement = db.prepare<{ retry_count: number }>(
    `UPDATE states SET
       retry_count = retry_count + (delivered_at_failure IS NULL OR delivered_at_failure < ?2),
       delivered_at_failure = ?2
     WHERE seq = ?1 RETURNING retry_count`,
  )
  return (id: ReceiptId): number => statement.get(seqs.of(id), gathered.tally().delivered)?.retry_count ?? 0
}
