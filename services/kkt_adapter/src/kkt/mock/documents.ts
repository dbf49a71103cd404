import { hash } from 'node:crypto'
import type { FiscalDoc, FnReceipt, IdempotencyKey, Paper, ReceiptId } from '../../domain/receipt.ts'
import { readContent } from '../../domain/stored_content.ts'
import { documentText, type Registered, readDocument } from '../../domain/stored_document.ts'
import type { Database } from '../../sqlite/database.ts'
import type { FnDocument, ToFiscalize } from '../driver.ts'

/** The kinds of document that are no receipts. */
export const SERVICE_KINDS = ['registration', 'shift_opening', 'shift_closing'] as const
export type ServiceKind = (typeof SERVICE_KINDS)[number]

/** The numbers and the signature that every document in an FN has. */
export type Signed = {
  fdNumber: number
  fiscalSign: string
  fiscalDatetime: string
  fnNumber: string
  kktNumber: string
  shiftNumber: number
}

/** A document as the test control shows it. */
export type Filed = { fdNumber: number; shiftNumber: number; isOnPaper: boolean } & (
  | { kind: 'receipt'; receiptId: string; receiptNumber: number }
  | { kind: ServiceKind; receiptId: null; receiptNumber: null }
)
type FiledRow = {
  fd_number: number
  kind: 'receipt' | ServiceKind
  receipt_id: string | null
  shift_number: number
  receipt_number: number | null
  printed: number
}
type HeldRow = { fd_number: number; receipt_id: ReceiptId | null; content: string | null; doc: string; printed: number }
type ReceiptRow = HeldRow & { receipt_id: ReceiptId }

/** `text`: the content as it is kept. */
type KeptReceipt = Pick<ToFiscalize, 'id' | 'key'> & { text: string }

/** 128 bits keep keys apart. */
const HASH_DIGITS = 32

/**
 * The documents in the FN.
 * @param kktNumber keeps the keys of two shops apart
 * @param registered of the FN, for good
 */
export function createDocuments(db: Database, kktNumber: string, registered: Registered) {
  const insert = db.prepare(
    `INSERT INTO documents (fd_number, kind, at_ms, shift_number, doc, printed, receipt_id, receipt_number, content, key_hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const markPrinted = db.prepare('UPDATE documents SET printed = 1 WHERE fd_number = ?')
  const byReceipt = db.prepare<{ doc: string; printed: number }>(
    'SELECT doc, printed FROM documents WHERE receipt_id = ? ORDER BY fd_number LIMIT 1',
  )
  const held = 'SELECT fd_number, receipt_id, content, doc, printed FROM documents'
  const byKey = db.prepare<ReceiptRow>(`${held} WHERE key_hash = ? ORDER BY fd_number LIMIT 1`)
  const after = db.prepare<HeldRow>(`${held} WHERE fd_number > ? ORDER BY fd_number LIMIT 0 + ?`)
  const page = db.prepare<FiledRow>(
    `SELECT fd_number, kind, receipt_id, shift_number, receipt_number, printed FROM documents
     WHERE fd_number > ? ORDER BY fd_number LIMIT ?`,
  )
  const count = db.prepare<{ n: number }>('SELECT count(*) AS n FROM documents')
  const hashOf = (key: IdempotencyKey) => hash('sha256', `${kktNumber} ${key}`).slice(0, HASH_DIGITS)
  const toReceipt = (row: ReceiptRow): FnReceipt => ({
    id: row.receipt_id,
    content: row.content === null ? null : readContent(row.content),
    doc: readDocument(row.doc, registered),
    paper: paperOf(row),
  })

  return {
    /** Stores the next document, of a receipt. Call it inside a transaction. @param atMs the time in the document */
    appendReceipt({ id, key, text }: KeptReceipt, doc: FiscalDoc, atMs: number, paper: Paper): void {
      const { fdNumber, shiftNumber, receiptNumber } = doc
      const kept = documentText(doc, registered)
      insert.run(
        ...[fdNumber, 'receipt', atMs, shiftNumber, kept, printedIn(paper)],
        ...[id, receiptNumber, text, hashOf(key)],
      )
    },
    /** Stores the next document, of another kind. Call it inside a transaction. */
    append(kind: ServiceKind, doc: Signed, atMs: number, paper: Paper): void {
      const { fdNumber, shiftNumber } = doc
      insert.run(fdNumber, kind, atMs, shiftNumber, JSON.stringify(doc), printedIn(paper), null, null, null, null)
    },
    markPrinted: (fdNumber: number): void => void markPrinted.run(fdNumber),
    find(receiptId: ReceiptId): { doc: FiscalDoc; paper: Paper } | null {
      const row = byReceipt.get(receiptId)
      return row ? { doc: readDocument(row.doc, registered), paper: paperOf(row) } : null
    },
    findKey(key: IdempotencyKey): FnReceipt | null {
      const row = byKey.get(hashOf(key))
      return row ? toReceipt(row) : null
    },
    after: (fdNumber: number, limit: number): FnDocument[] =>
      after
        .all(fdNumber, limit)
        .map((row) => ({ fdNumber: row.fd_number, receipt: isOfReceipt(row) ? toReceipt(row) : null })),
    list: (afterFd: number, limit: number): Filed[] => page.all(afterFd, limit).map(toFiled),
    count: (): number => count.get()?.n ?? 0,
  }
}

const printedIn = (paper: Paper): 0 | 1 => (paper === 'printed' ? 1 : 0)
const paperOf = ({ printed }: { printed: number }): Paper => (printed === 1 ? 'printed' : 'missing')

const isOfReceipt = (row: HeldRow): row is ReceiptRow => row.receipt_id !== null

function toFiled({ kind, receipt_id: receiptId, receipt_number: receiptNumber, ...row }: FiledRow): Filed {
  const numbers = { fdNumber: row.fd_number, shiftNumber: row.shift_number, isOnPaper: row.printed === 1 }
  if (kind !== 'receipt') return { ...numbers, kind, receiptId: null, receiptNumber: null }
  if (receiptId === null || receiptNumber === null) throw new Error(`FD ${row.fd_number} is of no receipt`)
  return { ...numbers, kind, receiptId, receiptNumber }
}
