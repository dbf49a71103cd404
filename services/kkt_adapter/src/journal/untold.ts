import type { FiscalDoc, ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { LostTransition, type TransitionDeps, transitionsBy } from './transition.ts'

/**
 * Receipts whose outcome no look-up tells: their FN was replaced before it did, or holds several documents that may be theirs.
 * They stay `unknown`, and are looked up no more.
 */
export function createUntold(db: Database, deps: TransitionDeps) {
  const { wallMs, gathered, failures, documents, seqs } = deps
  const operators = transitionsBy(db, deps)
  const mark = db.prepare(
    `UPDATE states SET untold = 1, handed_turn = turn, last_error = ?3, changed_at_ms = ?1
     FROM fiscal_memories WHERE seq = ?2 AND status = 'unknown' AND untold = 0 AND fn_number = ?4`,
  )
  const isUntold = db.prepare<{ untold: 0 | 1 }>('SELECT untold FROM states WHERE seq = ?')
  const tellAttempt = db.prepare(
    `UPDATE attempts SET told_not_made = 1
     WHERE subject_id = ?1 AND number = (SELECT max(number) FROM attempts WHERE subject_id = ?1)`,
  )
  const toAccepted = operators('unknown', 'accepted', 'untold = 0, last_error = NULL')
  const toPending = operators('unknown', 'pending', 'untold = 0, place = ?3, last_error = NULL')

  /** @throws LostTransition */
  function assertUntold(id: ReceiptId): void {
    if (isUntold.get(seqs.of(id))?.untold !== 1) throw new LostTransition(`Receipt ${id} is not untold`)
  }

  return {
    /**
     * Marks a receipt of unknown outcome: only an operator can tell it. The status stays.
     * @param fnNumber the FN that may hold its document, which the journal has met
     */
    recordUntold(id: ReceiptId, fnNumber: string, reason: string): void {
      const atMs = wallMs()
      if (mark.run(atMs, seqs.of(id), reason, fnNumber) !== 1)
        throw new LostTransition(`Receipt ${id} cannot become untold`)
      const from = 'unknown'
      gathered.note({ atMs, kind: 'receipt', receiptId: id, from, to: from, detail: reason, who: null })
      failures.note(id, reason)
    },
    /** unknown → accepted: an operator says that the FN made no document, so the receipt is printed. */
    settleNotPrinted(id: ReceiptId, who: string | null): void {
      assertUntold(id)
      tellAttempt.run(id)
      toAccepted(id, { detail: 'an operator says that it was not printed', who })
      failures.settle()
    },
    /** unknown → pending: an operator tells the document that the FN made. */
    settlePrinted(id: ReceiptId, doc: FiscalDoc, who: string | null): void {
      assertUntold(id)
      const detail = `an operator says that it was printed as document ${doc.fdNumber} of FN ${doc.fnNumber}`
      toPending(id, { detail, who }, documents.record(doc, seqs.of(id)))
      failures.settle()
    },
  }
}
