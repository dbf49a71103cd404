import type { Database } from '../sqlite/database.ts'

type LastSync = { last_sync_at_ms: number | null }
type Standing = { undelivered: number; last_receipt_id: string; merged_ms: number }

/** As far as a clock of ours may be set back: another one further ahead than that is wrong itself. */
export const MAX_AHEAD_MS = 24 * 60 * 60 * 1000

/**
 * Where the hybrid logical clock stands: the greatest id ever minted here, also when its receipt is long gone ('' before
 * the first), and the greatest reading of another clock that was merged into it, in Unix milliseconds.
 */
export type HybridClock = { lastReceiptId: string; mergedMs: number }

/** There is one row, always. */
export function onlyRow<Row>(row: Row | undefined): Row {
  if (!row) throw new Error('The journal has lost the row of its totals')
  return row
}

/** What the journal knows of itself, and keeps though the rows that it came from are gone. */
export function createTotals(db: Database) {
  const lastSync = db.prepare<LastSync>('SELECT last_sync_at_ms FROM totals')
  const standing = db.prepare<Standing>(
    `SELECT accepted + printing + unknown + pending + syncing AS undelivered, last_receipt_id, merged_ms FROM totals`,
  )
  const buffer = db.prepare<{ buffer_id: string }>('SELECT buffer_id FROM totals')
  const merge = db.prepare('UPDATE totals SET merged_ms = max(merged_ms, ?)')
  return {
    lastSyncAtMs: (): number | null => onlyRow(lastSync.get()).last_sync_at_ms,
    /**
     * What an intake depends on. To be asked for inside its transaction: another process may have taken a receipt meanwhile.
     */
    standing(): HybridClock & { undelivered: number } {
      const { undelivered, last_receipt_id: lastReceiptId, merged_ms: mergedMs } = onlyRow(standing.get())
      return { undelivered, lastReceiptId, mergedMs }
    },
    /** To be run inside a transaction. */
    merge: (otherMs: number): void => void merge.run(otherMs),
    /** What tells this buffer from any other. */
    bufferId: (): string => onlyRow(buffer.get()).buffer_id,
  }
}

export type Totals = ReturnType<typeof createTotals>
