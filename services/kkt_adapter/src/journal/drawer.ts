import type { Database } from '../sqlite/database.ts'
import { onlyRow } from './totals.ts'

/** The cash that each document brought: sales and refunds of buys bring some, the others take some. */
const CASH = `ifnull(sum(
  CASE document ->> '$.details.operation' WHEN 'sale' THEN 1 WHEN 'buy_refund' THEN 1 ELSE -1 END * ifnull((
    SELECT sum(value ->> 'amountKopecks') FROM json_each(document, '$.details.payments') WHERE value ->> 'type' = 'cash'
  ), 0)), 0)`

/**
 * The adapter's count of the cash in the drawer, for a KKT that keeps no sum: since the journal began, or since the KKT last
 * said the sum. The cash of receipts is added up only when somebody asks, so that it costs receipts nothing.
 */
export function createDrawer(db: Database) {
  const read = db.prepare<{ kopecks: number }>(
    `SELECT kopecks + (SELECT ${CASH} FROM documents WHERE place > through_place AND kind = 'receipt') AS kopecks FROM drawer`,
  )
  const set = db.prepare(
    'UPDATE drawer SET kopecks = ?, through_place = max(through_place, ifnull((SELECT max(place) FROM documents), 0))',
  )
  const kopecks = (): number => onlyRow(read.get()).kopecks
  return {
    kopecks,
    /** Cash was put in, or taken out where it is below 0. */
    move: (byKopecks: number): void => void set.run(kopecks() + byKopecks),
    /** The KKT has said the sum. */
    know: (knownKopecks: number): void => void set.run(knownKopecks),
    /** Adds up the documents that there are, before they are removed. */
    settle: (): void => void set.run(kopecks()),
  }
}

export type DrawerCount = ReturnType<typeof createDrawer>
