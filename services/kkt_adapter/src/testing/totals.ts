/** The row of `totals` beside what the journal reads and writes of it. */
import { onlyRow } from '../journal/totals.ts'
import type { Database } from '../sqlite/database.ts'

/** The greatest id that the journal has ever minted, '' before the first. */
export const lastReceiptId = (db: Database): string =>
  onlyRow(db.prepare<{ id: string }>('SELECT last_receipt_id AS id FROM totals').get()).id

/** Has the journal count so many more receipts as refused than it holds. */
export const countRefused = (db: Database, more: number): void =>
  db.exec(`UPDATE totals SET refused = refused + ${more}`)
