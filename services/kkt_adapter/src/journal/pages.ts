import type { DlqReason, FiscalDoc, Receipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { STATUSES } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import { createLookUps, FITS, type ReceiptFilter, valuesOf } from './look_ups.ts'
import { FDS } from './places.ts'
import { RECEIPT_COLUMNS, type ReceiptRow, toDeliver, toReceipt } from './rows.ts'
import { THOUSAND } from './till_thousands.ts'

export type Page<T> = { items: T[]; nextCursor: string | null }
/** A receipt with its document. */
export type Fiscalised = { content: ReceiptContent; doc: FiscalDoc }
export type DlqFilter = { posId: string | null; reason: DlqReason | null }

/** Behind all receipts. */
const NEWEST = Number.MAX_SAFE_INTEGER

/** Receipts and dead letters, page by page. `?1` is the place of the cursor in the order of acceptance. */
export function createPages(db: Database) {
  // Ids have another order when a lost receipt was restored from the KKT, so they only replace a receipt that was removed.
  const seqAt = db.prepare<{ seq: number | null }>(
    `SELECT ifnull(
       (SELECT seq FROM sales WHERE receipt_id = ?1),
       (SELECT seq + 1 FROM sales WHERE receipt_id < ?1 ORDER BY receipt_id DESC LIMIT 1)) AS seq`,
  )
  const behind = (cursor: string | null): number => (cursor === null ? NEWEST : (seqAt.get(cursor)?.seq ?? 0))
  const pageOfAll = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2`,
  )
  // Reads the till's thousands from the last one on.
  const pageOfPos = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM till_thousands CROSS JOIN receipts
       ON seq BETWEEN thousand * ${THOUSAND} AND thousand * ${THOUSAND} + ${THOUSAND - 1}
     WHERE till_thousands.pos_id = ?2 AND thousand <= ?1 / ${THOUSAND} AND receipts.pos_id = ?2 AND seq < ?1
       AND (?3 IS NULL OR status = ?3)
     ORDER BY thousand DESC, seq DESC LIMIT ?4`,
  )
  const pageOfStatus = new Map(
    STATUSES.map((status) => [
      status,
      db.prepare<ReceiptRow>(
        `SELECT ${RECEIPT_COLUMNS} FROM receipts
         WHERE status = '${status}'${status === 'synced' ? '' : " AND status <> 'synced'"} AND seq < ?1 AND ${FITS}
         ORDER BY seq DESC LIMIT ?9`,
      ),
    ]),
  )
  const untold = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts
     WHERE seq IN (SELECT seq FROM states WHERE untold = 1) AND seq < ?1 AND ${FITS} ORDER BY seq DESC LIMIT ?9`,
  )
  const lookUps = createLookUps(db)
  const ofDay = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts
     WHERE seq IN (SELECT seq FROM documents WHERE local_date = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3) ORDER BY seq`,
  )

  /** Nearly all receipts are delivered. The others are few, so these are searched among all. */
  function read(filter: ReceiptFilter, before: number, limit: number): ReceiptRow[] {
    const { status, posId } = filter
    if (filter.isUntold === true) return untold.all(before, ...valuesOf(filter), limit)
    const isOfFew = status !== null && status !== 'synced'
    if (!isOfFew && lookUps.isGiven(filter)) return lookUps.read(filter, before, limit)
    if (!isOfFew && posId !== null) return pageOfPos.all(before, posId, status, limit)
    if (status === null) return pageOfAll.all(before, limit)
    return pageOfStatus.get(status)?.all(before, ...valuesOf(filter), limit) ?? []
  }

  return {
    /** Newest first. */
    list: (filter: ReceiptFilter, cursor: string | null, limit: number): Page<Receipt> =>
      page(read(filter, behind(cursor), limit + 1), limit),
    /** The receipts of these tills together, newest first. */
    listOf(
      posIds: readonly string[],
      filter: Omit<ReceiptFilter, 'posId'>,
      cursor: string | null,
      limit: number,
    ): Page<Receipt> {
      const before = behind(cursor)
      const rows = posIds.flatMap((posId) => read({ ...filter, posId }, before, limit + 1))
      return page(
        rows.sort((one, other) => other.seq - one.seq),
        limit,
      )
    },
    /**
     * Receipts with a document of this day in the KKT's zone, in the order of acceptance.
     * @param after the `lastSeq` of the page before, or 0
     * @returns `lastSeq` null behind the last one
     */
    ofDay(date: string, after: number, limit: number): { receipts: Receipt[]; lastSeq: number | null } {
      const rows = ofDay.all(date, after, limit)
      return { receipts: rows.map(toReceipt), lastSeq: rows.at(-1)?.seq ?? null }
    },
    ofFn: createOfFn(db),
    ...createDeadLetters(db, behind),
  }
}

/** The receipts of an FN's documents, newest first. */
function createOfFn(db: Database) {
  const page = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE seq IN (
       SELECT seq FROM documents WHERE place > (SELECT turn FROM fiscal_memories WHERE fn_number = ?1) * ${FDS}
         AND place < (SELECT turn FROM fiscal_memories WHERE fn_number = ?1) * ${FDS} + ?2 AND kind = 'receipt'
       ORDER BY place DESC LIMIT ?3)`,
  )
  /** @param beforeFd the FD of the last one of the page before; null for the first page */
  return (fnNumber: string, beforeFd: number | null, limit: number): Fiscalised[] =>
    page
      .all(fnNumber, beforeFd ?? FDS, limit)
      .map(toDeliver)
      .map(({ content, fiscalDoc: doc }) => ({ content, doc }))
      .sort((one, other) => other.doc.fdNumber - one.doc.fdNumber)
}

/** @param behind the place of a cursor */
function createDeadLetters(db: Database, behind: (cursor: string | null) => number) {
  const dlqPage = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE status = 'failed' AND status <> 'synced' AND seq < ?1
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
  return {
    deadLetters: ({ posId, reason }: DlqFilter, cursor: string | null, limit: number): Page<Receipt> =>
      page(dlqPage.all(behind(cursor), posId, reason, limit + 1), limit),
    deadLetterCount: ({ posId, reason }: DlqFilter): number => dlqSize.get(posId, reason)?.n ?? 0,
    deadLetterIds: ({ posId, reason }: DlqFilter): ReceiptId[] =>
      dlqIds.all(posId, reason).map((row) => row.receipt_id),
  }
}

function page(rows: ReceiptRow[], limit: number): Page<Receipt> {
  const items = rows.slice(0, limit).map(toReceipt)
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}
