import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { VALUE } from './rows.ts'

/** The journal's knowledge about the OFDs that it delivers to. Pruned receipts are forgotten. */
export function createOfds(db: Database) {
  const anothers = db.prepare<{ is: 1 }>(
    `SELECT 1 AS "is" FROM receipts WHERE ofd_id = ${VALUE} AND receipt_id <> ${VALUE} LIMIT 1`,
  )
  const lookup = db.prepare<{ is: 1 }>('SELECT 1 AS "is" FROM ofds_with_lookup WHERE origin = ?')
  const remember = db.prepare('INSERT OR IGNORE INTO ofds_with_lookup (origin) VALUES (?)')
  return {
    reads: {
      /** Whether a receipt other than this one was delivered under this `ofd_id`. */
      isOfAnother: (ofdId: string, id: ReceiptId): boolean => anothers.get(ofdId, id) !== undefined,
      /** Whether the OFD at this origin has ever answered a look-up itself. */
      hasLookup: (origin: string): boolean => lookup.get(origin) !== undefined,
    },
    verbs: {
      /** Remembers that the OFD at this origin has answered a look-up itself. */
      rememberLookup: (origin: string): void => void remember.run(origin),
    },
  }
}
