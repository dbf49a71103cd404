import type { ReceiptId } from '../domain/receipt.ts'
import type { Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import { THOUSAND } from './intake.ts'

/** A receipt's state, and the keys to its other rows. */
export type Removed = { seq: number; status: Status; place: number | null }
export const REMOVED = 'seq, status, place'

/** Removes receipts with all their rows except the audit log's. */
export function createRemoval(db: Database, gathered: Gathered) {
  const find = db.prepare<Removed>(`SELECT ${REMOVED} FROM receipts WHERE receipt_id = ?`)
  const removeSale = db.prepare('DELETE FROM sales WHERE seq = ?')
  const removeDocument = db.prepare('DELETE FROM documents WHERE place = ?')
  const removeThousands = db.prepare(
    `DELETE FROM till_thousands WHERE thousand < ifnull((SELECT min(seq) FROM sales WHERE seq > 0), 0) / ${THOUSAND}`,
  )

  function remove({ seq, status, place }: Removed): void {
    removeSale.run(seq)
    if (place !== null) removeDocument.run(place)
    gathered.removed(status)
  }

  return {
    one(id: ReceiptId): void {
      const found = find.get(id)
      if (found) remove(found)
    },
    /** @returns the number of removed receipts */
    all(receipts: Removed[]): number {
      for (const one of receipts) remove(one)
      if (receipts.length > 0) removeThousands.run()
      return receipts.length
    },
  }
}

export type Removal = ReturnType<typeof createRemoval>
