import type { ReceiptId } from '../domain/receipt.ts'
import type { Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import { VALUE } from './rows.ts'
import type { TillThousands } from './till_thousands.ts'

/** A receipt's state, and the keys to its other rows. */
export type Removed = { seq: number; status: Status; place: number | null }
export const REMOVED = 'seq, status, place'

/** Removes receipts with all their rows except the audit log's. */
export function createRemoval(db: Database, { gathered, thousands }: { gathered: Gathered; thousands: TillThousands }) {
  const find = db.prepare<Removed>(`SELECT ${REMOVED} FROM receipts WHERE receipt_id = ${VALUE}`)
  const removeAttempts = db.prepare(
    'DELETE FROM attempts WHERE subject_id = (SELECT receipt_id FROM sales WHERE seq = ?)',
  )
  const removeSale = db.prepare('DELETE FROM sales WHERE seq = ?')
  const removeDocument = db.prepare('DELETE FROM documents WHERE place = ?')

  function remove({ seq, status, place }: Removed): void {
    removeAttempts.run(seq)
    removeSale.run(seq)
    if (place !== null) removeDocument.run(place)
    gathered.removed(status)
  }

  /** @returns the number of removed receipts */
  function all(receipts: Removed[]): number {
    for (const one of receipts) remove(one)
    thousands.removed(receipts.map(({ seq }) => seq))
    return receipts.length
  }

  return {
    one(id: ReceiptId): void {
      const found = find.get(id)
      if (found) all([found])
    },
    all,
  }
}

export type Removal = ReturnType<typeof createRemoval>
