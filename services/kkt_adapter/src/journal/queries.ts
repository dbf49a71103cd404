import type { Receipt, ReceiptId } from '../domain/receipt.ts'
import { STATUSES, type Status } from '../domain/state.ts'
import type { Database, Statement } from '../sqlite/database.ts'
import { FDS } from './documents.ts'
import { createPages } from './pages.ts'
import { createPrintQueries } from './print_queries.ts'
import {
  RECEIPT_COLUMNS,
  type ReceiptRow,
  type ToDeliver,
  toDeliver,
  toReceipt,
  VALUE,
  type Words,
  wordsOf,
} from './rows.ts'
import { onlyRow } from './totals.ts'

export type Counts = Readonly<Record<Status, number>>

/** Reads the row of a receipt, by its current or an earlier id. */
function createReadById(db: Database) {
  const alias = db.prepare<{ is_now: ReceiptId }>('SELECT is_now FROM receipt_aliases WHERE receipt_id = ?')
  return <Row>(from: Statement<Row>, id: ReceiptId): Row | undefined => {
    const row = from.get(id)
    const known = row ? undefined : alias.get(id)
    return known ? from.get(known.is_now) : row
  }
}

export function createStatusOf(db: Database, read = createReadById(db)) {
  const statusById = db.prepare<{ status: Status }>(`SELECT status FROM receipts WHERE receipt_id = ${VALUE}`)
  return (id: ReceiptId): Status | null => read(statusById, id)?.status ?? null
}

/** Every way in which receipts are read. */
export function createQueries(db: Database) {
  const read = createReadById(db)
  const byId = db.prepare<ReceiptRow>(`SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE receipt_id = ${VALUE}`)
  const byDocument = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE seq = (
       SELECT seq FROM documents
       WHERE place = (SELECT turn FROM fiscal_memories WHERE fn_number = ?1) * ${FDS} + ?2
     )`,
  )
  const nextOfPos = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE status = 'pending' AND pos_id = ${VALUE} ORDER BY place LIMIT 1`,
  )
  // Steps from one pos_id to the next through the index, instead of reading every pending receipt. The planner, without
  // statistics, would take the index by status.
  const posIdsToDeliver = db.prepare<{ pos_id: string }>(
    `WITH RECURSIVE lane (pos_id) AS (
       SELECT min(pos_id) FROM states INDEXED BY states_to_deliver WHERE status = 'pending'
       UNION ALL
       SELECT (
         SELECT min(pos_id) FROM states INDEXED BY states_to_deliver WHERE status = 'pending' AND pos_id > lane.pos_id
       )
       FROM lane WHERE lane.pos_id IS NOT NULL
     )
     SELECT pos_id FROM lane WHERE pos_id IS NOT NULL`,
  )
  const counts = db.prepare<Counts>(`SELECT ${STATUSES.join(', ')} FROM totals`)
  const oldestUndelivered = db.prepare<{ printed_at_ms: number | null }>(
    `SELECT min(recorded_at_ms) AS printed_at_ms FROM documents WHERE place IN (
       (SELECT place FROM states WHERE status = 'pending' AND status <> 'synced' ORDER BY seq LIMIT 1),
       (SELECT place FROM states WHERE status = 'syncing' AND status <> 'synced' ORDER BY seq LIMIT 1)
     )`,
  )
  const lastPlace = db.prepare<{ place: number | null }>(
    "SELECT max(place) AS place FROM states WHERE status IN ('pending', 'syncing') AND status <> 'synced'",
  )
  return {
    statusOf: createStatusOf(db, read),
    find(id: ReceiptId): Receipt | null {
      const row = read(byId, id)
      return row ? toReceipt(row) : null
    },
    /** A receipt's content in its two parts. */
    wordsOf(id: ReceiptId): Words | null {
      const row = read(byId, id)
      return row ? wordsOf(row) : null
    },
    /** The receipt of this document of an FN. A number that no FN gives would lead into the documents of the next FN. */
    findByDocument(fnNumber: string, fdNumber: number): Receipt | null {
      if (fdNumber >= FDS) return null
      const row = byDocument.get(fnNumber, fdNumber)
      return row ? toReceipt(row) : null
    },
    /** The tills with a receipt to deliver. */
    posIdsToDeliver: (): string[] => posIdsToDeliver.all().map((row) => row.pos_id),
    /** The till's next receipt to deliver: its first undelivered document. */
    nextToDeliver(posId: string): ToDeliver | null {
      const row = nextOfPos.get(posId)
      return row ? toDeliver(row) : null
    },
    counts: (): Counts => onlyRow(counts.get()),
    oldestUndeliveredPrintedAtMs: (): number | null => oldestUndelivered.get()?.printed_at_ms ?? null,
    /** The place of the last undelivered document, or 0. */
    lastPlaceToDeliver: (): number => lastPlace.get()?.place ?? 0,
    ...createPrintQueries(db),
    ...createPages(db),
  }
}

export type Queries = ReturnType<typeof createQueries>
