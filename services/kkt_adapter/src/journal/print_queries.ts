import type { IdempotencyKey, Receipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import type { Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import { contentOf, RECEIPT_COLUMNS, type ReceiptRow, toReceipt } from './rows.ts'

/** The KKT's input for a receipt. */
export type ToPrint = { id: ReceiptId; key: IdempotencyKey; content: ReceiptContent }

type AcceptedRow = Pick<ReceiptRow, 'receipt_id' | 'content' | 'filled_in'> & { idempotency_key: IdempotencyKey }

/** The next work for the KKT. */
export function createPrintQueries(db: Database) {
  const oldestIn = (status: Status) =>
    db.prepare<ReceiptRow>(
      `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE status = '${status}' AND status <> 'synced' ORDER BY seq LIMIT 1`,
    )
  const accepted = db.prepare<AcceptedRow>(
    // SQLite would compile a statement with a bare `LIMIT ?` again for every value.
    `SELECT receipt_id, idempotency_key, content, filled_in FROM states JOIN sales USING (seq)
     WHERE status = 'accepted' AND status <> 'synced' ORDER BY seq LIMIT 0 + ?`,
  )
  const oldestPrinting = oldestIn('printing')
  const oldestUnknown = oldestIn('unknown')
  const oldestWithoutPaper = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts
     WHERE needs_paper = 1 AND receipt_id NOT IN (SELECT value FROM json_each(?)) ORDER BY seq LIMIT 1`,
  )
  const withoutPaper = db.prepare<{ n: number }>('SELECT count(*) AS n FROM states WHERE needs_paper = 1')
  const optional = (row: ReceiptRow | undefined) => (row ? toReceipt(row) : null)

  return {
    hasAccepted: (): boolean => accepted.get(1) !== undefined,
    /** The receipts to print next, in the order of acceptance. */
    nextAccepted: (atMost: number): ToPrint[] =>
      accepted.all(atMost).map((row) => ({
        id: row.receipt_id,
        key: row.idempotency_key,
        content: contentOf(row),
      })),
    /**
     * The oldest receipt whose outcome at the KKT is unknown. In this order receipts reach the OFD in the order of
     * their FDs.
     */
    nextUncertain(): Receipt | null {
      const printing = oldestPrinting.get()
      const unknown = oldestUnknown.get()
      return optional(printing && unknown && unknown.receipt_id < printing.receipt_id ? unknown : (printing ?? unknown))
    },
    /** A fiscalised receipt without paper that is not one of these. */
    nextWithoutPaper: (except: Iterable<ReceiptId> = []): Receipt | null =>
      optional(oldestWithoutPaper.get(JSON.stringify([...except]))),
    /** The number of receipts without paper: few, because nothing is fiscalised behind them. */
    countWithoutPaper: (): number => withoutPaper.get()?.n ?? 0,
  }
}
