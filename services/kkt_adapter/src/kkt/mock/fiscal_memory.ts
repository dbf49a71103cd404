import { type Database, exclusively } from '../../journal/database.ts'
import type { Kind } from '../../journal/fitness.ts'
import { migrate } from '../../journal/migrate.ts'
import { type FencingToken, MAX_TOKEN } from '../../lease/lease.ts'
import type { FiscalDoc, ReceiptId } from '../../receipts/receipt.ts'
import type { Paper } from '../driver.ts'
import { type KktFaults, kktFaults, NO_FAULTS } from './faults.ts'
import fiscalMemorySql from './fiscal_memory.sql' with { type: 'text' }
import deviceSql from './fiscal_memory_0002.sql' with { type: 'text' }
import lastDocumentSql from './fiscal_memory_0003.sql' with { type: 'text' }

const MIGRATIONS = [fiscalMemorySql, deviceSql, lastDocumentSql]
export const FISCAL_MEMORY: Kind = { newestSchema: MIGRATIONS.length, tables: ['fn', 'documents'] }

export type Fn = { fnNumber: string; signingKey: string; shiftNumber: number; shiftOpenedAtMs: number }

/** What the device knows of itself. Its last document has the numbers 0 where there is none. */
export type Device = {
  fn: Fn
  newestToken: FencingToken
  faults: KktFaults
  lastFdNumber: number
  lastReceiptNumber: number
}
type DeviceRow = {
  fn_number: string
  signing_key: string
  shift_number: number
  shift_opened_at_ms: number
  newest_token: FencingToken
  faults: string
  last_fd: number | null
  last_shift: number | null
  last_receipt: number | null
}

/** A document as tests see it. */
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

/**
 * The sealed memory of the mock KKT, in a file of its own: the real one is another machine, and what it has signed stays
 * signed whatever becomes of the adapter.
 * @param makeFn called once, for a memory that is new
 * @throws StorageFailure, SchemaTooNew
 */
export function openFiscalMemory(db: Database, makeFn: () => Fn) {
  // It has to survive the adapter's process, for which a commit is enough, not the machine: the real device has its own
  // power. So no document waits for the disk of this one.
  db.exec('PRAGMA synchronous = NORMAL')
  migrate(db, MIGRATIONS)
  const insertFn = db.prepare(
    'INSERT INTO fn (id, fn_number, signing_key, shift_number, shift_opened_at_ms) VALUES (1, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  // A token that no adapter gives can only be one that an older version took over: it keeps nobody out.
  const device = db.prepare<DeviceRow>(
    `SELECT fn_number, signing_key, fn.shift_number, shift_opened_at_ms, faults,
       CASE WHEN newest_token > ${MAX_TOKEN} THEN 0 ELSE newest_token END AS newest_token,
       fd_number AS last_fd, documents.shift_number AS last_shift, receipt_number AS last_receipt
     FROM fn, device LEFT JOIN documents ON fd_number = (SELECT max(fd_number) FROM documents)`,
  )
  if (!device.get()) {
    const made = makeFn()
    insertFn.run(made.fnNumber, made.signingKey, made.shiftNumber, made.shiftOpenedAtMs)
  }
  const openShift = db.prepare('UPDATE fn SET shift_number = ?, shift_opened_at_ms = ?')
  const raiseToken = db.prepare('UPDATE device SET newest_token = ?')
  const keepFaults = db.prepare('UPDATE device SET faults = ?')
  const insert = db.prepare(
    'INSERT INTO documents (fd_number, receipt_id, shift_number, receipt_number, doc, printed) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const markPrinted = db.prepare('UPDATE documents SET printed = 1 WHERE fd_number = ?')
  const byReceipt = db.prepare<{ doc: string; printed: number }>(
    'SELECT doc, printed FROM documents WHERE receipt_id = ? ORDER BY fd_number LIMIT 1',
  )
  const page = db.prepare<FiledRow>(
    `SELECT fd_number, receipt_id, shift_number, receipt_number, printed FROM documents
     WHERE fd_number > ? ORDER BY fd_number LIMIT ?`,
  )

  const count = db.prepare<{ n: number }>('SELECT count(*) AS n FROM documents')

  return {
    /** All of it or nothing, and nobody else's between: another process may drive the same device. */
    transaction: <T>(work: () => T): T => exclusively(db, work),
    device(): Device {
      const row = device.get()
      if (!row) throw new Error('The fiscal memory holds no FN')
      return toDevice(row)
    },
    raiseToken: (token: FencingToken): void => void raiseToken.run(token),
    keepFaults: (faults: KktFaults): void => void keepFaults.run(faults === NO_FAULTS ? NONE : JSON.stringify(faults)),
    openShift: (shiftNumber: number, openedAtMs: number): void => void openShift.run(shiftNumber, openedAtMs),
    /** Keeps the next document. To be called inside a transaction. */
    append(receiptId: ReceiptId, doc: FiscalDoc, paper: Paper): void {
      const printed = paper === 'printed' ? 1 : 0
      insert.run(doc.fdNumber, receiptId, doc.shiftNumber, doc.receiptNumber, JSON.stringify(doc), printed)
    },
    markPrinted: (fdNumber: number): void => void markPrinted.run(fdNumber),
    find(receiptId: ReceiptId): { doc: FiscalDoc; paper: Paper } | null {
      const row = byReceipt.get(receiptId)
      return row ? { doc: JSON.parse(row.doc), paper: row.printed === 1 ? 'printed' : 'missing' } : null
    },
    list: (afterFd: number, limit: number): Filed[] => page.all(afterFd, limit).map(toFiled),
    count: (): number => count.get()?.n ?? 0,
    close: (): void => db.close(),
  }
}

const toDevice = (row: DeviceRow): Device => ({
  fn: {
    fnNumber: row.fn_number,
    signingKey: row.signing_key,
    shiftNumber: row.shift_number,
    shiftOpenedAtMs: row.shift_opened_at_ms,
  },
  newestToken: row.newest_token,
  faults: row.faults === NONE ? NO_FAULTS : kktFaults.parse({ ...NO_FAULTS, ...JSON.parse(row.faults) }),
  lastFdNumber: row.last_fd ?? 0,
  lastReceiptNumber: row.last_shift === row.shift_number ? (row.last_receipt ?? 0) : 0,
})

/** As a new memory and a reset keep it. */
const NONE = '{}'

const toFiled = (row: FiledRow): Filed => ({
  fdNumber: row.fd_number,
  receiptId: row.receipt_id,
  shiftNumber: row.shift_number,
  receiptNumber: row.receipt_number,
  isOnPaper: row.printed === 1,
})
