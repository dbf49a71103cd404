import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { createPlacesOf } from './places.ts'
import { TILLS_TO_DELIVER } from './tills_to_deliver.ts'

/** A pending receipt. `printedAtMs`: when its document was recorded. */
export type Undelivered = { id: ReceiptId; printedAtMs: number }

const IN_PLACES = "status = 'pending' AND states.pos_id = lane.pos_id AND states.place >= ?1 AND states.place <= ?2"

/** Pending receipts as a KKT knows them that hands its documents to the OFD by itself: by FN and FD. */
export function createHandedOver(db: Database) {
  const placesOf = createPlacesOf(db)
  const between = db.prepare<Undelivered>(
    `${TILLS_TO_DELIVER}
     SELECT receipt_id AS id, recorded_at_ms AS printedAtMs
     FROM lane CROSS JOIN states INDEXED BY states_to_deliver ON ${IN_PLACES}
     CROSS JOIN sales ON sales.seq = states.seq
     CROSS JOIN documents ON documents.place = states.place
     LIMIT 0 + ?3`,
  )
  const last = db.prepare<{ place: number | null }>(
    `${TILLS_TO_DELIVER}
     SELECT max((
       SELECT max(place) FROM states INDEXED BY states_to_deliver WHERE ${IN_PLACES}
     )) AS place FROM lane WHERE lane.pos_id IS NOT NULL`,
  )
  const count = db.prepare<{ n: number }>(
    `${TILLS_TO_DELIVER}
     SELECT count(*) AS n FROM lane CROSS JOIN states INDEXED BY states_to_deliver ON ${IN_PLACES}`,
  )
  return {
    /** The FD of the last pending receipt of an FN; null without one. */
    lastPendingFd(fnNumber: string): number | null {
      const places = placesOf(fnNumber)
      const place = places && (last.get(places.first, places.last)?.place ?? null)
      return places === null || place === null ? null : place - places.first
    },
    /** Pending receipts of an FN up to an FD, in no order. */
    pendingThrough(fnNumber: string, fdNumber: number, limit: number): Undelivered[] {
      const places = placesOf(fnNumber)
      return places === null ? [] : between.all(places.first, Math.min(places.first + fdNumber, places.last), limit)
    },
    /** The number of pending receipts whose document is in another FN. It costs as much as they are many. */
    pendingOfOthers(fnNumber: string): number {
      const places = placesOf(fnNumber)
      if (places === null) return 0
      const countIn = (from: number, through: number) => count.get(from, through)?.n ?? 0
      return countIn(0, places.first - 1) + countIn(places.last + 1, Number.MAX_SAFE_INTEGER)
    },
  }
}
