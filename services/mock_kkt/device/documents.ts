import { hash } from 'node:crypto'
import type { FnDocument } from '@kkt/adapter/src/domain/kkt_outcome.ts'
import type {
  FiscalDoc,
  FnReceipt,
  IdempotencyKey,
  Paper,
  ReceiptContent,
  ReceiptId,
} from '@kkt/adapter/src/domain/receipt.ts'
import type { ShiftDocument } from '@kkt/adapter/src/domain/shift.ts'
import { readContent } from '@kkt/adapter/src/domain/stored_content.ts'
import { documentText, type Registered, readDocument } from '@kkt/adapter/src/domain/stored_document.ts'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'

/** The kinds of document that are no receipts. */
export const SERVICE_KINDS = ['registration', 'shift_opening', 'shift_closing', 'ofd_report'] as const
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
/** A page of them. `count`: of all, whatever the page. */
export type FiledPage = { fnNumber: string; count: number; documents: Filed[] }
type FiledRow = {
  fd_number: number
  kind: 'receipt' | ServiceKind
  receipt_id: string | null
  shift_number: number
  receipt_number: number | null
  printed: number
}
type HeldRow = {
  fd_number: number
  kind: string
  receipt_id: ReceiptId | null
  content: string | null
  doc: string
  printed: number
}
type ReceiptRow = HeldRow & { receipt_id: ReceiptId }

/** A receipt to make a document of. The key finds it again when the id is lost. */
export type ToFile = { id: string; key: string; content: ReceiptContent }
/** `text`: the content as it is kept. */
type KeptReceipt = Pick<ToFile, 'id' | 'key'> & { text: string }

/** 128 bits keep keys apart. */
const HASH_DIGITS = 32

const HELD = 'SELECT fd_number, kind, receipt_id, content, doc, printed FROM documents'

/** The first document of a key, by the index of fiscal_memory_9.sql. */
const BY_KEY = `WITH RECURSIVE hundreds (hundred) AS (
    SELECT 0 UNION ALL SELECT hundred + 1 FROM hundreds WHERE hundred < (SELECT max(fd_number) FROM documents) / 100
  )
  ${HELD} WHERE fd_number / 100 IN hundreds AND key_hash = ? ORDER BY fd_number LIMIT 1`

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
  const markPrinted = db.prepare(
    'UPDATE documents SET printed = 1 WHERE fd_number = ? AND ? = (SELECT fn_number FROM fn)',
  )
  const markReplaced = db.prepare('UPDATE replaced_documents SET printed = 1 WHERE fd_number = ? AND fn_number = ?')
  const isLastOut = db.prepare<{ printed: number }>('SELECT printed FROM documents ORDER BY fd_number DESC LIMIT 1')
  const markRest = db.prepare(
    `UPDATE documents SET printed = 1 WHERE fd_number >
       ifnull((SELECT fd_number FROM documents WHERE printed = 1 ORDER BY fd_number DESC LIMIT 1), 0)`,
  )
  const byReceipt = db.prepare<{ doc: string; printed: number; fd_number: number }>(
    'SELECT doc, printed, fd_number FROM documents WHERE receipt_id = ? ORDER BY fd_number LIMIT 1',
  )
  const byNumber = db.prepare<{ kind: string; doc: string }>('SELECT kind, doc FROM documents WHERE fd_number = ?')
  const byKey = db.prepare<ReceiptRow>(BY_KEY)
  const after = db.prepare<HeldRow>(`${HELD} WHERE fd_number > ? ORDER BY fd_number LIMIT 0 + ?`)
  const filed = 'SELECT fd_number, kind, receipt_id, shift_number, receipt_number, printed FROM'
  const page = db.prepare<FiledRow>(`${filed} documents WHERE fd_number > ? ORDER BY fd_number LIMIT ?`)
  const count = db.prepare<{ n: number }>('SELECT count(*) AS n FROM documents')
  const pageOf = db.prepare<FiledRow>(
    `${filed} replaced_documents WHERE fn_number = ? AND fd_number > ? ORDER BY fd_number LIMIT ?`,
  )
  const countOf = db.prepare<{ n: number }>('SELECT count(*) AS n FROM replaced_documents WHERE fn_number = ?')
  const hashOf = (key: string) => hash('sha256', `${kktNumber} ${key}`).slice(0, HASH_DIGITS)
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
    append(kind: ServiceKind, doc: Signed | ShiftDocument, atMs: number, paper: Paper): void {
      const { fdNumber, shiftNumber } = doc
      insert.run(fdNumber, kind, atMs, shiftNumber, JSON.stringify(doc), printedIn(paper), null, null, null, null)
    },
    /** The paper is out, also where the FN was replaced meanwhile. */
    markPrinted({ fnNumber, fdNumber }: Pick<Signed, 'fnNumber' | 'fdNumber'>): void {
      if (markPrinted.run(fdNumber, fnNumber) === 0) markReplaced.run(fdNumber, fnNumber)
    },
    /** Whether paper of the last document is missing. */
    owesPaper: (): boolean => isLastOut.get()?.printed === 0,
    /** The paper of the last documents is out, back to the last one that had it. */
    printRest: (): void => void markRest.run(),
    /** `shiftOpened`: the document right before it, where that opened its shift. */
    find(receiptId: ReceiptId): { doc: FiscalDoc; paper: Paper; shiftOpened?: ShiftDocument } | null {
      const row = byReceipt.get(receiptId)
      if (!row) return null
      const before = byNumber.get(row.fd_number - 1)
      const shiftOpened = before ? shiftDocument(before) : null
      const found = { doc: readDocument(row.doc, registered), paper: paperOf(row) }
      return shiftOpened === null ? found : { ...found, shiftOpened }
    },
    findKey(key: IdempotencyKey): FnReceipt | null {
      const row = byKey.get(hashOf(key))
      return row ? toReceipt(row) : null
    },
    after: (fdNumber: number, limit: number): FnDocument[] =>
      after.all(fdNumber, limit).map((row) => ({
        fdNumber: row.fd_number,
        receipt: isOfReceipt(row) ? toReceipt(row) : null,
        ofShift: shiftDocument(row),
      })),
    list: (afterFd: number, limit: number): Filed[] => page.all(afterFd, limit).map(toFiled),
    count: (): number => count.get()?.n ?? 0,
    /** The documents of an FN that was replaced. */
    ofReplaced: (fnNumber: string, afterFd: number, limit: number): Omit<FiledPage, 'fnNumber'> => ({
      count: countOf.get(fnNumber)?.n ?? 0,
      documents: pageOf.all(fnNumber, afterFd, limit).map(toFiled),
    }),
  }
}

const printedIn = (paper: Paper): 0 | 1 => (paper === 'printed' ? 1 : 0)
const paperOf = ({ printed }: { printed: number }): Paper => (printed === 1 ? 'printed' : 'missing')

/** The document of a shift. Null for another one, and for those of earlier versions, which kept only its numbers. */
function shiftDocument({ kind, doc }: Pick<HeldRow, 'kind' | 'doc'>): ShiftDocument | null {
  if (kind !== 'shift_opening' && kind !== 'shift_closing') return null
  const kept: ShiftDocument | (Signed & { kind?: never }) = JSON.parse(doc)
  return kept.kind === undefined ? null : kept
}

const isOfReceipt = (row: HeldRow): row is ReceiptRow => row.receipt_id !== null

function toFiled({ kind, receipt_id: receiptId, receipt_number: receiptNumber, ...row }: FiledRow): Filed {
  const numbers = { fdNumber: row.fd_number, shiftNumber: row.shift_number, isOnPaper: row.printed === 1 }
  if (kind !== 'receipt') return { ...numbers, kind, receiptId: null, receiptNumber: null }
  if (receiptId === null || receiptNumber === null) throw new Error(`FD ${row.fd_number} is of no receipt`)
  return { ...numbers, kind, receiptId, receiptNumber }
}
