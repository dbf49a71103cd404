import type { DlqReason, Receipt, ReceiptId } from '../domain/receipt.ts'
import { STATUSES, type Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import { RECEIPT_COLUMNS, type ReceiptRow, toReceipt } from './rows.ts'

export type Page<T> = { items: T[]; nextCursor: string | null }
export type ReceiptFilter = { status: Status | null; posId: string | null }
export type DlqFilter = { posId: string | null; reason: DlqReason | null }

/**
 * Of receipts that were journaled before the one at a cursor, ?1; NULL: of all. The order is that of the rowids, which the
 * indexes by status and by till have. Ids are in another one where a receipt that was lost came back from the KKT; they
 * only stand in for a receipt that is gone by now.
 */
const BEFORE = `rowid < iif(?1 IS NULL, 9223372036854775807, ifnull(
  (SELECT rowid FROM receipts WHERE receipt_id = ?1),
  (SELECT rowid + 1 FROM receipts WHERE receipt_id < ?1 ORDER BY receipt_id DESC LIMIT 1)))`

/** Receipts and dead letters, a page at a time. */
export function createPages(db: Database) {
  const pageWhere = (condition: string) =>
    db.prepare<ReceiptRow>(
      `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE ${condition} AND ${BEFORE} AND (?2 IS NULL OR pos_id = ?2)
       ORDER BY rowid DESC LIMIT ?3`,
    )
  const pageOfAll = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE ${BEFORE} ORDER BY rowid DESC LIMIT ?2`,
  )
  const pageOfPos = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE pos_id = ?2 AND ${BEFORE} ORDER BY rowid DESC LIMIT ?3`,
  )
  // Nearly all are delivered, so a till's own are read. The plus keeps the planner from reading everybody's.
  const deliveredOfPos = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE pos_id = ?2 AND +status = 'synced' AND ${BEFORE}
     ORDER BY rowid DESC LIMIT ?3`,
  )
  const pageOfStatus = new Map(STATUSES.map((status) => [status, pageWhere(`status = '${status}'`)]))
  const dlqPage = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE status = 'failed' AND ${BEFORE}
       AND (?2 IS NULL OR pos_id = ?2) AND (?3 IS NULL OR dlq_reason = ?3)
     ORDER BY rowid DESC LIMIT ?4`,
  )
  const dlqSize = db.prepare<{ n: number }>(
    `SELECT count(*) AS n FROM receipts WHERE status = 'failed'
       AND (?1 IS NULL OR pos_id = ?1) AND (?2 IS NULL OR dlq_reason = ?2)`,
  )
  const dlqIds = db.prepare<{ receipt_id: ReceiptId }>(
    `SELECT receipt_id FROM receipts WHERE status = 'failed'
       AND (?1 IS NULL OR pos_id = ?1) AND (?2 IS NULL OR dlq_reason = ?2)
     ORDER BY rowid`,
  )

  function read({ status, posId }: ReceiptFilter, before: string | null, limit: number): ReceiptRow[] {
    if (posId !== null && status === 'synced') return deliveredOfPos.all(before, posId, limit)
    if (status !== null) return pageOfStatus.get(status)?.all(before, posId, limit) ?? []
    return posId === null ? pageOfAll.all(before, limit) : pageOfPos.all(before, posId, limit)
  }

  return {
    /** Newest first. */
    list: (filter: ReceiptFilter, cursor: string | null, limit: number): Page<Receipt> =>
      page(read(filter, cursor, limit + 1), limit),
    deadLetters: ({ posId, reason }: DlqFilter, cursor: string | null, limit: number): Page<Receipt> =>
      page(dlqPage.all(cursor, posId, reason, limit + 1), limit),
    deadLetterCount: ({ posId, reason }: DlqFilter): number => dlqSize.get(posId, reason)?.n ?? 0,
    deadLetterIds: ({ posId, reason }: DlqFilter): ReceiptId[] =>
      dlqIds.all(posId, reason).map((row) => row.receipt_id),
  }
}

function page(rows: ReceiptRow[], limit: number): Page<Receipt> {
  const items = rows.slice(0, limit).map(toReceipt)
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}
