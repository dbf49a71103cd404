import type { ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'

/** `atMs`: Unix milliseconds. */
export type Failure = { atMs: number; reason: string; receiptId: ReceiptId }

type Row = { at_ms: number | null; reason: string; receipt_id: ReceiptId }

/**
 * The last time that a receipt was not printed or not delivered. It is known until nothing is left to be printed, delivered
 * or decided: while one receipt keeps failing, others of other tills get through, and that ends nothing.
 */
export function createFailures(db: Database, deps: { wallMs: () => number }) {
  const read = db.prepare<Row>(
    `SELECT last_failure_at_ms AS at_ms, last_failure_reason AS reason, last_failure_receipt_id AS receipt_id FROM totals`,
  )
  const note = db.prepare(
    'UPDATE totals SET last_failure_at_ms = ?, last_failure_reason = ?, last_failure_receipt_id = ?',
  )
  const forget = db.prepare(
    `UPDATE totals SET last_failure_at_ms = NULL, last_failure_reason = NULL, last_failure_receipt_id = NULL
     WHERE last_failure_at_ms IS NOT NULL AND accepted + printing + unknown + pending + syncing + failed = 0`,
  )
  return {
    last(): Failure | null {
      const row = read.get()
      if (!row || row.at_ms === null) return null
      return { atMs: row.at_ms, reason: row.reason, receiptId: row.receipt_id }
    },
    note: (receiptId: ReceiptId, reason: string): void => void note.run(deps.wallMs(), reason, receiptId),
    /** Forgets it where a receipt that came to its end was the last that had not. */
    settle: (): void => void forget.run(),
  }
}

export type Failures = ReturnType<typeof createFailures>
