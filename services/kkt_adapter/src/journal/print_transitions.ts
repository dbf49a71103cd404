import type { Warning } from '../domain/differences.ts'
import type { FiscalDoc, Paper, ReceiptId } from '../domain/receipt.ts'
import type { ShiftDocument } from '../domain/shift.ts'
import type { Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import { LostTransition, type TransitionDeps, transitionsOf } from './transition.ts'

/** Transitions from `accepted` to the KKT's outcome. */
export function createPrintTransitions(db: Database, deps: TransitionDeps) {
  const { failures, documents, seqs } = deps
  const transition = transitionsOf(db, deps)
  const printed = 'place = ?3, needs_paper = ?4, last_error = NULL'
  const inKkt = db.prepare<{ fn_turn: number | null }>('SELECT fn_turn FROM totals')
  const acceptedToPrinting = transition('accepted', 'printing', 'handed_turn = ?3')
  const printingToPending = transition('printing', 'pending', printed)
  const unknownToPending = transition('unknown', 'pending', `${printed}, untold = 0`)
  const printingToRefused = transition('printing', 'refused', 'last_error = ?3')
  const printingToUnknown = transition('printing', 'unknown', 'last_error = ?3')
  const printingToNotMade = transition('printing', 'unknown', 'last_error = ?3, handed_turn = NULL')
  const printingToAccepted = transition('printing', 'accepted')
  const unknownToAccepted = transition('unknown', 'accepted', 'untold = 0')
  /** @param opening the document by which the KKT opened the shift for this receipt */
  function place(id: ReceiptId, doc: FiscalDoc, opening: ShiftDocument | undefined): number {
    const seq = seqs.of(id)
    if (opening !== undefined) documents.recordOfShift(opening, seq)
    return documents.record(doc, seq)
  }
  const fiscalised = (id: ReceiptId, paper: Paper): void => {
    if (paper === 'missing') note(deps, { id, status: 'pending', detail: 'fiscalised, and not on paper' })
  }

  return {
    /** accepted → printing for each of them, before the KKT is asked. */
    markPrinting(...ids: ReceiptId[]): void {
      const turn = inKkt.get()?.fn_turn ?? null
      for (const id of ids) acceptedToPrinting(id, null, turn)
    },
    /** printing → pending: the KKT made a fiscal document. */
    recordPrinted(id: ReceiptId, doc: FiscalDoc, paper: Paper, opening?: ShiftDocument): void {
      printingToPending(id, null, place(id, doc, opening), missing(paper))
      fiscalised(id, paper)
    },
    /** printing → refused: the KKT definitely made none. */
    recordRefused(id: ReceiptId, reason: string): void {
      printingToRefused(id, reason, reason)
      deps.noteRefused(id)
      failures.note(id, reason)
    },
    /** printing → unknown: it is not known whether the KKT made a document. */
    recordUnknown(id: ReceiptId, reason: string): void {
      printingToUnknown(id, reason, reason)
      failures.note(id, reason)
    },
    /**
     * printing → unknown: the KKT says that it made none for now. A look-up makes sure of it, in whichever FN the KKT then has.
     */
    recordPutOff(id: ReceiptId, reason: string): void {
      printingToNotMade(id, reason, reason)
      failures.note(id, reason)
    },
    /** printing → accepted: the KKT was not asked after all. */
    recordNotAsked: (id: ReceiptId) => printingToAccepted(id),
    /** unknown → pending: a look-up has found it at the KKT. */
    recordFound(id: ReceiptId, doc: FiscalDoc, paper: Paper, opening?: ShiftDocument): void {
      unknownToPending(id, null, place(id, doc, opening), missing(paper))
      fiscalised(id, paper)
    },
    /** The document of a fiscalised receipt came out on paper after all. The status stays. */
    recordOnPaper: paperTransition(db, deps, { set: '', detail: () => 'on paper now' }),
    /** The KKT never prints the document of a fiscalised receipt any more. The status stays. */
    recordPaperLost: paperTransition(db, deps, {
      set: ', paper_lost = 1',
      detail: (reason: string) => `never on paper: ${reason}`,
    }),
    /** Notes in the audit log what the KKT signed otherwise than the receipt is. The status stays. */
    noteDifferences(id: ReceiptId, found: readonly Warning[]): void {
      for (const { message } of found) note(deps, { id, status: 'pending', detail: message })
    },
    /** unknown → accepted: a look-up has not found it at the KKT. */
    recordAbsent: (id: ReceiptId) => unknownToAccepted(id),
  }
}

const missing = (paper: Paper): number => (paper === 'missing' ? 1 : 0)

/** Ends a receipt's waiting for paper. @param set a further change */
function paperTransition<Reason extends string[]>(
  db: Database,
  deps: TransitionDeps,
  { set, detail }: { set: string; detail: (...reason: Reason) => string },
) {
  const statement = db.prepare<{ status: Status }>(
    `UPDATE states SET needs_paper = 0, changed_at_ms = ?1${set} WHERE seq = ?2 AND needs_paper = 1
     RETURNING status`,
  )
  return (id: ReceiptId, ...reason: Reason): void => {
    const row = statement.get(deps.wallMs(), deps.seqs.of(id))
    if (!row) throw new LostTransition(`Receipt ${id} is not waiting for paper`)
    note(deps, { id, status: row.status, detail: detail(...reason) })
  }
}

/** The audit log records also what leaves the status as it is. */
function note({ wallMs, gathered }: TransitionDeps, what: { id: ReceiptId; status: Status; detail: string }): void {
  const { id, status, detail } = what
  gathered.note({ atMs: wallMs(), kind: 'receipt', receiptId: id, from: status, to: status, detail, who: null })
}
