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
export function createTotals(db: Database, deps: { wallMs: () => number }) {
  const lastSync = db.prepare<LastSync>('SELECT last_sync_at_ms FROM totals')
  const standing = db.prepare<Standing>(
    `SELECT accepted + printing + unknown + pending + syncing AS undelivered, last_receipt_id, merged_ms FROM totals`,
  )
  const buffer = db.prepare<{ buffer_id: string }>('SELECT buffer_id FROM totals')
  const merge = db.prepare('UPDATE totals SET merged_ms = max(merged_ms, ?)')
  return {
    reads: {
      lastSyncAtMs: (): number | null => onlyRow(lastSync.get()).last_sync_at_ms,
      /** What tells this buffer from any other. */
      bufferId: (): string => onlyRow(buffer.get()).buffer_id,
      /** What an intake depends on. Asked for by the intake itself: another process may have taken a receipt before it. */
      standing(): HybridClock & { undelivered: number } {
        const { undelivered, last_receipt_id: lastReceiptId, merged_ms: mergedMs } = onlyRow(standing.get())
        return { undelivered, lastReceiptId, mergedMs }
      },
    },
    verbs: {
      /**
       * Merges the reading of another clock into the hybrid logical clock, which goes on from there when ours is behind.
       * @param otherMs Unix milliseconds; one too far ahead to be true is left out
       */
      mergeTime(otherMs: number): void {
        const aheadMs = otherMs - deps.wallMs()
        if (aheadMs > 0 && aheadMs <= MAX_AHEAD_MS) merge.run(otherMs)
      },
    },
  }
}

export type Totals = ReturnType<typeof createTotals>
