import type { FiscalisedReceipt, Receipt, ReceiptId } from '../receipts/receipt.ts'
import type { Status } from '../receipts/state.ts'
import type { Database } from './database.ts'
import { createPages } from './pages.ts'
import { RECEIPT_COLUMNS, type ReceiptRow, toFiscalised, toReceipt } from './rows.ts'

type TotalsRow = { last_sync_at_ms: number | null; last_receipt_id: string; merged_ms: number; buffer_id: string }

export type Counts = Readonly<Record<Status, number>>

/** Every way in which receipts are read. */
export function createQueries(db: Database) {
  const byId = db.prepare<ReceiptRow>(`SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE receipt_id = ?`)
  const statusById = db.prepare<{ status: Status }>('SELECT status FROM receipts WHERE receipt_id = ?')
  const oldestIn = (status: Status) =>
    db.prepare<ReceiptRow>(
      `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE status = '${status}' ORDER BY receipt_id LIMIT 1`,
    )
  const oldestAccepted = oldestIn('accepted')
  const oldestPrinting = oldestIn('printing')
  const oldestUnknown = oldestIn('unknown')
  const oldestWithoutPaper = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE needs_paper = 1 ORDER BY receipt_id LIMIT 1`,
  )
  const withoutPaper = db.prepare<{ n: number }>('SELECT count(*) AS n FROM receipts WHERE needs_paper = 1')
  const nextOfPos = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE status = 'pending' AND pos_id = ? ORDER BY fd_number LIMIT 1`,
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
  const counts = db.prepare<{ status: Status; n: number }>('SELECT status, n FROM counters')
  const totals = db.prepare<TotalsRow>('SELECT last_sync_at_ms, last_receipt_id, merged_ms, buffer_id FROM totals')
  const oldestUndelivered = db.prepare<{ printed_at_ms: number | null }>(
    `SELECT min(printed_at_ms) AS printed_at_ms FROM (
       SELECT printed_at_ms FROM (SELECT * FROM receipts WHERE status = 'pending' ORDER BY receipt_id LIMIT 1)
       UNION ALL
       SELECT printed_at_ms FROM (SELECT * FROM receipts WHERE status = 'syncing' ORDER BY receipt_id LIMIT 1)
     )`,
  )
  const lastPendingFd = db.prepare<{ fd_number: number | null }>(
    "SELECT max(fd_number) AS fd_number FROM receipts WHERE status IN ('pending', 'syncing')",
  )
  const optional = (row: ReceiptRow | undefined) => (row ? toReceipt(row) : null)

  return {
    statusOf: (id: ReceiptId): Status | null => statusById.get(id)?.status ?? null,
    find: (id: ReceiptId): Receipt | null => optional(byId.get(id)),
    /** The receipt to print next. */
    nextAccepted: (): Receipt | null => optional(oldestAccepted.get()),
    /** A receipt of which nobody knows whether the KKT has it. */
    nextUncertain: (): Receipt | null => optional(oldestPrinting.get() ?? oldestUnknown.get()),
    /** A fiscalised receipt that is not on paper. */
    nextWithoutPaper: (): Receipt | null => optional(oldestWithoutPaper.get()),
    /** How many are not on paper: a handful, for nothing is fiscalised behind them. */
    countWithoutPaper: (): number => withoutPaper.get()?.n ?? 0,
    /** The tills that have something to deliver. */
    posIdsToDeliver: (): string[] => posIdsToDeliver.all().map((row) => row.pos_id),
    /** What is delivered next for a till: its lowest FD. */
    nextToDeliver(posId: string): FiscalisedReceipt | null {
      const row = nextOfPos.get(posId)
      return row ? toFiscalised(row) : null
    },
    counts(): Counts {
      const found = new Map(counts.all().map((row) => [row.status, row.n]))
      const of = (status: Status) => found.get(status) ?? 0
      return {
        accepted: of('accepted'),
        printing: of('printing'),
        unknown: of('unknown'),
        refused: of('refused'),
        pending: of('pending'),
        syncing: of('syncing'),
        synced: of('synced'),
        failed: of('failed'),
      }
    },
    lastSyncAtMs: (): number | null => totals.get()?.last_sync_at_ms ?? null,
    /** The greatest id ever minted here, also when its receipt is long gone; '' before the first. */
    lastReceiptId: (): string => totals.get()?.last_receipt_id ?? '',
    /** The greatest reading of another clock that was merged into the hybrid logical clock, in Unix milliseconds. */
    mergedMs: (): number => totals.get()?.merged_ms ?? 0,
    /** What tells this buffer from any other. */
    bufferId: (): string => totals.get()?.buffer_id ?? '',
    oldestUndeliveredPrintedAtMs: (): number | null => oldestUndelivered.get()?.printed_at_ms ?? null,
    /** The highest FD that is still to be delivered, or 0. */
    lastPendingFd: (): number => lastPendingFd.get()?.fd_number ?? 0,
    ...createPages(db),
  }
}
