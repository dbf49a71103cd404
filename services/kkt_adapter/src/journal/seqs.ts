import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'

/** More than are on the way at once. */
const MOST_REMEMBERED = 4096

/**
 * Finds the row of a receipt. Recent ones are remembered, because each receipt takes several steps within a moment. A
 * remembered number of a removed row finds nothing, because no number is given twice.
 */
export function createSeqs(db: Database) {
  const find = db.prepare<{ seq: number }>('SELECT seq FROM sales WHERE receipt_id = ?')
  const known = new Map<ReceiptId, number>()

  function remember(id: ReceiptId, seq: number): void {
    // Clear all at once: removing the oldest each time costs more than looking some up again.
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(id, seq)
  }

  return {
    remember,
    /** Null: there is no such receipt. */
    of(id: ReceiptId): number | null {
      const remembered = known.get(id)
      if (remembered !== undefined) return remembered
      const seq = find.get(id)?.seq
      if (seq === undefined) return null
      remember(id, seq)
      return seq
    },
  }
}

export type Seqs = ReturnType<typeof createSeqs>
