import type { Database } from './database.ts'

type TotalsRow = { last_sync_at_ms: number | null; last_receipt_id: string; merged_ms: number; buffer_id: string }

/** What the journal knows of itself, and keeps though the rows that it came from are gone. */
export function createTotals(db: Database) {
  const totals = db.prepare<TotalsRow>('SELECT last_sync_at_ms, last_receipt_id, merged_ms, buffer_id FROM totals')
  const merge = db.prepare('UPDATE totals SET merged_ms = max(merged_ms, ?)')
  return {
    lastSyncAtMs: (): number | null => totals.get()?.last_sync_at_ms ?? null,
    /**
     * Where the hybrid logical clock stands: the greatest id ever minted here, also when its receipt is long gone ('' before
     * the first), and the greatest reading of another clock that was merged into it, in Unix milliseconds.
     */
    hybridClock(): { lastReceiptId: string; mergedMs: number } {
      const row = totals.get()
      return { lastReceiptId: row?.last_receipt_id ?? '', mergedMs: row?.merged_ms ?? 0 }
    },
    /** To be run inside a transaction. */
    merge: (otherMs: number): void => merge.run(otherMs),
    /** What tells this buffer from any other. */
    bufferId: (): string => totals.get()?.buffer_id ?? '',
  }
}
