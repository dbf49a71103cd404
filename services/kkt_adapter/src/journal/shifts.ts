import type { ReceiptId } from '../domain/receipt.ts'
import type { ShiftDocument } from '../domain/shift.ts'
import type { Database } from '../sqlite/database.ts'
import type { Page } from './pages.ts'
import { createPlacesOf } from './places.ts'
import { VALUE } from './rows.ts'

/** A shift by its documents. The journal may know only one of them. */
export type Shift = {
  fnNumber: string
  number: number
  opening: Extract<ShiftDocument, { kind: 'shift_opening' }> | null
  closing: Extract<ShiftDocument, { kind: 'shift_closing' }> | null
}

type Row = { fn_number: string; number: number; opening: string | null; closing: string | null }

const NUMBER = "document ->> 'shiftNumber'"
const ROW = `fn_number, ${NUMBER} AS number, max(CASE kind WHEN 'shift_opening' THEN document END) AS opening,
  max(CASE kind WHEN 'shift_closing' THEN document END) AS closing`

/** Behind all FNs. */
const NEWEST = { turn: Number.MAX_SAFE_INTEGER, number: 0 }

/** The shifts of which the journal holds a document. */
export function createShifts(db: Database) {
  const page = db.prepare<Row>(
    `SELECT ${ROW} FROM documents CROSS JOIN fiscal_memories ON turn = fn_turn
     WHERE kind <> 'receipt' AND (fn_turn, ${NUMBER}) < (?1, ?2)
     GROUP BY fn_turn, ${NUMBER} ORDER BY fn_turn DESC, ${NUMBER} DESC LIMIT ?3`,
  )
  const one = db.prepare<Row>(
    `SELECT ${ROW} FROM fiscal_memories CROSS JOIN documents ON fn_turn = turn
     WHERE fn_number = ?1 AND kind <> 'receipt' AND ${NUMBER} = ?2 GROUP BY fn_turn`,
  )
  const placesOf = createPlacesOf(db)
  const openedFor = db.prepare<{ document: string }>(
    `SELECT document FROM documents WHERE kind <> 'receipt' AND (place, opened_for) =
       (SELECT place - 1, seq FROM receipts WHERE receipt_id = ${VALUE})`,
  )
  const prune = db.prepare(
    `DELETE FROM documents WHERE place IN (
       SELECT place FROM documents WHERE kind <> 'receipt' AND recorded_at_ms < ?1 ORDER BY recorded_at_ms LIMIT 0 + ?2)`,
  )

  function placeOf(cursor: string): { turn: number; number: number } {
    const [fnNumber = '', number] = cursor.split('-')
    return { turn: placesOf(fnNumber)?.turn ?? 0, number: Number(number) || 0 }
  }

  return {
    reads: {
      /** Newest first: the last FN's, and by their number. */
      list(cursor: string | null, limit: number): Page<Shift> {
        const { turn, number } = cursor === null ? NEWEST : placeOf(cursor)
        const rows = page.all(turn, number, limit + 1)
        const items = rows.slice(0, limit).map(toShift)
        const last = items.at(-1)
        return { items, nextCursor: last && rows.length > limit ? `${last.fnNumber}-${last.number}` : null }
      },
      find(fnNumber: string, number: number): Shift | null {
        const row = one.get(fnNumber, number)
        return row ? toShift(row) : null
      },
      /** The document by which the KKT opened a shift for this receipt by itself; null for all other receipts. */
      openedFor(id: ReceiptId): ShiftDocument | null {
        const row = openedFor.get(id)
        return row ? JSON.parse(row.document) : null
      },
    },
    /** Removes the documents of shifts that were recorded earlier. @returns `limit` when there may be more */
    prune: (beforeMs: number, limit: number): number => prune.run(beforeMs, limit),
  }
}

const toShift = ({ fn_number: fnNumber, number, opening, closing }: Row): Shift => ({
  fnNumber,
  number,
  opening: opening === null ? null : JSON.parse(opening),
  closing: closing === null ? null : JSON.parse(closing),
})
