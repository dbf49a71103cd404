import type { Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'

type LastSync = { last_sync_at_ms: number | null }

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

/** How many receipts take a place in the buffer. */
export const undelivered = (counts: Readonly<Record<Status, number>>): number =>
  counts.accepted + counts.printing + counts.unknown + counts.pending + counts.syncing

/** What the journal knows of itself, and keeps though the rows that it came from are gone. */
export function createTotals(db: Database, deps: { wallMs: () => number; gathered: Gathered }) {
  const lastSync = db.prepare<LastSync>('SELECT last_sync_at_ms FROM totals')
  const buffer = db.prepare<{ buffer_id: string }>('SELECT buffer_id FROM totals')
  return {
    reads: {
      lastSyncAtMs: (): number | null => onlyRow(lastSync.get()).last_sync_at_ms,
      /** What tells this buffer from any other. */
      bufferId: (): string => onlyRow(buffer.get()).buffer_id,
    },
    verbs: {
      /**
       * Merges the reading of another clock into the hybrid logical clock, which goes on from there when ours is behind.
       * @param otherMs Unix milliseconds; one too far ahead to be true is left out
       */
      mergeTime(otherMs: number): void {
        const aheadMs = otherMs - deps.wallMs()
        if (aheadMs <= 0 || aheadMs > MAX_AHEAD_MS || otherMs <= deps.gathered.tally().merged_ms) return
        deps.gathered.change().merged_ms = otherMs
      },
    },
  }
}
