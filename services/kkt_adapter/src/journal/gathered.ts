import type { ReceiptId } from '../domain/receipt.ts'
import { mayFollow, STATUSES, type Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import { createAudit, type LoggedEntries } from './audit.ts'
import { onlyRow } from './totals.ts'

/** A receipt's transition. `from` is null for a new receipt; `detail` and `who` are for the audit entry. */
export type Move = {
  id: ReceiptId
  from: Status | null
  to: Status
  atMs: number
  detail: string | null
  who: string | null
}

/** The columns of `totals` that works change. */
export type Tally = Record<Status, number> & {
  delivered: number
  last_sync_at_ms: number | null
  last_receipt_id: string
  last_seq: number
  last_event_id: number
  merged_ms: number
  last_failure_at_ms: number | null
  last_failure_reason: string | null
  last_failure_receipt_id: ReceiptId | null
}

const COLUMNS = [
  ...STATUSES,
  'delivered',
  'last_sync_at_ms',
  'last_receipt_id',
  'last_seq',
  'last_event_id',
  'merged_ms',
  'last_failure_at_ms',
  'last_failure_reason',
  'last_failure_receipt_id',
] as const

const NOTHING_LOGGED = { lastId: 0, logged: [] }

/** A verb asked for a transition that the state table does not allow: a bug. */
export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition'
}

/**
 * Collects the transitions of one transaction, which each verb reports here. At the end of the transaction the audit
 * log and the totals are written once.
 * A work sees the changes of earlier works: the totals are read at the first use, then changed and read in memory. That
 * is exact because a transaction locks all other writers out. SQL in a work must not read or write these columns of
 * `totals`, because they still have the values from before the transaction.
 */
export function createGathered(db: Database) {
  const readTotals = db.prepare<Tally>(`SELECT ${COLUMNS.join(', ')} FROM totals`)
  const writeTotals = db.prepare(`UPDATE totals SET ${COLUMNS.map((column) => `${column} = ?`).join(', ')}`)
  const audit = createAudit(db)
  let totals: Tally | null = null
  let isChanged = false
  let transaction = 0
  let timesUndone = 0

  function tally(): Tally {
    totals ??= onlyRow(readTotals.get())
    return totals
  }

  /** The totals, to be changed in place. */
  function change(): Tally {
    isChanged = true
    return tally()
  }

  function clear(): void {
    audit.forget()
    totals = null
    isChanged = false
    transaction += 1
  }

  /** Writes all reports, and starts with none. @returns the entries that the audit log got */
  function writeOut(): readonly LoggedEntries[] {
    const { lastId, logged } = audit.hasEntries() ? audit.writeOut(tally().last_event_id) : NOTHING_LOGGED
    if (logged.length > 0) change().last_event_id = lastId
    if (isChanged) {
      const now = tally()
      writeTotals.run(...COLUMNS.map((column) => now[column]))
    }
    clear()
    return logged
  }

  return {
    /** A new number for each transaction. A value read under another number may have been undone. */
    get transaction(): number {
      return transaction
    },
    /** The number of works and transactions that were undone. Numbers that they gave are given again. */
    get timesUndone(): number {
      return timesUndone
    },
    /** The totals, including the changes of this transaction. */
    tally: (): Readonly<Tally> => tally(),
    change,
    /**
     * Reports a receipt's transition, or a new receipt. Only this function checks the state table.
     * @throws IllegalTransition
     */
    moved({ id, from, to, atMs, detail, who }: Move): void {
      if (!mayFollow(from, to))
        throw new IllegalTransition(`Receipt ${id} may not go from ${from ?? 'nothing'} to ${to}`)
      const now = change()
      now[to] += 1
      if (from !== null) now[from] -= 1
      else if (id > now.last_receipt_id) now.last_receipt_id = id
      if (to === 'synced') {
        now.delivered += 1
        now.last_sync_at_ms = atMs
      }
      audit.add({ atMs, kind: 'receipt', receiptId: id, from, to, detail, who })
    },
    /** Reports a removed receipt. The audit log keeps its entries. */
    removed(status: Status): void {
      change()[status] -= 1
    },
    /** Adds an entry about something other than a transition. */
    note: audit.add,
    /** Drops the reports of a work or a transaction that was undone. */
    forget(): void {
      clear()
      timesUndone += 1
    },
    writeOut,
  }
}

export type Gathered = ReturnType<typeof createGathered>
