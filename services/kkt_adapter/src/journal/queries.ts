import type { Receipt, ReceiptId } from '../domain/receipt.ts'
import { STATUSES, type Status } from '../domain/state.ts'
import type { Database, Statement } from '../sqlite/database.ts'
import { createPages } from './pages.ts'
import { FDS, LAST_FD } from './places.ts'
import { createPrintQueries } from './print_queries.ts'
import type { RecentContents } from './recent_contents.ts'
import {
  RECEIPT_COLUMNS,
  type ReceiptRow,
  type ToDeliver,
  toDeliver,
  toReceipt,
  VALUE,
  type Words,
  wordsOf,
} from './rows.ts'
import { TILLS_TO_DELIVER } from './tills_to_deliver.ts'
import { onlyRow } from './totals.ts'

export type Counts = Readonly<Record<Status, number>>

/** Reads the row of a receipt, by its current or an earlier id. */
function createReadById(db: Database) {
  const alias = db.prepare<{ is_now: ReceiptId }>('SELECT is_now FROM receipt_aliases WHERE receipt_id = ?')
  return <Row>(from: Statement<Row>, id: ReceiptId): Row | undefined => {
    const row = from.get(id)
    const known = row ? undefined : alias.get(id)
    return known ? from.get(known.is_now) : row
  }
}

export function createStatusOf(db: Database, read = createReadById(db)) {
  const statusById = db.prepare<{ status: Status }>(`SELECT status FROM receipts WHERE receipt_id = ${VALUE}`)
  return (id: ReceiptId): Status | null => read(statusById, id)?.status ?? null
}

/** Every way in which receipts are read. */
export function createQueries(db: Database, contents: RecentContents) {
  const read = createReadById(db)
  const byId = db.prepare<ReceiptRow>(`SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE receipt_id = ${VALUE}`)
  const byDocument = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE seq = (
       SELECT seq FROM documents
       WHERE place = (SELECT turn FROM fiscal_memories WHERE fn_number = ?1) * ${FDS} + ?2
     )`,
  )
  const lastPrinted = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE seq = (
       SELECT seq FROM fiscal_memories JOIN documents
         ON documents.place > turn * ${FDS} AND documents.place < (turn + 1) * ${FDS}
       WHERE fn_number = ? AND seq IS NOT NULL ORDER BY documents.place DESC LIMIT 1
     )`,
  )
  const nextOfPos = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE status = 'pending' AND pos_id = ${VALUE} ORDER BY place LIMIT 1`,
  )
  const posIdsToDeliver = db.prepare<{ pos_id: string }>(
    `${TILLS_TO_DELIVER}
     SELECT pos_id FROM lane WHERE pos_id IS NOT NULL`,
  )
  const counts = db.prepare<Counts>(`SELECT ${STATUSES.join(', ')} FROM totals`)
  const oldestUndelivered = db.prepare<{ printed_at_ms: number | null }>(
    `SELECT min(recorded_at_ms) AS printed_at_ms FROM documents WHERE place IN (
       (SELECT place FROM states WHERE status = 'pending' AND status <> 'synced' ORDER BY seq LIMIT 1),
       (SELECT place FROM states WHERE status = 'syncing' AND status <> 'synced' ORDER BY seq LIMIT 1)
     )`,
  )
  const lastAccepted = db.prepare<{ created_at_ms: number }>(
    'SELECT created_at_ms FROM sales ORDER BY seq DESC LIMIT 1',
  )
  const lastPlace = db.prepare<{ place: number | null }>(
    "SELECT max(place) AS place FROM states WHERE status IN ('pending', 'syncing') AND status <> 'synced'",
  )
  return {
    statusOf: createStatusOf(db, read),
    find(id: ReceiptId): Receipt | null {
      const row = read(byId, id)
      return row ? toReceipt(row) : null
    },
    /** A receipt's content in its two parts. */
    wordsOf(id: ReceiptId): Words | null {
      const row = read(byId, id)
      return row ? wordsOf(row) : null
    },
    /** The receipt of this document of an FN. A number that no FN gives would lead into the documents of the next FN. */
    findByDocument(fnNumber: string, fdNumber: number): Receipt | null {
      if (fdNumber >= FDS) return null
      const row = byDocument.get(fnNumber, fdNumber)
      return row ? toReceipt(row) : null
    },
    /** The receipt of an FN's last document of one. Null: the journal holds none. */
    lastPrinted(fnNumber: string): Receipt | null {
      const row = lastPrinted.get(fnNumber)
      return row ? toReceipt(row) : null
    },
    ...createDocumentReads(db),
    /** The tills with a receipt to deliver. */
    posIdsToDeliver: (): string[] => posIdsToDeliver.all().map((row) => row.pos_id),
    /** The till's next receipt to deliver: its first undelivered document. */
    nextToDeliver(posId: string): ToDeliver | null {
      const row = nextOfPos.get(posId)
      return row ? toDeliver(row) : null
    },
    counts: (): Counts => onlyRow(counts.get()),
    /** When the last receipt was accepted, in Unix milliseconds; null where there is none. */
    lastAcceptedAtMs: (): number | null => lastAccepted.get()?.created_at_ms ?? null,
    oldestUndeliveredPrintedAtMs: (): number | null => oldestUndelivered.get()?.printed_at_ms ?? null,
    /** The place of the last undelivered document, or 0. */
    lastPlaceToDeliver: (): number => lastPlace.get()?.place ?? 0,
    ...createPrintQueries(db, contents),
    ...createPages(db),
  }
}

export type Queries = ReturnType<typeof createQueries>

type InShiftRow = { kind: string; shift_number: number; receipt_number: number | null }

function createDocumentReads(db: Database) {
  const ofNumber = `FROM fiscal_memories CROSS JOIN documents AS one ON one.place = turn * ${FDS} + ?2 WHERE fn_number = ?1`
  const exists = db.prepare<unknown>(`SELECT 1 ${ofNumber}`)
  const last = db.prepare<{ fd: number }>(`SELECT ${LAST_FD} AS fd FROM fiscal_memories WHERE fn_number = ?`)
  const inShift = db.prepare<InShiftRow>(
    `SELECT kind, document ->> 'shiftNumber' AS shift_number, document ->> 'receiptNumber' AS receipt_number
     ${ofNumber}`,
  )
  return {
    /** Whether the journal has the document of this number of an FN, of any kind. */
    hasDocument: (fnNumber: string, fdNumber: number): boolean => exists.get(fnNumber, fdNumber) !== undefined,
    /** The number of the last document that the journal has of an FN; 0 without one. */
    lastDocument: (fnNumber: string): number => last.get(fnNumber)?.fd ?? 0,
    /**
     * The shift after a document, and the number of its last receipt. Null where the journal does not have the document, or the
     * next one is in another shift.
     */
    placeInShift(fnNumber: string, fdNumber: number): { shiftNumber: number; receiptNumber: number } | null {
      const row = inShift.get(fnNumber, fdNumber)
      if (!row || row.kind === 'shift_closing') return null
      return { shiftNumber: row.shift_number, receiptNumber: row.receipt_number ?? 0 }
    },
  }
}
