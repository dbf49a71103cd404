import { hash } from 'node:crypto'
import type { FiscalDoc, FnReceipt, IdempotencyKey, Paper, ReceiptId } from '../../domain/receipt.ts'
import { contentText, readContent } from '../../domain/stored_content.ts'
import type { Database } from '../../sqlite/database.ts'
import type { FnDocument, ToFiscalize } from '../driver.ts'

export type Filed = {
  fdNumber: number
  receiptId: string
  shiftNumber: number
  receiptNumber: number
  isOnPaper: boolean
}
type FiledRow = {
  fd_number: number
  receipt_id: string
  shift_number: number
  receipt_number: number
  printed: number
}
type HeldRow = { fd_number: number; receipt_id: ReceiptId; content: string | null; doc: string; printed: number }

/** 128 bits keep keys apart. */
const HASH_DIGITS = 32

/** The documents in the FN. @param kktNumber keeps the keys of two shops apart */
export function createDocuments(db: Database, kktNumber: string) {
  const insert = db.prepare(
    `INSERT INTO documents (fd_number, receipt_id, shift_number, receipt_number, doc, printed, content, key_hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const markPrinted = db.prepare('UPDATE documents SET printed = 1 WHERE fd_number = ?')
  const byReceipt = db.prepare<{ doc: string; printed: number }>(
    'SELECT doc, printed FROM documents WHERE receipt_id = ? ORDER BY fd_number LIMIT 1',
  )
  const held = 'SELECT fd_number, receipt_id, content, doc, printed FROM documents'
  const byKey = db.prepare<HeldRow>(`${held} WHERE key_hash = ? ORDER BY fd_number LIMIT 1`)
  const after = db.prepare<HeldRow>(`${held} WHERE fd_number > ? ORDER BY fd_number LIMIT 0 + ?`)
  const page = db.prepare<FiledRow>(
    `SELECT fd_number, receipt_id, shift_number, receipt_number, printed FROM documents
     WHERE fd_number > ? ORDER BY fd_number LIMIT ?`,
  )
  const count = db.prepare<{ n: number }>('SELECT count(*) AS n FROM documents')
  const hashOf = (key: IdempotencyKey) => hash('sha256', `${kktNumber} ${key}`).slice(0, HASH_DIGITS)

  return {
    /** Stores the next document. Call it inside a transaction. */
    append({ id, key, content }: ToFiscalize, doc: FiscalDoc, paper: Paper): void {
      const { fdNumber, shiftNumber, receiptNumber } = doc
      const printed = paper === 'printed' ? 1 : 0
      const texts = [contentText(content), hashOf(key)]
      insert.run(fdNumber, id, shiftNumber, receiptNumber, JSON.stringify(doc), printed, ...texts)
    },
    markPrinted: (fdNumber: number): void => void markPrinted.run(fdNumber),
    find(receiptId: ReceiptId): { doc: FiscalDoc; paper: Paper } | null {
      const row = byReceipt.get(receiptId)
      return row ? { doc: JSON.parse(row.doc), paper: paperOf(row) } : null
    },
    findKey(key: IdempotencyKey): FnReceipt | null {
      const row = byKey.get(hashOf(key))
      return row ? toReceipt(row) : null
    },
    after: (fdNumber: number, limit: number): FnDocument[] =>
      after.all(fdNumber, limit).map((row) => ({ fdNumber: row.fd_number, receipt: toReceipt(row) })),
    list: (afterFd: number, limit: number): Filed[] => page.all(afterFd, limit).map(toFiled),
    count: (): number => count.get()?.n ?? 0,
  }
}

const paperOf = ({ printed }: { printed: number }): Paper => (printed === 1 ? 'printed' : 'missing')

const toReceipt = (row: HeldRow): FnReceipt => ({
  id: row.receipt_id,
  content: row.content === null ? null : readContent(row.content),
  doc: JSON.parse(row.doc),
  paper: paperOf(row),
})

const toFiled = (row: FiledRow): Filed => ({
  fdNumber: row.fd_number,
  receiptId: row.receipt_id,
  shiftNumber: row.shift_number,
  receiptNumber: row.receipt_number,
  isOnPaper: row.printed === 1,
})
