import type { Warning } from '../domain/differences.ts'
import type { FiscalDoc, Paper, ReceiptId } from '../domain/receipt.ts'
import type { Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import { LostTransition, type TransitionDeps, transitionsOf } from './transition.ts'

/** Transitions from `accepted` to the KKT's outcome. */
export function createPrintTransitions(db: Database, deps: TransitionDeps) {
  const { failures, documents, seqs } = deps
  const transition = transitionsOf(db, deps)
  const printed = 'place = ?3, needs_paper = ?4, last_error = NULL'
  const acceptedToPrinting = transition('accepted', 'printing')
  const printingToPending = transition('printing', 'pending', printed)
  const unknownToPending = transition('unknown', 'pending', printed)
  const printingToRefused = transition('printing', 'refused', 'last_error = ?3')
  const printingToUnknown = transition('printing', 'unknown', 'last_error = ?3')
  const printingToAccepted = transition('printing', 'accepted')
  const unknownToAccepted = transition('unknown', 'accepted')
  const fiscalised = (id: ReceiptId, paper: Paper): void => {
    if (paper === 'missing') note(deps, { id, status: 'pending', detail: 'fiscalised, and not on paper' })
  }

  return {
    /** accepted → printing for each of them, before the KKT is asked. */
    markPrinting(...ids: ReceiptId[]): void {
      for (const id of ids) acceptedToPrinting(id)
    },
    /** printing → pending: the KKT made a fiscal document. */
    recordPrinted(id: ReceiptId, doc: FiscalDoc, paper: Paper): void {
      printingToPending(id, null, documents.record(doc, seqs.of(id)), missing(paper))
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
      unknownToPending(id, null, documents.record(doc, seqs.of(id)), missing(paper))
      fiscalised(id, paper)
    },
    /** The document of a fiscalised receipt came out on paper after all. The status stays. */
    recordOnPaper: paperTransition(db, deps),
    /** Notes in the audit log what the KKT signed otherwise than the receipt is. The status stays. */
    noteDifferences(id: ReceiptId, found: readonly Warning[]): void {
      for (const { message } of found) note(deps, { id, status: 'pending', detail: message })
    },
    /** unknown → accepted: a look-up has not found it at the KKT. */
    recordAbsent: (id: ReceiptId) => unknownToAccepted(id),
  }
}

const missing = (paper: Paper): number => (paper === 'missing' ? 1 : 0)

function paperTransition(db: Database, deps: TransitionDeps) {
  const statement = db.prepare<{ status: Status }>(
    `UPDATE states SET needs_paper = 0, changed_at_ms = ?1 WHERE seq = ?2 AND needs_paper = 1
     RETURNING status`,
  )
  return (id: ReceiptId): void => {
    const row = statement.get(deps.wallMs(), deps.seqs.of(id))
    if (!row) throw new LostTransition(`Receipt ${id} is not waiting for paper`)
    note(deps, { id, status: row.status, detail: 'on paper now' })
  }
}

/** The audit log records also what leaves the status as it is. */
function note({ wallMs, gathered }: TransitionDeps, what: { id: ReceiptId; status: Status; detail: string }): void {
  const { id, status, detail } = what
  gathered.note({ atMs: wallMs(), kind: 'receipt', receiptId: id, from: status, to: status, detail })
}
