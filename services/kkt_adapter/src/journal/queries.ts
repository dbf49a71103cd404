import type { FiscalisedReceipt, Receipt, ReceiptId } from '../domain/receipt.ts'
import { STATUSES, type Status } from '../domain/state.ts'
import type { Database, Statement } from '../sqlite/database.ts'
import { createPages } from './pages.ts'
import { createPrintQueries } from './print_queries.ts'
import { RECEIPT_COLUMNS, type ReceiptRow, toFiscalised, toReceipt } from './rows.ts'
import { onlyRow } from './totals.ts'

export type Counts = Readonly<Record<Status, number>>

/** Every way in which receipts are read. */
export function createQueries(db: Database) {
  const byId = db.prepare<ReceiptRow>(`SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE receipt_id = ?`)
  const statusById = db.prepare<{ status: Status }>('SELECT status FROM receipts WHERE receipt_id = ?')
  const alias = db.prepare<{ is_now: ReceiptId }>('SELECT is_now FROM receipt_aliases WHERE receipt_id = ?')
  /** The row of a receipt, also under an id that it no longer has. */
  function read<Row>(from: Statement<Row>, id: ReceiptId): Row | undefined {
    const row = from.get(id)
    const known = row ? undefined : alias.get(id)
    return known ? from.get(known.is_now) : row
  }
  // The plus: SQLite compiles a statement anew for each value of a bare parameter that might decide on a partial index.
  const nextOfPos = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE status = 'pending' AND pos_id = +? ORDER BY fd_number LIMIT 1`,
  )
  // Steps from one pos_id to the next through the index, instead of reading every pending receipt. The planner, which
  // has no statistics, would take the index by status.
  const posIdsToDeliver = db.prepare<{ pos_id: string }>(
    `WITH RECURSIVE lane (pos_id) AS (
       SELECT min(pos_id) FROM receipts INDEXED BY receipts_to_deliver WHERE status = 'pending'
       UNION ALL
       SELECT (
         SELECT min(pos_id) FROM receipts INDEXED BY receipts_to_deliver WHERE status = 'pending' AND pos_id > lane.pos_id
       )
       FROM lane WHERE lane.pos_id IS NOT NULL
     )
     SELECT pos_id FROM lane WHERE pos_id IS NOT NULL`,
  )
  const counts = db.prepare<Counts>(`SELECT ${STATUSES.join(', ')} FROM totals`)
  const oldestUndelivered = db.prepare<{ printed_at_ms: number | null }>(
    `SELECT min(printed_at_ms) AS printed_at_ms FROM (
       SELECT printed_at_ms FROM (SELECT * FROM receipts WHERE status = 'pending' ORDER BY rowid LIMIT 1)
       UNION ALL
       SELECT printed_at_ms FROM (SELECT * FROM receipts WHERE status = 'syncing' ORDER BY rowid LIMIT 1)
     )`,
  )
  const lastPendingFd = db.prepare<{ fd_number: number | null }>(
    "SELECT max(fd_number) AS fd_number FROM receipts WHERE status IN ('pending', 'syncing')",
  )
  return {
    statusOf: (id: ReceiptId): Status | null => read(statusById, id)?.status ?? null,
    find(id: ReceiptId): Receipt | null {
      const row = read(byId, id)
      return row ? toReceipt(row) : null
    },
    /** The tills that have something to deliver. */
    posIdsToDeliver: (): string[] => posIdsToDeliver.all().map((row) => row.pos_id),
    /** What is delivered next for a till: its lowest FD. */
    nextToDeliver(posId: string): FiscalisedReceipt | null {
      const row = nextOfPos.get(posId)
      return row ? toFiscalised(row) : null
    },
    counts: (): Counts => onlyRow(counts.get()),
    oldestUndeliveredPrintedAtMs: (): number | null => oldestUndelivered.get()?.printed_at_ms ?? null,
    /** The highest FD that is still to be delivered, or 0. */
    lastPendingFd: (): number => lastPendingFd.get()?.fd_number ?? 0,
    ...createPrintQueries(db),
    ...createPages(db),
  }
}

export type Queries = ReturnType<typeof createQueries>
