import { type FilledIn, withFilledIn } from '../domain/filled_in.ts'
import type {
  DlqReason,
  FiscalDoc,
  FiscalisedReceipt,
  Receipt,
  ReceiptContent,
  ReceiptId,
  SaidContent,
} from '../domain/receipt.ts'
import type { Status } from '../domain/state.ts'
import { readSaid } from '../domain/stored_content.ts'
import { readDocument } from '../domain/stored_document.ts'

/** A row of the view `receipts` from SQLite. STRICT and the CHECKs guarantee these types. */
export type ReceiptRow = {
  seq: number
  receipt_id: ReceiptId
  content: string
  filled_in: string | null
  status: Status
  created_at_ms: number
  changed_at_ms: number
  fiscal_doc: string | null
  registration: string | null
  printed_at_ms: number | null
  place: number | null
  needs_paper: 0 | 1
  paper_lost: 0 | 1
  maybe_at_ofd: 0 | 1
  retry_count: number
  ofd_id: string | null
  synced_at_ms: number | null
  dlq_reason: DlqReason | null
  last_error: string | null
  untold_fn: string | null
}

export const RECEIPT_COLUMNS = `seq, receipt_id, content, filled_in, status, created_at_ms, changed_at_ms, fiscal_doc,
  registration, printed_at_ms, place, needs_paper, paper_lost, maybe_at_ofd, retry_count, ofd_id, synced_at_ms, dlq_reason,
  last_error, untold_fn`

/**
 * A parameter of a query that reads `states`, directly or through the view. With a bare one SQLite compiles the query
 * again for each value, which might decide on a partial index: that takes ten times as long as the query.
 */
export const VALUE = '+?'

/** A receipt as its till said it, and what was filled in beside that when it was accepted. */
export type Words = { said: SaidContent; filledIn: FilledIn | null }

export type WordsRow = Pick<ReceiptRow, 'content' | 'filled_in'>

export const wordsOf = ({ content, filled_in }: WordsRow): Words => ({
  said: readSaid(content),
  filledIn: filled_in === null ? null : JSON.parse(filled_in),
})

/** The content of a receipt, as it is fiscalised, told and delivered. */
export function contentOf(row: WordsRow): ReceiptContent {
  const { said, filledIn } = wordsOf(row)
  return withFilledIn(said, filledIn)
}

const documentOf = ({ fiscal_doc, registration }: ReceiptRow): FiscalDoc | null =>
  fiscal_doc === null ? null : readDocument(fiscal_doc, registration === null ? null : JSON.parse(registration))

export function toReceipt(row: ReceiptRow): Receipt {
  const fiscalDoc = documentOf(row)
  return {
    id: row.receipt_id,
    content: contentOf(row),
    status: row.status,
    createdAtMs: row.created_at_ms,
    changedAtMs: row.changed_at_ms,
    fiscalDoc,
    printedAtMs: row.printed_at_ms,
    needsPaper: row.needs_paper === 1,
    isPaperLost: row.paper_lost === 1,
    maybeAtOfd: row.maybe_at_ofd === 1,
    retryCount: row.retry_count,
    ofdId: row.ofd_id,
    syncedAtMs: row.synced_at_ms,
    dlqReason: row.dlq_reason,
    lastError: row.last_error,
    untoldFn: row.untold_fn,
  }
}

/** A receipt to deliver, with its place in the order of delivery: by its FN's turn, then by its FD. */
export type ToDeliver = FiscalisedReceipt & { place: number }

export function toDeliver(row: ReceiptRow): ToDeliver {
  const receipt = toReceipt(row)
  const { fiscalDoc } = receipt
  const { place } = row
  if (fiscalDoc === null || place === null)
    throw new Error(`Receipt ${receipt.id} is ${receipt.status} without a fiscal document`)
  return { ...receipt, fiscalDoc, place }
}
