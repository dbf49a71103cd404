import type { DocumentNumbers, Original } from '../domain/correction.ts'
import type { Operation } from '../domain/operation.ts'
import type { FiscalDoc, Receipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { type Refundable, type RefundFinding, unlikeOriginal } from '../domain/refund.ts'
import type { Status } from '../domain/state.ts'
import type { Vat } from '../domain/vat.ts'
import type { Database } from '../sqlite/database.ts'
import type { Queries } from './queries.ts'
import { RECEIPT_COLUMNS, type ReceiptRow, toReceipt, VALUE } from './rows.ts'

/** How a refund that names its original is judged. `isForced`: an operator takes it beyond what is left. */
export type RefundRules = { isForced: boolean; requiresSynced: boolean }

export type Judged =
  | { kind: 'taken'; originalId: ReceiptId | null; numbers: DocumentNumbers | null; findings: RefundFinding[] }
  | { kind: 'refund_exceeds'; leftKopecks: number; originalId: ReceiptId }
  | { kind: 'refund_too_early'; original: { id: ReceiptId; status: Status } }

/** `status`: null for a receipt that was pruned, and so had ended. */
type Known = Refundable & { id: ReceiptId; status: Status | null }

type OriginalRow = {
  receipt_id: ReceiptId
  operation: Operation
  fn_number: string
  fd_number: number
  fiscal_sign: string
  total_kopecks: number
  items: string
}

const COLUMNS = 'receipt_id, operation, fn_number, fd_number, fiscal_sign, total_kopecks, items'

type RefundsDeps = { wallMs: () => number; queries: Pick<Queries, 'find' | 'findByDocument'> }

/** Refunds, held against what is left of their originals. */
export function createRefunds(db: Database, { wallMs, queries }: RefundsDeps) {
  const byId = db.prepare<OriginalRow>(`SELECT ${COLUMNS} FROM originals WHERE receipt_id = ?`)
  const byDocument = db.prepare<OriginalRow>(`SELECT ${COLUMNS} FROM originals WHERE fd_number = ?2 AND fn_number = ?1`)
  const refunded = db.prepare<{ kopecks: number | null }>(
    'SELECT sum(total_kopecks) AS kopecks FROM refunds WHERE original = ?1 AND original IS NOT NULL',
  )
  const reversed = db.prepare<{ n: number }>(
    `SELECT count(*) AS n FROM corrections
     WHERE wrong_fd = ?2 AND wrong_fn = ?1 AND wrong_fd IS NOT NULL AND reversal_refused = 0`,
  )
  const insert = db.prepare(
    'INSERT INTO refunds (receipt_id, original, total_kopecks, findings, created_at_ms) VALUES (?, ?, ?, ?, ?)',
  )
  const rename = db.prepare('UPDATE refunds SET receipt_id = ?2 WHERE receipt_id = ?1')
  const remove = db.prepare('DELETE FROM refunds WHERE receipt_id = ?')
  const told = db.prepare<{ findings: string }>('SELECT findings FROM refunds WHERE receipt_id = ?')

  function known(original: Original): Known | null {
    const receipt =
      original.receiptId === undefined
        ? queries.findByDocument(original.fnNumber, original.fdNumber)
        : queries.find(original.receiptId as ReceiptId)
    if (receipt) return knownOf(receipt)
    const row =
      original.receiptId === undefined
        ? byDocument.get(original.fnNumber, original.fdNumber)
        : byId.get(original.receiptId)
    return row ? keptOf(row) : null
  }

  function leftOf({ id, numbers, totalKopecks, status }: Known): number {
    if (status === 'refused') return 0
    const wasReversed = numbers !== null && (reversed.get(numbers.fnNumber, numbers.fdNumber)?.n ?? 0) > 0
    return wasReversed ? 0 : totalKopecks - (refunded.get(id)?.kopecks ?? 0)
  }

  return {
    reads: {
      /** The findings that a refund was taken with. */
      findingsOf(id: ReceiptId): RefundFinding[] {
        const row = told.get(id)
        return row ? JSON.parse(row.findings) : []
      },
    },
    /** Judges a refund inside the transaction that journals it, so that two at once cannot both take the rest. */
    judge(content: ReceiptContent, { isForced, requiresSynced }: RefundRules): Judged {
      const original = content.refundOf && known(content.refundOf)
      if (!original)
        return { kind: 'taken', originalId: null, numbers: null, findings: [{ code: 'refund_of_unknown' }] }
      const { id, status, numbers } = original
      if (requiresSynced && status !== null && status !== 'synced') {
        return { kind: 'refund_too_early', original: { id, status } }
      }
      const leftKopecks = Math.max(0, leftOf(original))
      const isBeyond = content.totalKopecks > leftKopecks
      if (isBeyond && !isForced) return { kind: 'refund_exceeds', leftKopecks, originalId: id }
      const beyond: RefundFinding[] = isBeyond ? [{ code: 'refund_exceeds', leftKopecks }] : []
      return { kind: 'taken', originalId: id, numbers, findings: [...beyond, ...unlikeOriginal(content, original)] }
    },
    record(id: ReceiptId, { originalId, findings }: Extract<Judged, { kind: 'taken' }>, totalKopecks: number): void {
      insert.run(id, originalId, totalKopecks, JSON.stringify(findings), wallMs())
    },
    /** The KKT knew the refund under another id. */
    renamed: (from: ReceiptId, to: ReceiptId): void => void rename.run(from, to),
    /** The KKT has refused it, so nothing came back. */
    refused: (id: ReceiptId): void => void remove.run(id),
  }
}

export type Refunds = ReturnType<typeof createRefunds>

const knownOf = ({ id, status, content, fiscalDoc }: Receipt): Known => ({
  id,
  status,
  operation: content.type,
  numbers: fiscalDoc && numbersOf(fiscalDoc),
  totalKopecks: content.totalKopecks,
  items: content.items,
})

const numbersOf = ({ fnNumber, fdNumber, fiscalSign }: FiscalDoc): DocumentNumbers => ({
  fnNumber,
  fdNumber,
  fiscalSign,
})

function keptOf(row: OriginalRow): Known {
  const items: [string, number, Vat][] = JSON.parse(row.items)
  return {
    id: row.receipt_id,
    status: null,
    operation: row.operation,
    numbers: { fnNumber: row.fn_number, fdNumber: row.fd_number, fiscalSign: row.fiscal_sign },
    totalKopecks: row.total_kopecks,
    items: items.map(([name, priceKopecks, vat]) => ({ name, priceKopecks, vat })),
  }
}

/** Keeps what refunds need of receipts that are about to be removed, and removes it when it is old itself. */
export function createKeptOriginals(db: Database) {
  const bySeq = db.prepare<ReceiptRow>(`SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE seq = ${VALUE}`)
  const insert = db.prepare(`INSERT OR IGNORE INTO originals (${COLUMNS}, ended_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const prune = (table: string, time: string, and = '') =>
    db.prepare(
      `DELETE FROM ${table} WHERE receipt_id IN (
         SELECT receipt_id FROM ${table} WHERE ${time} < ?1 ${and} ORDER BY ${time} LIMIT 0 + ?2
       )`,
    )
  const pruneOriginals = prune('originals', 'ended_at_ms')
  // A refund counts as long as its original is known, and its till is warned of the same as long as its receipt is kept.
  const isKept = (table: string, id: string) =>
    `EXISTS (SELECT 1 FROM ${table} WHERE ${table}.receipt_id = refunds.${id})`
  const pruneRefunds = prune(
    'refunds',
    'created_at_ms',
    `AND NOT ${isKept('originals', 'original')} AND NOT ${isKept('sales', 'original')} AND NOT ${isKept('sales', 'receipt_id')}`,
  )
  const pruneTwins = prune('twins', 'created_at_ms')
  return {
    keep(seq: number): void {
      const row = bySeq.get(seq)
      if (!row) return
      const { id, content, fiscalDoc, changedAtMs } = toReceipt(row)
      const { type, totalKopecks, items } = content
      if (fiscalDoc === null || (type !== 'sale' && type !== 'buy')) return
      const { fnNumber, fdNumber, fiscalSign } = fiscalDoc
      const sold = JSON.stringify(items.map(({ name, priceKopecks, vat }) => [name, priceKopecks, vat]))
      insert.run(id, type, fnNumber, fdNumber, fiscalSign, totalKopecks, sold, changedAtMs)
    },
    /** Twins are told of as long as their receipts are kept. */
    pruneTwins: (beforeMs: number, limit: number): void => void pruneTwins.run(beforeMs, limit),
    /** @returns the number of removed rows of the table that lost most of them: if it is `limit`, there may be more */
    prune: (beforeMs: number, limit: number): number =>
      Math.max(pruneOriginals.run(beforeMs, limit), pruneRefunds.run(beforeMs, limit)),
  }
}

export type KeptOriginals = ReturnType<typeof createKeptOriginals>
