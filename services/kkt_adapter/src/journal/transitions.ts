import type { DlqReason, FiscalDoc, Paper, ReceiptId } from '../domain/receipt.ts'
import type { Status } from '../domain/state.ts'
import type { Database, SqlValue } from '../sqlite/database.ts'
import type { Failures } from './failures.ts'
import type { Gathered } from './gathered.ts'

type Deps = { wallMs: () => number; gathered: Gathered; failures: Failures }

/** A receipt was not in the state that the transition leaves: two hands were on it, or a row was changed by hand. */
export class LostTransition extends Error {
  override readonly name = 'LostTransition'
}

/**
 * Every way in which a receipt changes state, one function each. Each guards on the state it leaves, asserts that one row
 * changed, and tells `gathered` of it.
 */
export function createTransitions(db: Database, deps: Deps) {
  const { wallMs, gathered, failures } = deps
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

  const reclaim = db.prepare<Moved>(
    `UPDATE receipts SET status = 'pending', changed_at_ms = ?, last_error = 'the sender stopped before the OFD answered'
     WHERE status = 'syncing' RETURNING receipt_id AS id, last_error AS detail`,
  )
  const fiscalised = (id: ReceiptId, paper: Paper): void => {
    if (paper === 'missing') notePaper(deps, { id, status: 'pending', detail: 'fiscalised, and not on paper' })
  }

  return {
    /** accepted → printing for each of them, before the KKT is asked. */
    markPrinting: printingMark(db, deps),
    /** printing → pending: the KKT made a fiscal document. */
    recordPrinted(id: ReceiptId, doc: FiscalDoc, paper: Paper): void {
      printingToPending(id, ...docValues(doc, paper))
      fiscalised(id, paper)
    },
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
    recordFound(id: ReceiptId, doc: FiscalDoc, paper: Paper): void {
      unknownToPending(id, ...docValues(doc, paper))
      fiscalised(id, paper)
    },
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
    countFailure: failureCount(db, gathered),
    /** syncing → pending for all that a former sender left behind. Only the holder of the lease may. */
    reclaimSyncing(): ReceiptId[] {
      const atMs = wallMs()
      const reclaimed = reclaim.all(atMs)
      for (const row of reclaimed) gathered.moved({ ...row, from: 'syncing', to: 'pending', atMs })
      return reclaimed.map(({ id }) => id)
    },
  }
}

/** Of a row that changed: what the audit log says beside it. */
type Moved = { id: ReceiptId; detail: string | null }

function transitionsOf(db: Database, { wallMs, gathered }: Deps) {
  /** @param set what else changes: ?1 is now, ?2 the id, further values follow from ?3 */
  return (from: Status, to: Status, set = '') => {
    const statement = db.prepare<Pick<Moved, 'detail'>>(
      `UPDATE receipts SET status = '${to}', changed_at_ms = ?1${set && `, ${set}`}
       WHERE receipt_id = ?2 AND status = '${from}' RETURNING ${to === 'closed' ? 'close_reason' : 'last_error'} AS detail`,
    )
    return (id: ReceiptId, ...values: SqlValue[]): void => {
      const atMs = wallMs()
      const row = statement.get(atMs, id, ...values)
      if (!row) throw lost(id, from, to)
      gathered.moved({ id, from, to, atMs, detail: row.detail })
    }
  }
}

const lost = (id: ReceiptId, from: Status, to: Status) =>
  new LostTransition(`Receipt ${id} is not ${from}, so it cannot become ${to}`)

/** In one statement: they are many, and nothing differs between them. */
function printingMark(db: Database, { wallMs, gathered }: Deps) {
  // The plus keeps the planner from reading all that are accepted, which may be very many while the KKT is away.
  const statement = db.prepare<Moved>(
    `UPDATE receipts SET status = 'printing', changed_at_ms = ?1
     WHERE receipt_id IN (SELECT value FROM json_each(?2)) AND +status = 'accepted'
     RETURNING receipt_id AS id, last_error AS detail`,
  )
  return (...ids: ReceiptId[]): void => {
    const atMs = wallMs()
    const marked = new Map(statement.all(atMs, JSON.stringify(ids)).map(({ id, detail }) => [id, detail]))
    for (const id of ids) {
      const detail = marked.get(id)
      if (detail === undefined) throw lost(id, 'accepted', 'printing')
      // One that is named twice is not accepted any more.
      marked.delete(id)
      gathered.moved({ id, from: 'accepted', to: 'printing', atMs, detail })
    }
  }
}

const docValues = (doc: FiscalDoc, paper: Paper): SqlValue[] => [
  doc.fnNumber,
  doc.fdNumber,
  JSON.stringify(doc),
  paper === 'missing' ? 1 : 0,
]

function failureCount(db: Database, gathered: Gathered) {
  // A failure counts against a receipt when it is its first, or when another one got through since its last.
  const statement = db.prepare<{ retry_count: number }>(
    `UPDATE receipts SET
       retry_count = retry_count + (delivered_at_failure IS NULL OR delivered_at_failure < ?2),
       delivered_at_failure = ?2
     WHERE receipt_id = ?1 RETURNING retry_count`,
  )
  return (id: ReceiptId): number => statement.get(id, gathered.tally().delivered)?.retry_count ?? 0
}

function paperTransition(db: Database, deps: Deps) {
  const statement = db.prepare<{ status: Status }>(
    `UPDATE receipts SET needs_paper = 0, changed_at_ms = ? WHERE receipt_id = ? AND needs_paper = 1
     RETURNING status`,
  )
  return (id: ReceiptId): void => {
    const row = statement.get(deps.wallMs(), id)
    if (!row) throw new LostTransition(`Receipt ${id} is not waiting for paper`)
    notePaper(deps, { id, status: row.status, detail: 'on paper now' })
  }
}

/** The audit log tells of the paper too, although the status stays the same. */
function notePaper({ wallMs, gathered }: Deps, what: { id: ReceiptId; status: Status; detail: string }): void {
  const { id, status, detail } = what
  gathered.note({ atMs: wallMs(), kind: 'receipt', receiptId: id, from: status, to: status, detail })
}

export type Transitions = ReturnType<typeof createTransitions>
