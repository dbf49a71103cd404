import { idsBegin } from '../domain/receipt_clock.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import { REMOVED, type Removal, type Removed } from './removal.ts'
import { MAX_AHEAD_MS, onlyRow } from './totals.ts'

export type Pruned = {
  /** So many rows went: `limit` means that there may be more. */
  receipts: number
  events: number
  /** The last event that was looked at, to go on behind it; null when the rest is to be kept. */
  eventsAfter: number | null
}

/** Receipts that the KKT refused are told by their till's log, too. So many are kept, however fast they come. */
export const MAX_REFUSED = 10_000

/** As the index has it. */
const HAS_ENDED = "status = 'synced' OR status = 'refused' OR status = 'closed'"

/** Removes what has been kept long enough, a bounded batch at a time. */
export function createRetention(
  db: Database,
  deps: { wallMs: () => number; gathered: Gathered; remove: Removal; keepKnown: () => void },
) {
  const { gathered, remove } = deps
  const readKeptFrom = db.prepare<{ kept_from_ms: number | null }>('SELECT kept_from_ms FROM totals')
  const writeKeptFrom = db.prepare('UPDATE totals SET kept_from_ms = ?')
  const oldestEnded = db.prepare<{ ms: number | null }>(
    `SELECT min(changed_at_ms) AS ms FROM states INDEXED BY states_ended WHERE ${HAS_ENDED}`,
  )
  // A receipt's idempotency key lives in its row, and so exactly as long. What is not on paper yet is not over. An id is
  // dated by a clock that does not go back: one that is young tells that the wall clock was behind when the receipt ended.
  // One further ahead than clocks are merged is of a wall clock that once was, and tells nothing.
  const ended = db.prepare<Removed>(
    `SELECT ${REMOVED} FROM states INDEXED BY states_ended JOIN sales USING (seq)
     WHERE (${HAS_ENDED}) AND changed_at_ms < ?1 AND needs_paper = 0
       AND receipt_id NOT BETWEEN ?3 AND ?4
     ORDER BY changed_at_ms LIMIT 0 + ?2`,
  )
  const refused = db.prepare<Removed>(
    `SELECT ${REMOVED} FROM states WHERE status = 'refused' AND status <> 'synced' ORDER BY seq LIMIT 0 + ?`,
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
    /** Removes the oldest refused receipts beyond those that are kept. */
    boundRefused(): void {
      const tooMany = gathered.tally().refused - MAX_REFUSED
      if (tooMany > 0) remove.all(refused.all(tooMany))
    },
    /**
     * Moves on from when on all is kept: so long before now, but the wall clock may be wrong. So it goes forward with time
     * at work alone, or over a time of which nothing is kept.
     * @param keepMs how long is to be kept
     * @param byMs how far it may have gone since it was moved last
     * @returns Unix milliseconds
     */
    moveKeptFrom(keepMs: number, byMs: number): number {
      const wantedMs = deps.wallMs() - keepMs
      const known = onlyRow(readKeptFrom.get()).kept_from_ms
      const oldestMs = oldestEnded.get()?.ms ?? null
      const emptyToMs = oldestMs === null ? null : oldestMs - keepMs
      const beforeMs = known === null ? (emptyToMs ?? wantedMs) : Math.max(known, emptyToMs ?? known)
      const fromMs = Math.min(beforeMs + byMs, wantedMs)
      if (fromMs !== known) writeKeptFrom.run(fromMs)
      return fromMs
    },
    /**
     * @param limit how many receipts go at most, and how many events are looked at
     * @param eventsAfter where the batch before has come to; from the first on by default
     */
    prune(beforeMs: number, limit: number, eventsAfter = 0): Pruned {
      deps.keepKnown()
      return {
        receipts: remove.all(ended.all(beforeMs, limit, idsBegin(beforeMs), idsBegin(deps.wallMs() + MAX_AHEAD_MS))),
        ...pruneEvents(beforeMs, limit, eventsAfter),
      }
    },
  }
}
