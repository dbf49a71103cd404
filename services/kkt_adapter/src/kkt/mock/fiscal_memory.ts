import { openDatabase } from '#sqlite'
import { migrate } from '../../journal/migrate.ts'
import type { FiscalDoc } from '../../receipts/receipt.ts'
import fiscalMemorySql from './fiscal_memory.sql' with { type: 'text' }

export type Fn = { fnNumber: string; signingKey: string; shiftNumber: number; shiftOpenedAtMs: number }
type FnRow = { fn_number: string; signing_key: string; shift_number: number; shift_opened_at_ms: number }

/**
 * The sealed memory of the mock KKT, in a file of its own: the real one is another machine, and what it has signed stays
 * signed whatever becomes of the adapter.
 * @param makeFn called once, for a memory that is new
 * @throws StorageFailure, SchemaTooNew
 */
export function openFiscalMemory(path: string, makeFn: () => Fn) {
  const db = openDatabase(path)
  migrate(db, [fiscalMemorySql])
  const fn = db.prepare<FnRow>('SELECT fn_number, signing_key, shift_number, shift_opened_at_ms FROM fn')
  const insertFn = db.prepare(
    'INSERT INTO fn (id, fn_number, signing_key, shift_number, shift_opened_at_ms) VALUES (1, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
  )
  if (!fn.get()) {
    const made = makeFn()
    insertFn.run(made.fnNumber, made.signingKey, made.shiftNumber, made.shiftOpenedAtMs)
  }
  const openShift = db.prepare('UPDATE fn SET shift_number = ?, shift_opened_at_ms = ?')
  // One question each: asked for two greatest numbers at once, SQLite would read all documents.
  const last = db.prepare<{ fd: number; in_shift: number }>(
    `SELECT coalesce((SELECT max(fd_number) FROM documents), 0) AS fd,
       coalesce((SELECT max(receipt_number) FROM documents WHERE shift_number = ?), 0) AS in_shift`,
  )
  const insert = db.prepare(
    'INSERT INTO documents (fd_number, receipt_id, shift_number, receipt_number, doc) VALUES (?, ?, ?, ?, ?)',
  )
  const byReceipt = db.prepare<{ doc: string }>(
    'SELECT doc FROM documents WHERE receipt_id = ? ORDER BY fd_number LIMIT 1',
  )

  const readFn = (): Fn => {
    const row = fn.get()
    if (!row) throw new Error('The fiscal memory holds no FN')
    return {
      fnNumber: row.fn_number,
      signingKey: row.signing_key,
      shiftNumber: row.shift_number,
      shiftOpenedAtMs: row.shift_opened_at_ms,
    }
  }

  return {
    fn: readFn,
    lastFdNumber: (): number => last.get(0)?.fd ?? 0,
    openShift: (shiftNumber: number, openedAtMs: number): void => openShift.run(shiftNumber, openedAtMs),
    /** Numbers a document, has it signed, and keeps it: all or nothing, and on the disk when this returns. */
    append(receiptId: string, sign: (fdNumber: number, receiptNumber: number, fn: Fn) => FiscalDoc): FiscalDoc {
      db.exec('BEGIN IMMEDIATE')
      try {
        const memory = readFn()
        const { fd, in_shift } = last.get(memory.shiftNumber) ?? { fd: 0, in_shift: 0 }
        const doc = sign(fd + 1, in_shift + 1, memory)
        insert.run(doc.fdNumber, receiptId, doc.shiftNumber, doc.receiptNumber, JSON.stringify(doc))
        db.exec('COMMIT')
        return doc
      } catch (error) {
        if (db.inTransaction) db.exec('ROLLBACK')
        throw error
      }
    },
    find(receiptId: string): FiscalDoc | null {
      const row = byReceipt.get(receiptId)
      return row ? JSON.parse(row.doc) : null
    },
    close: (): void => db.close(),
  }
}

export type FiscalMemory = ReturnType<typeof openFiscalMemory>
