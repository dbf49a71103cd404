import type { DlqReason, FiscalDoc, Paper, ReceiptId } from '../domain/receipt.ts'
import type { Next, Status } from '../domain/state.ts'
import type { Database, SqlValue } from '../sqlite/database.ts'
import type { Documents } from './documents.ts'
import type { Failures } from './failures.ts'
import type { Gathered } from './gathered.ts'
import type { Seqs } from './seqs.ts'

type Deps = { wallMs: () => number; gathered: Gathered; failures: Failures; documents: Documents; seqs: Seqs }

const SENDER_STOPPED = 'the sender stopped before the OFD answered'

/** A receipt was not in the state that the transition leaves: two processes changed it, or a person did by hand. */
export class LostTransition extends Error {
  override readonly name = 'LostTransition'
}

/**
 * Every transition of a receipt, one function each. Each guards on the state it leaves, asserts that one row changed,
 * and reports to `gathered`.
 */
export function createTransitions(db: Database, deps: Deps) {
  const { failures, documents } = deps
  const transition = transitionsOf(db, deps)
  const printed = 'place = ?3, needs_paper = ?4, last_error = NULL'
  const acceptedToPrinting = transition('accepted', 'printing')
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

  const syncing = db.prepare<{ id: ReceiptId }>(
    `SELECT receipt_id AS id FROM receipts WHERE status = 'syncing' AND status <> 'synced' ORDER BY seq`,
  )
  const fiscalised = (id: ReceiptId, paper: Paper): void => {
    if (paper === 'missing') notePaper(deps, { id, status: 'pending', detail: 'fiscalised, and not on paper' })
  }

  return {
    /** accepted → printing for each of them, before the KKT is asked. */
    markPrinting(...ids: ReceiptId[]): void {
      for (const id of ids) acceptedToPrinting(id)
    },
    /** printing → pending: the KKT made a fiscal document. */
    recordPrinted(id: ReceiptId, doc: FiscalDoc, paper: Paper): void {
      printingToPending(id, null, documents.record(doc), missing(paper))
      fiscalised(id, paper)
    },
    /** printing → refused: the KKT definitely made none. */
    recordRefused(id: ReceiptId, reason: string): void {
      printingToRefused(id, reason, reason)
      failures.note(id, reason)
    },
    /** printing → unknown: it is not known whether the KKT made a document. */
    recordUnknown(id: ReceiptId, reason: string): void {
      printingToUnknown(id, reason, reason)
      failures.note(id, reason)
    },
    /** printing → accepted: the KKT was not asked after all. */
    recordNotAsked: (id: ReceiptId) => printingToAccepted(id),
    /** unknown → pending: a look-up has found it at the KKT. */
    recordFound(id: ReceiptId, doc: FiscalDoc, paper: Paper): void {
      unknownToPending(id, null, documents.record(doc), missing(paper))
      fiscalised(id, paper)
    },
    /** The document of a fiscalised receipt came out on paper after all. The status stays. */
    recordOnPaper: paperTransition(db, deps),
    /** unknown → accepted: a look-up has not found it at the KKT. */
    recordAbsent: (id: ReceiptId) => unknownToAccepted(id),
    /** pending → syncing, before the OFD is asked. */
    markSyncing: (id: ReceiptId) => markSyncing(id),
    /** syncing → synced: the OFD holds it. */
    recordSynced(id: ReceiptId, ofdId: string): void {
      syncingToSynced(id, null, ofdId)
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
    /** failed → pending: an operator wants another try. */
    requeue: (id: ReceiptId) => failedToPending(id),
    /** failed → closed: an operator has settled it in another way. Keeps the last error. */
    closeDeadLetter(id: ReceiptId, reason: string): void {
      failedToClosed(id, reason, reason)
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

function transitionsOf(db: Database, { wallMs, gathered, seqs }: Deps) {
  /** @param set further changes: ?1 is now, ?2 the receipt's seq, further values follow from ?3 */
  return <From extends Status>(from: From, to: Next<From>, set = '') => {
    const statement = db.prepare(
      `UPDATE states SET status = '${to}', changed_at_ms = ?1${set && `, ${set}`} WHERE seq = ?2 AND status = '${from}'`,
    )
    /** @param detail for the audit entry */
    return (id: ReceiptId, detail: string | null = null, ...values: SqlValue[]): void => {
      const atMs = wallMs()
      const seq = seqs.of(id)
      if (seq === null || statement.run(atMs, seq, ...values) !== 1)
        throw new LostTransition(`Receipt ${id} is not ${from}, so it cannot become ${to}`)
      gathered.moved({ id, from, to, atMs, detail })
    }
  }
}

const missing = (paper: Paper): number => (paper === 'missing' ? 1 : 0)

function failureCount(db: Database, { gathered, seqs }: Deps) {
  // A failure counts against a receipt when it is its first, or when another one got through since its last.
  const statement = db.prepare<{ retry_count: number }>(
    `UPDATE states SET
       retry_count = retry_count + (delivered_at_failure IS NULL OR delivered_at_failure < ?2),
       delivered_at_failure = ?2
     WHERE seq = ?1 RETURNING retry_count`,
  )
  return (id: ReceiptId): number => statement.get(seqs.of(id), gathered.tally().delivered)?.retry_count ?? 0
}

function paperTransition(db: Database, deps: Deps) {
  const statement = db.prepare<{ status: Status }>(
    `UPDATE states SET needs_paper = 0, changed_at_ms = ?1 WHERE seq = ?2 AND needs_paper = 1
     RETURNING status`,
  )
  return (id: ReceiptId): void => {
    const row = statement.get(deps.wallMs(), deps.seqs.of(id))
    if (!row) throw new LostTransition(`Receipt ${id} is not waiting for paper`)
    notePaper(deps, { id, status: row.status, detail: 'on paper now' })
  }
}

/** The audit log records the paper, too, although the status stays. */
function notePaper({ wallMs, gathered }: Deps, what: { id: ReceiptId; status: Status; detail: string }): void {
  const { id, status, detail } = what
  gathered.note({ atMs: wallMs(), kind: 'receipt', receiptId: id, from: status, to: status, detail })
}

export type Transitions = ReturnType<typeof createTransitions>
