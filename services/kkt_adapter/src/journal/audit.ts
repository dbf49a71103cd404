import type { ReceiptId } from '../domain/receipt.ts'
import { idsBegin, mintedAtMs } from '../domain/receipt_clock.ts'
import type { Database } from '../sqlite/database.ts'

export const EVENT_KINDS = ['receipt', 'task', 'breaker', 'lease', 'odoo', 'command', 'kkt'] as const
export type EventKind = (typeof EVENT_KINDS)[number]

/**
 * An audit entry about one receipt's transition, or about a change outside of receipts. `who`: the client that asked for
 * it, as in `Actor`; null where the adapter did it by itself.
 */
export type Entry = {
  atMs: number
  kind: EventKind
  receiptId: ReceiptId | null
  from: string | null
  to: string
  detail: string | null
  who: string | null
}

/**
 * The receipts of one row were minted within this time of each other, so that a search for one receipt's events reads
 * only the rows of that time.
 */
export const ROW_SPAN_MS = 1000

/** Entries of one row happened within this time. The row has the time of the first. */
const SAME_TIME_MS = 50

/** An entry may join one of this many last rows, so that a transaction of many kinds of moves stays cheap. */
const MOST_OPEN_ROWS = 16

/** Entries that differ only in their receipts, and are numbered from `firstId` on. An entry about no receipt has none. */
export type LoggedEntries = Omit<Entry, 'receiptId'> & { firstId: number; receiptIds: readonly ReceiptId[] }

/** The number of the last of the entries. */
export const lastIdOf = ({ firstId, receiptIds }: Pick<LoggedEntries, 'firstId' | 'receiptIds'>): number =>
  firstId + Math.max(1, receiptIds.length) - 1

/** `idsFrom` and `idsBefore` bound the receipts that may join. */
type Row = Omit<Entry, 'receiptId'> & { receiptIds: ReceiptId[]; idsFrom: string; idsBefore: string }

/**
 * Collects the audit entries of one transaction, and writes one row for all receipts that made the same move. The rows
 * keep the order of each receipt's entries. No receipt's entry passes an entry of another kind.
 */
export function createAudit(db: Database) {
  const insert = db.prepare(
    `INSERT INTO events (id, at_ms, kind, from_state, to_state, detail, who, first_receipt, last_receipt, receipts)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  let rows: Row[] = []
  /** The last row of each receipt. Its next entry must come behind that row. */
  let lastRowOf = new Map<ReceiptId, number>()
  /** The number of rows up to the last entry of another kind. */
  let closed = 0

  /** The row that an entry may join: of the same move and time, and behind all earlier entries of its receipt. */
  function rowFor({ atMs, from, to, detail, who }: Entry, id: ReceiptId): number {
    const first = (lastRowOf.get(id) ?? -1) + 1
    for (let index = rows.length - 1; index >= Math.max(first, closed, rows.length - MOST_OPEN_ROWS); index--) {
      const row = rows[index]
      const isAlike = row?.to === to && row.from === from && row.detail === detail && row.who === who
      if (isAlike && Math.abs(atMs - row.atMs) <= SAME_TIME_MS && row.idsFrom <= id && id < row.idsBefore) return index
    }
    return -1
  }

  function begin({ receiptId: id, ...entry }: Entry): number {
    const aroundMs = id === null ? 0 : mintedAtMs(id)
    const idsFrom = idsBegin(aroundMs - ROW_SPAN_MS / 2)
    const idsBefore = idsBegin(aroundMs + ROW_SPAN_MS / 2)
    return rows.push({ ...entry, receiptIds: [], idsFrom, idsBefore }) - 1
  }

  function insertRow({ firstId, atMs, kind, from, to, detail, who, receiptIds }: LoggedEntries): void {
    const [first = null] = receiptIds
    if (receiptIds.length < 2) {
      insert.run(firstId, atMs, kind, from, to, detail, who, first, first, null)
      return
    }
    const ordered = receiptIds.toSorted()
    const [least = null, greatest = null] = [ordered[0], ordered.at(-1)]
    insert.run(firstId, atMs, kind, from, to, detail, who, least, greatest, JSON.stringify(receiptIds))
  }

  function forget(): void {
    rows = []
    lastRowOf = new Map()
    closed = 0
  }

  return {
    hasEntries: (): boolean => rows.length > 0,
    add(entry: Entry): void {
      const { receiptId: id } = entry
      if (id === null) {
        closed = begin(entry) + 1
        return
      }
      const found = rowFor(entry, id)
      const index = found === -1 ? begin(entry) : found
      rows[index]?.receiptIds.push(id)
      lastRowOf.set(id, index)
    },
    forget,
    /**
     * @param lastId the highest event number so far
     * @returns the highest one after this, and what was written
     */
    writeOut(lastId: number): { lastId: number; logged: LoggedEntries[] } {
      let last = lastId
      const logged = rows.map(({ idsFrom, idsBefore, ...entries }) => {
        const written = { ...entries, firstId: last + 1 }
        insertRow(written)
        last = lastIdOf(written)
        return written
      })
      forget()
      return { lastId: last, logged }
    },
  }
}
