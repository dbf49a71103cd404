import type { Database } from './database.ts'

/** Removes what has been kept long enough, a bounded batch at a time. To be run inside a transaction. */
export function createRetention(db: Database) {
  // A receipt's idempotency key lives in its row, and so exactly as long. What is not on paper yet is not over.
  const receipts = db.prepare<{ receipt_id: string }>(
    `DELETE FROM receipts WHERE receipt_id IN (
       SELECT receipt_id FROM receipts INDEXED BY receipts_ended
       WHERE status IN ('synced', 'refused') AND changed_at_ms < ? AND needs_paper = 0 ORDER BY changed_at_ms LIMIT ?
     ) RETURNING receipt_id`,
  )
  const events = db.prepare<{ id: number }>(
    `DELETE FROM events WHERE id IN (
       SELECT id FROM events INDEXED BY events_by_time WHERE at_ms < ? ORDER BY at_ms LIMIT ?
     ) RETURNING id`,
  )
  return {
    /** Returns how many rows went: `limit` of a kind or more means that there may be more. */
    prune(beforeMs: number, limit: number): { receipts: number; events: number } {
      return { receipts: receipts.all(beforeMs, limit).length, events: events.all(beforeMs, limit).length }
    },
  }
}
