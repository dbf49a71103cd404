import type { ReceiptId } from '../domain/receipt.ts'
import type { Next, Status } from '../domain/state.ts'
import type { Database, SqlValue } from '../sqlite/database.ts'
import type { Documents } from './documents.ts'
import type { Failures } from './failures.ts'
import type { Gathered } from './gathered.ts'
import type { Seqs } from './seqs.ts'

export type TransitionDeps = {
  wallMs: () => number
  gathered: Gathered
  failures: Failures
  documents: Documents
  seqs: Seqs
  /** Told of each receipt that the KKT refuses. */
  noteRefused: (id: ReceiptId) => void
}

/** A receipt was not in the state that the transition leaves: two processes changed it, or a person did by hand. */
export class LostTransition extends Error {
  override readonly name = 'LostTransition'
}

/** Makes the transitions that the adapter makes by itself. */
export function transitionsOf(db: Database, deps: TransitionDeps) {
  const by = transitionsBy(db, deps)
  /** @param set as in `transitionsBy` */
  return <From extends Status>(from: From, to: Next<From>, set = '') => {
    const transition = by(from, to, set)
    /** @param detail for the audit entry */
    return (id: ReceiptId, detail: string | null = null, ...values: SqlValue[]): void =>
      transition(id, { detail, who: null }, ...values)
  }
}

/** The parts of the audit entry that the transition does not say. */
type Said = { detail: string | null; who: string | null }

/**
 * Makes transitions that a client asks for. Each guards on the state it leaves, asserts that one row changed, and reports
 * to `gathered`.
 */
export function transitionsBy(db: Database, { wallMs, gathered, seqs }: TransitionDeps) {
  /** @param set further changes: ?1 is now, ?2 the receipt's seq, further values follow from ?3 */
  return <From extends Status>(from: From, to: Next<From>, set = '') => {
    const statement = db.prepare(
      `UPDATE states SET status = '${to}', changed_at_ms = ?1${set && `, ${set}`} WHERE seq = ?2 AND status = '${from}'`,
    )
    return (id: ReceiptId, { detail, who }: Said, ...values: SqlValue[]): void => {
      const atMs = wallMs()
      const seq = seqs.of(id)
      if (seq === null || statement.run(atMs, seq, ...values) !== 1)
        throw new LostTransition(`Receipt ${id} is not ${from}, so it cannot become ${to}`)
      gathered.moved({ id, from, to, atMs, detail, who })
    }
  }
}
