import type { Database } from './database.ts'

export type Pruned = {
  /** So many rows went: `limit` means that there may be more. */
  receipts: number
  events: number
  /** The last event that was looked at, to go on behind it; null when the rest is to be kept. */
  eventsAfter: number | null
}

/** Removes what has been kept long enough, a bounded batch at a time. To be run inside a transaction. */
export function createRetention(db: Database, deps: { wallMs: () => number }) {
  // A receipt's idempotency key lives in its row, and so exactly as long. What is not on paper yet is not over.
  const removeReceipts = db.prepare(
    `DELETE FROM receipts WHERE receipt_id IN (
       SELECT receipt_id FROM receipts INDEXED BY receipts_ended
       WHERE status IN ('synced', 'refused') AND changed_at_ms < ? AND needs_paper = 0 ORDER BY changed_at_ms LIMIT ?
     )`,
  )
  const oldestEvents = db.prepare<{ id: number; at_ms: number }>(
    'SELECT id, at_ms FROM events WHERE id > ? ORDER BY id LIMIT ?',
  )
  const removeEvents = db.prepare('DELETE FROM events WHERE id > ? AND id <= ? AND at_ms < ?')

  /**
   * Events are in the order of time, but where the clock was set. One that is to be kept keeps those behind it, unless it
   * is dated in the future: a clock that once was years ahead must not fill the disk.
   */
  function pruneEvents(beforeMs: number, limit: number, after: number): Omit<Pruned, 'receipts'> {
    const nowMs = deps.wallMs()
    const seen = oldestEvents.all(after, limit)
    const last = seen.at(-1)?.id ?? after
    const isOver = seen.length < limit || seen.some(({ at_ms }) => at_ms >= beforeMs && at_ms <= nowMs)
    return { events: removeEvents.run(after, last, beforeMs), eventsAfter: isOver ? null : last }
  }

  return {
    /**
     * @param limit how many receipts go at most, and how many events are looked at
     * @param eventsAfter where the batch before has come to; from the first on by default
     */
    prune: (beforeMs: number, limit: number, eventsAfter = 0): Pruned => ({
      receipts: removeReceipts.run(beforeMs, limit),
      ...pruneEvents(beforeMs, limit, eventsAfter),
    }),
  }
}
