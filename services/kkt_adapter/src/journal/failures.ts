import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import { undelivered } from './totals.ts'

/** `atMs`: Unix milliseconds. */
export type Failure = { atMs: number; reason: string; receiptId: ReceiptId }

type Row = { at_ms: number | null; reason: string; receipt_id: ReceiptId }

/**
 * The last failure to print or to deliver. It is kept until no receipt is left to print, to deliver or to decide: while
 * one receipt keeps failing, the success of others ends nothing.
 */
export function createFailures(db: Database, deps: { wallMs: () => number; gathered: Gathered }) {
  const read = db.prepare<Row>(
    `SELECT last_failure_at_ms AS at_ms, last_failure_reason AS reason, last_failure_receipt_id AS receipt_id FROM totals`,
  )
  const { wallMs, gathered } = deps
  const set = (atMs: number | null, reason: string | null, receiptId: ReceiptId | null) => {
    const totals = gathered.change()
    totals.last_failure_at_ms = atMs
    totals.last_failure_reason = reason
    totals.last_failure_receipt_id = receiptId
  }
  return {
    /** As of the last committed transaction. */
    last(): Failure | null {
      const row = read.get()
      if (!row || row.at_ms === null) return null
      return { atMs: row.at_ms, reason: row.reason, receiptId: row.receipt_id }
    },
    note: (receiptId: ReceiptId, reason: string): void => set(wallMs(), reason, receiptId),
    /** Forgets the failure when the last open receipt has ended. */
    settle(): void {
      const totals = gathered.tally()
      if (totals.last_failure_at_ms === null || undelivered(totals) + totals.failed > 0) return
      set(null, null, null)
    },
  }
}

export type Failures = ReturnType<typeof createFailures>
