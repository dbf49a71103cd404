import type { Database } from '../sqlite/database.ts'
import { createPlacesOf } from './places.ts'
import { TILLS_TO_DELIVER } from './tills_to_deliver.ts'

/** How far the documents of an FN are known to be at the OFD. */
export function createConfirmed(db: Database) {
  const placesOf = createPlacesOf(db)
  const firstPending = db.prepare<{ place: number | null }>(
    `${TILLS_TO_DELIVER}
     SELECT min((
       SELECT min(place) FROM states INDEXED BY states_to_deliver
       WHERE status = 'pending' AND pos_id = lane.pos_id AND place > ?
     )) AS place FROM lane WHERE pos_id IS NOT NULL`,
  )
  // Few are being sent, and few are dead letters.
  const firstOther = db.prepare<{ place: number | null }>(
    `SELECT min(place) AS place FROM states
     WHERE (status = 'syncing' OR status = 'failed') AND status <> 'synced' AND place > ?`,
  )
  return {
    /**
     * The last document of an FN before its first receipt that the OFD is not known to hold. Documents of other kinds, and receipts
     * that an operator has closed, count as held. Null: the OFD is not known to hold a document of it.
     * @param lastFd the last document of the FN that the journal knows
     */
    heldThrough(fnNumber: string, lastFd: number): number | null {
      const start = placesOf(fnNumber)?.first
      if (start === undefined) return null
      const places = [firstPending.get(start)?.place, firstOther.get(start)?.place].filter((place) => place != null)
      const held = Math.min(start + lastFd, ...places.map((place) => place - 1)) - start
      return held > 0 ? held : null
    },
  }
}
