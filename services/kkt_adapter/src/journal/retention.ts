import { idsBegin } from '../domain/receipt_clock.ts'
import type { Database } from '../sqlite/database.ts'
import type { DrawerCount } from './drawer.ts'
import type { Gathered } from './gathered.ts'
import type { KeptOriginals } from './originals.ts'
import { REMOVED, type Removal, type Removed } from './removal.ts'
import { MAX_AHEAD_MS, onlyRow } from './totals.ts'

export type Pruned = {
  /** The number of removed receipts. If it is `limit`, there may be more. */
  receipts: number
  /** The number of removed rows of events. Several receipts may share one. */
  events: number
  /** The last event looked at, to continue behind it; null when all others are to be kept. */
  eventsAfter: number | null
}

/** The most refused receipts to keep, however fast they come. Their tills' logs tell of them, too. */
export const MAX_REFUSED = 10_000

/** Equal to the index's condition. */
const HAS_ENDED = "status = 'synced' OR status = 'refused' OR status = 'closed'"

/** Removes old receipts and events in batches of limited size. */
export function createRetention(
  db: Database,
  deps: {
    wallMs: () => number
    gathered: Gathered
    remove: Removal
    keepKnown: () => void
    originals: KeptOriginals
    pruneTasks: (beforeMs: number, limit: number) => number
    drawer: Pick<DrawerCount, 'settle'>
  },
) {
  const { gathered, remove } = deps
  const readKeptFrom = db.prepare<{ kept_from_ms: number | null }>('SELECT kept_from_ms FROM totals')
  const writeKeptFrom = db.prepare('UPDATE totals SET kept_from_ms = ?')
  const oldestEnded = db.prepare<{ ms: number | null }>(
    `SELECT min(changed_at_ms) AS ms FROM states INDEXED BY states_ended WHERE ${HAS_ENDED}`,
  )
  // A receipt's idempotency key lives in its row, and so exactly as long. Keep receipts that still need paper. An id is
  // dated by a clock that does not go back: a young id shows that the wall clock was behind when the receipt ended. An
  // id further ahead than clocks are merged comes from a wrong wall clock and shows nothing.
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
   * Events are in the order of time, except when the clock was set. An event to keep also keeps those behind it, unless
   * it is dated in the future: a clock that was once years ahead must not fill the disk.
   */
  function pruneEvents(beforeMs: number, limit: number, after: number): Omit<Pruned, 'receipts'> {
    const nowMs = deps.wallMs()
    const seen = oldestEvents.all(after, limit)
    const last = seen.at(-1)?.id ?? after
    const isOver = seen.length < limit || seen.some(({ at_ms }) => at_ms >= beforeMs && at_ms <= nowMs)
    return { events: removeEvents.run(after, last, beforeMs), eventsAfter: isOver ? null : last }
  }

  return {
    /** Removes the oldest refused receipts beyond the limit. */
    boundRefused(): void {
      const tooMany = gathered.tally().refused - MAX_REFUSED
      if (tooMany > 0) remove.all(refused.all(tooMany))
    },
    /**
     * Advances the time from which everything is kept. The target is `keepMs` before now, but the wall clock may be
     * wrong. So the time advances only with time at work, or over a time without receipts to keep.
     * @param keepMs the retention
     * @param byMs the most that it may advance now
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
     * @param limit the most receipts to remove, and the most rows of events to look at
     * @param eventsAfter the last event of the batch before; the first batch starts at the first event
     */
    prune(beforeMs: number, limit: number, eventsAfter = 0): Pruned {
      deps.keepKnown()
      deps.drawer.settle()
      deps.pruneTasks(beforeMs, limit)
      const gone = ended.all(beforeMs, limit, idsBegin(beforeMs), idsBegin(deps.wallMs() + MAX_AHEAD_MS))
      for (const { seq } of gone) deps.originals.keep(seq)
      const receipts = remove.all(gone)
      deps.originals.pruneTwins(beforeMs, limit)
      return {
        receipts,
        ...pruneEvents(beforeMs, limit, eventsAfter),
      }
    },
  }
}

/**
 * Removes what refunds needed of receipts that ended before, and the corrections that were made before: as long as a
 * document may be refunded, it has to be known whether it was put right. The documents of shifts are kept as long.
 */
export function createPruneOriginals({
  originals,
  pruneCorrections,
  pruneShifts,
  keepKnown,
}: {
  originals: Pick<KeptOriginals, 'prune'>
  pruneCorrections: (beforeMs: number, limit: number) => number
  pruneShifts: (beforeMs: number, limit: number) => number
  keepKnown: () => void
}) {
  /** @returns `limit` when there may be more */
  return (beforeMs: number, limit: number): number => {
    keepKnown()
    const prune = [originals.prune, pruneCorrections, pruneShifts]
    return Math.max(...prune.map((remove) => remove(beforeMs, limit)))
  }
}
