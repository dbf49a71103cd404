import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import type { Entry, Gathered } from './gathered.ts'

export const EVENT_KINDS = ['receipt', 'breaker', 'lease', 'odoo'] as const
export type EventKind = (typeof EVENT_KINDS)[number]
export type AuditEvent = { id: number } & Entry
export type EventFilter = { receiptId: string | null; kind: EventKind | null }

type EventRow = {
  id: number
  at_ms: number
  kind: EventKind
  receipt_id: ReceiptId | null
  from_state: string | null
  to_state: string
  detail: string | null
}

/** The audit log. Transitions of receipts come into it by what their verbs tell `gathered`. */
export function createEvents(db: Database, deps: { wallMs: () => number; gathered: Gathered }) {
  const select = (condition: string) =>
    db.prepare<EventRow>(
      `SELECT id, at_ms, kind, receipt_id, from_state, to_state, detail FROM events
       WHERE ${condition} AND id < ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY id DESC LIMIT ?3`,
    )
  const all = select('true')
  const ofReceipt = select('receipt_id = ?4')
  const ofOthers = select("kind <> 'receipt' AND kind = ?2")

  function read({ receiptId, kind }: EventFilter, before: number, limit: number): EventRow[] {
    if (receiptId !== null) return ofReceipt.all(before, kind, limit, receiptId)
    return (kind === null || kind === 'receipt' ? all : ofOthers).all(before, kind, limit)
  }

  return {
    reads: {
      /** Newest first. */
      list(filter: EventFilter, cursor: number | null, limit: number) {
        const before = cursor ?? Number.MAX_SAFE_INTEGER
        const rows = read(filter, before, limit + 1)
        const items = rows.slice(0, limit).map(toEvent)
        return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
      },
    },
    verbs: {
      /** Notes a change of something that is no receipt. */
      recordEvent(kind: Exclude<EventKind, 'receipt'>, from: string | null, to: string, detail: string | null): void {
        deps.gathered.note({ atMs: deps.wallMs(), kind, receiptId: null, from, to, detail })
      },
    },
  }
}

const toEvent = (row: EventRow): AuditEvent => ({
  id: row.id,
  atMs: row.at_ms,
  kind: row.kind,
  receiptId: row.receipt_id,
  from: row.from_state,
  to: row.to_state,
  detail: row.detail,
})
