import type { DlqReason, Receipt, ReceiptId } from '../domain/receipt.ts'
import { STATUSES, type Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import { RECEIPT_COLUMNS, type ReceiptRow, toReceipt } from './rows.ts'
import { THOUSAND } from './till_thousands.ts'

export type Page<T> = { items: T[]; nextCursor: string | null }
export type ReceiptFilter = { status: Status | null; posId: string | null }
export type DlqFilter = { posId: string | null; reason: DlqReason | null }

/**
 * The place of the receipt at a cursor, ?1, in the order of acceptance; NULL: behind all. Ids have another order when a
 * lost receipt was restored from the KKT, so they only replace a receipt that was removed.
 */
const CURSOR = `iif(?1 IS NULL, 9223372036854775807, ifnull(
  (SELECT seq FROM sales WHERE receipt_id = ?1),
  (SELECT seq + 1 FROM sales WHERE receipt_id < ?1 ORDER BY receipt_id DESC LIMIT 1)))`
const BEFORE = `seq < ${CURSOR}`

/** Receipts and dead letters, page by page. */
export function createPages(db: Database) {
  const pageWhere = (condition: string) =>
    db.prepare<ReceiptRow>(
      `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE ${condition} AND ${BEFORE} AND (?2 IS NULL OR pos_id = ?2)
       ORDER BY seq DESC LIMIT ?3`,
    )
  const pageOfAll = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE ${BEFORE} ORDER BY seq DESC LIMIT ?2`,
  )
  // Reads the till's thousands from the last one on.
  const pageOfPos = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM till_thousands CROSS JOIN receipts
       ON seq BETWEEN thousand * ${THOUSAND} AND thousand * ${THOUSAND} + ${THOUSAND - 1}
     WHERE till_thousands.pos_id = ?2 AND thousand <= ${CURSOR} / ${THOUSAND} AND receipts.pos_id = ?2 AND ${BEFORE}
       AND (?3 IS NULL OR status = ?3)
     ORDER BY thousand DESC, seq DESC LIMIT ?4`,
  )
  // Only few receipts are not delivered, so these are searched among all tills.
  const pageOfStatus = new Map(
    STATUSES.map((status) => [
      status,
      pageWhere(status === 'synced' ? "status = 'synced'" : `status = '${status}' AND status <> 'synced'`),
    ]),
  )
  const dlqPage = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE status = 'failed' AND status <> 'synced' AND ${BEFORE}
       AND (?2 IS NULL OR pos_id = ?2) AND (?3 IS NULL OR dlq_reason = ?3)
     ORDER BY seq DESC LIMIT ?4`,
  )
  const dlqSize = db.prepare<{ n: number }>(
    `SELECT count(*) AS n FROM receipts WHERE status = 'failed' AND status <> 'synced'
       AND (?1 IS NULL OR pos_id = ?1) AND (?2 IS NULL OR dlq_reason = ?2)`,
  )
  const dlqIds = db.prepare<{ receipt_id: ReceiptId }>(
    `SELECT receipt_id FROM receipts WHERE status = 'failed' AND status <> 'synced'
       AND (?1 IS NULL OR pos_id = ?1) AND (?2 IS NULL OR dlq_reason = ?2)
     ORDER BY seq`,
  )

  function read({ status, posId }: ReceiptFilter, before: string | null, limit: number): ReceiptRow[] {
    // Nearly all receipts are delivered, so the till's own are read.
    if (posId !== null && (status === null || status === 'synced')) return pageOfPos.all(before, posId, status, limit)
    if (status !== null) return pageOfStatus.get(status)?.all(before, posId, limit) ?? []
    return pageOfAll.all(before, limit)
  }

  return {
    /** Newest first. */
    list: (filter: ReceiptFilter, cursor: string | null, limit: number): Page<Receipt> =>
      page(read(filter, cursor, limit + 1), limit),
    /** The receipts of these tills together, newest first. */
    listOf(posIds: readonly string[], status: Status | null, cursor: string | null, limit: number): Page<Receipt> {
      const rows = posIds.flatMap((posId) => read({ status, posId }, cursor, limit + 1))
      return page(
        rows.sort((one, other) => other.seq - one.seq),
        limit,
      )
    },
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
