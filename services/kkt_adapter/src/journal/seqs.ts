import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'

/** Bounds the memory, in receipts. More than are on the way at once, so that each is looked up once. */
const MOST_REMEMBERED = 4096

/**
 * Finds the row of a receipt. Recent ones are remembered, because each receipt takes several steps within a moment. A
 * remembered number of a removed row finds nothing, because no number is given twice. But numbers of an undone
 * transaction are given again, so all are forgotten then.
 */
export function createSeqs(db: Database, gathered: Pick<Gathered, 'timesUndone'>) {
  const find = db.prepare<{ seq: number }>('SELECT seq FROM sales WHERE receipt_id = ?')
  const known = new Map<ReceiptId, number>()
  let timesUndone = 0

  function forgetUndone(): void {
    if (timesUndone !== gathered.timesUndone) known.clear()
    timesUndone = gathered.timesUndone
  }

  function remember(id: ReceiptId, seq: number): void {
    forgetUndone()
    // Clear all at once: removing the oldest each time costs more than looking some up again.
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(id, seq)
  }

  return {
    remember,
    /** Null: there is no such receipt. */
    of(id: ReceiptId): number | null {
      forgetUndone()
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
