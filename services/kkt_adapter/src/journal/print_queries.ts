import type { IdempotencyKey, Receipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import type { Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import type { RecentContents } from './recent_contents.ts'
import { contentOf, RECEIPT_COLUMNS, type ReceiptRow, toReceipt, VALUE, type WordsRow } from './rows.ts'
import { TASK_HAS_NOT_ENDED } from './task_queries.ts'

/** The KKT's input for a receipt. */
export type ToPrint = { id: ReceiptId; key: IdempotencyKey; content: ReceiptContent }

type AcceptedRow = Pick<ReceiptRow, 'seq' | 'receipt_id'> & { idempotency_key: IdempotencyKey }

/** The last receipt that the KKT does before the tasks that wait for it. */
const BEFORE_TASKS = `ifnull((SELECT min(after_seq) FROM tasks WHERE status = 'accepted' AND ${TASK_HAS_NOT_ENDED}),
  ${Number.MAX_SAFE_INTEGER})`

/** The next work for the KKT. */
export function createPrintQueries(db: Database, contents: RecentContents) {
  const oldestIn = (status: Status, also = '') =>
    db.prepare<ReceiptRow>(
      `SELECT ${RECEIPT_COLUMNS} FROM receipts
       WHERE status = '${status}' AND status <> 'synced' ${also} ORDER BY seq LIMIT 1`,
    )
  const accepted = db.prepare<AcceptedRow>(
    // SQLite would compile a statement with a bare `LIMIT ?` again for every value.
    `SELECT seq, receipt_id, idempotency_key FROM states JOIN sales USING (seq)
     WHERE status = 'accepted' AND status <> 'synced' AND seq <= ${BEFORE_TASKS} ORDER BY seq LIMIT 0 + ?`,
  )
  const words = db.prepare<WordsRow>('SELECT content, filled_in FROM sales WHERE seq = ?')
  const oldestPrinting = oldestIn('printing')
  const oldestUnknown = oldestIn('unknown', 'AND untold = 0')
  const untold = db.prepare<{ n: number }>('SELECT count(*) AS n FROM states WHERE untold = 1')
  const handedTo = db.prepare<{ fn_number: string }>(
    `SELECT fn_number FROM sales JOIN states USING (seq) JOIN fiscal_memories ON turn = handed_turn
     WHERE receipt_id = ${VALUE}`,
  )
  const oldestWithoutPaper = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts
     WHERE needs_paper = 1 ORDER BY seq LIMIT 1`,
  )
  const withoutPaper = db.prepare<{ n: number }>('SELECT count(*) AS n FROM states WHERE needs_paper = 1')
  function contentIn({ seq, receipt_id: id }: AcceptedRow): ReceiptContent {
    const remembered = contents.take(id)
    if (remembered !== undefined) return remembered
    const row = words.get(seq)
    if (!row) throw new Error(`Receipt ${id} is accepted and has no content`)
    return contentOf(row)
  }
  const optional = (row: ReceiptRow | undefined) => (row ? toReceipt(row) : null)

  return {
    hasAccepted: (): boolean => accepted.get(1) !== undefined,
    /** The receipts to print next, in the order of acceptance. Receipts behind a task that waits are none of them. */
    nextAccepted: (atMost: number): ToPrint[] =>
      accepted.all(atMost).map((row) => ({
        id: row.receipt_id,
        key: row.idempotency_key,
        content: contentIn(row),
      })),
    /**
     * The oldest receipt whose outcome at the KKT is unknown, and that is not untold. In this order receipts reach the OFD in the
     * order of their FDs.
     */
    nextUncertain(): Receipt | null {
      const printing = oldestPrinting.get()
      const unknown = oldestUnknown.get()
      return optional(printing && unknown && unknown.receipt_id < printing.receipt_id ? unknown : (printing ?? unknown))
    },
    /** The FN that an uncertain receipt was handed to. Null where it does not matter which FN is asked for it. */
    handedTo: (id: ReceiptId): string | null => handedTo.get(id)?.fn_number ?? null,
    /** The number of receipts whose outcome no look-up tells. */
    countUntold: (): number => untold.get()?.n ?? 0,
    /** The oldest fiscalised receipt whose paper the KKT still has to print. */
    nextWithoutPaper: (): Receipt | null => optional(oldestWithoutPaper.get()),
    /** The number of receipts whose paper the KKT still has to print: few, because nothing is fiscalised behind them. */
    countWithoutPaper: (): number => withoutPaper.get()?.n ?? 0,
  }
}
