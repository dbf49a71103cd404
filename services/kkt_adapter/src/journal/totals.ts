import { mintedAtMs } from '../domain/receipt_clock.ts'
import type { DeliveryWay, Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'

type LastSync = { last_sync_at_ms: number | null }

/** The most that one of our clocks may be set back. Another clock further ahead than this is itself wrong. */
export const MAX_AHEAD_MS = 24 * 60 * 60 * 1000

/**
 * The hybrid logical clock: the greatest id ever minted here, even if its receipt was removed ('' before the first),
 * and the greatest reading of another clock merged into it, in Unix milliseconds.
 */
export type HybridClock = { lastReceiptId: string; mergedMs: number }

/** The table always has one row. */
export function onlyRow<Row>(row: Row | undefined): Row {
  if (!row) throw new Error('The journal has lost the row of its totals')
  return row
}

/** The places in the buffer. `way`: of delivery. */
export type Room = { most: number; way: DeliveryWay }

type Counted = Readonly<Record<Status, number>>

/** The number of receipts that are still to be printed or delivered. */
export const undelivered = (counts: Counted): number => unprinted(counts) + counts.pending + counts.syncing

const unprinted = (counts: Counted): number => counts.accepted + counts.printing + counts.unknown

/** The number of receipts that take a place in the buffer. The FN keeps the printed ones that the KKT delivers by itself. */
export const placesTaken = (counts: Counted, way: DeliveryWay): number =>
  way === 'kkt' ? unprinted(counts) : undelivered(counts)

/** The journal's records about itself, which outlive the rows that they come from. */
export function createTotals(db: Database, deps: { wallMs: () => number; gathered: Gathered }) {
  const lastSync = db.prepare<LastSync>('SELECT last_sync_at_ms FROM totals')
  const clock = db.prepare<{ last_receipt_id: string; merged_ms: number }>(
    'SELECT last_receipt_id, merged_ms FROM totals',
  )
  const buffer = db.prepare<{ buffer_id: string }>('SELECT buffer_id FROM totals')
  return {
    reads: {
      lastSyncAtMs: (): number | null => onlyRow(lastSync.get()).last_sync_at_ms,
      /** The hybrid logical clock now, in Unix milliseconds: a wall clock that is set back does not set it back. */
      forwardMs(): number {
        const { last_receipt_id: last, merged_ms: mergedMs } = onlyRow(clock.get())
        return Math.max(deps.wallMs(), mergedMs, last === '' ? 0 : mintedAtMs(last))
      },
      /** Tells this buffer from any other. */
      bufferId: (): string => onlyRow(buffer.get()).buffer_id,
    },
    verbs: {
      /**
       * Merges another clock's reading into the hybrid logical clock, which continues from there when ours is behind.
       * @param otherMs Unix milliseconds; a reading too far ahead is ignored
       */
      mergeTime(otherMs: number): void {
        const aheadMs = otherMs - deps.wallMs()
        if (aheadMs <= 0 || aheadMs > MAX_AHEAD_MS || otherMs <= deps.gathered.tally().merged_ms) return
        deps.gathered.change().merged_ms = otherMs
      },
    },
  }
}
