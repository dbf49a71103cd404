import type { ReceiptId } from '../domain/receipt.ts'
import { idsBegin, mintedAtMs } from '../domain/receipt_clock.ts'
import type { Database } from '../sqlite/database.ts'
import { type Entry, type EventKind, type LoggedEntries, ROW_SPAN_MS } from './audit.ts'
import type { Gathered } from './gathered.ts'
import { onlyRow } from './totals.ts'

export type AuditEvent = { id: number } & Entry
/** Changes that the adapter makes by itself. */
type ByItself = Exclude<EventKind, 'receipt' | 'task' | 'command'>
export type Command = 'sync' | 'test_control' | 'correction_closed'
export type EventFilter = { receiptId: ReceiptId | null; kind: EventKind | null }

type EventRow = {
  id: number
  at_ms: number
  kind: EventKind
  from_state: string | null
  to_state: string
  detail: string | null
  who: string | null
  first_receipt: ReceiptId | null
  receipts: string | null
}

/** The audit log. Events of receipts come from `gathered`, to which the verbs report each transition. */
export function createEvents(db: Database, deps: { wallMs: () => number; gathered: Gathered }) {
  const select = (condition: string) =>
    db.prepare<EventRow>(
      `SELECT id, at_ms, kind, from_state, to_state, detail, who, first_receipt, receipts FROM events
       WHERE ${condition} AND id < ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY id DESC LIMIT ?3`,
    )
  const all = select('true')
  const ofReceipt = select(
    'first_receipt BETWEEN ?5 AND ?4 AND last_receipt >= ?4 AND (receipts IS NULL OR instr(receipts, ?4) > 0)',
  )
  const asked = db.prepare<{ who: string | null }>(
    `SELECT who FROM events
     WHERE first_receipt >= ?2 AND first_receipt <= ?1 AND last_receipt >= ?1 AND (receipts IS NULL OR instr(receipts, ?1) > 0)
       AND kind = 'receipt' AND from_state IS NULL LIMIT 1`,
  )
  const ofOthers = select("kind <> 'receipt' AND kind = ?2")

  // The row in which the event after ?1 is may begin before it.
  const following = db.prepare<EventRow>(
    `SELECT id, at_ms, kind, from_state, to_state, detail, who, first_receipt, receipts FROM events
     WHERE id >= coalesce((SELECT max(id) FROM events WHERE id <= ?1), 0) ORDER BY id LIMIT ?2`,
  )
  const oldest = db.prepare<{ id: number | null }>('SELECT min(id) AS id FROM events')
  const last = db.prepare<{ last_event_id: number }>('SELECT last_event_id FROM totals')

  function read({ receiptId, kind }: EventFilter, before: number, limit: number): EventRow[] {
    if (receiptId !== null) {
      return ofReceipt.all(before, kind, limit, receiptId, rowsBegin(receiptId))
    }
    return (kind === null || kind === 'receipt' ? all : ofOthers).all(before, kind, limit)
  }

  return {
    reads: {
      /** Newest first. */
      list(filter: EventFilter, cursor: number | null, limit: number) {
        const before = cursor ?? Number.MAX_SAFE_INTEGER
        // The cursor may stand within a row, which then gives nothing more of a receipt.
        const events = read(filter, before, limit + 2)
          .flatMap((row) => eventsOf(entriesOf(row)).reverse())
          .filter(({ id, receiptId }) => id < before && (filter.receiptId === null || receiptId === filter.receiptId))
        const items = events.slice(0, limit)
        return { items, nextCursor: events.length > limit ? (items.at(-1)?.id ?? null) : null }
      },
      /** The client that had this receipt journaled; null where the log has no such entry any more. */
      askedBy: (id: ReceiptId): string | null => asked.get(id, rowsBegin(id))?.who ?? null,
      /** At most `limit` events behind that number, oldest first. */
      after: (id: number, limit: number): AuditEvent[] =>
        following
          .all(id, limit + 1)
          .flatMap((row) => eventsOf(entriesOf(row)))
          .filter((event) => event.id > id)
          .slice(0, limit),
      /** The number of the last event, or 0. Numbers go on where old events were removed. */
      lastId: (): number => onlyRow(last.get()).last_event_id,
      /** Whether the log still has each event behind that number. */
      hasAllAfter: (id: number): boolean => id + 1 >= (oldest.get()?.id ?? onlyRow(last.get()).last_event_id + 1),
    },
    verbs: {
      /** Records a change outside of receipts. */
      recordEvent(kind: ByItself, from: string | null, to: string, detail: string | null): void {
        deps.gathered.note({ atMs: deps.wallMs(), kind, receiptId: null, from, to, detail, who: null })
      },
      /** Records that a client had the adapter do something that is about no single receipt. */
      recordCommand(command: Command, detail: string | null, who: string | null): void {
        const atMs = deps.wallMs()
        deps.gathered.note({ atMs, kind: 'command', receiptId: null, from: null, to: command, detail, who })
      },
    },
  }
}

/** No row with this receipt begins with a lower one. */
const rowsBegin = (id: ReceiptId) => idsBegin(mintedAtMs(id) - ROW_SPAN_MS)

/** One event for each receipt, oldest first. */
export const eventsOf = ({ firstId, atMs, kind, from, to, detail, who, receiptIds }: LoggedEntries): AuditEvent[] =>
  (receiptIds.length > 0 ? receiptIds : [null]).map((receiptId, index) => ({
    id: firstId + index,
    atMs,
    kind,
    receiptId,
    from,
    to,
    detail,
    who,
  }))

const entriesOf = (row: EventRow): LoggedEntries => ({
  firstId: row.id,
  atMs: row.at_ms,
  kind: row.kind,
  from: row.from_state,
  to: row.to_state,
  detail: row.detail,
  who: row.who,
  receiptIds: receiptsOf(row),
})

function receiptsOf({ receipts, first_receipt: first }: EventRow): ReceiptId[] {
  if (receipts !== null) return JSON.parse(receipts)
  return first === null ? [] : [first]
}
