import type { ReceiptId } from '../domain/receipt.ts'
import { mayFollow, STATUSES, type Status } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import { createAudit } from './audit.ts'
import { onlyRow } from './totals.ts'

/** A transition of a receipt. `from` is null where it is new, `detail` what the audit log says beside it. */
export type Move = { id: ReceiptId; from: Status | null; to: Status; atMs: number; detail: string | null }

/** The row of `totals`, as far as it changes with what works do. */
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

/** A verb asked for what the state table does not allow: a mistake in the code. */
export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition'
}

/**
 * Collects the transitions of one transaction. Each verb reports its own here. At the end of the transaction the audit log
 * and the totals are written once, from all of them.
 *
 * A work sees what the works before it did: the totals are read when the first of them is asked for, changed in memory, and
 * asked for there. That is exact because a transaction keeps all others from writing. SQL that runs in a work must not read
 * or write these columns of `totals`: it would see them as they were before the transaction.
 */
export function createGathered(db: Database) {
  const readTotals = db.prepare<Tally>(`SELECT ${COLUMNS.join(', ')} FROM totals`)
  const writeTotals = db.prepare(`UPDATE totals SET ${COLUMNS.map((column) => `${column} = ?`).join(', ')}`)
  const audit = createAudit(db)
  let totals: Tally | null = null
  let isChanged = false
  let transaction = 0

  function tally(): Tally {
    totals ??= onlyRow(readTotals.get())
    return totals
  }

  /** The totals, to be changed in place. */
  function change(): Tally {
    isChanged = true
    return tally()
  }

  /** Drops what is not written out: it was undone. */
  function forget(): void {
    audit.forget()
    totals = null
    isChanged = false
    transaction += 1
  }

  /** Writes all that was gathered, and goes on with nothing. */
  function writeOut(): void {
    if (audit.hasEntries()) change().last_event_id = audit.writeOut(tally().last_event_id)
    if (isChanged) {
      const now = tally()
      writeTotals.run(...COLUMNS.map((column) => now[column]))
    }
    forget()
  }

  return {
    /** Another number in each transaction. What was read under another one may be undone. */
    get transaction(): number {
      return transaction
    },
    /** The totals, with all that was done so far in this transaction. */
    tally: (): Readonly<Tally> => tally(),
    change,
    /**
     * A receipt has gone from one state to another, or has come in. The one place that holds it against the state table.
     * @throws IllegalTransition
     */
    moved({ id, from, to, atMs, detail }: Move): void {
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
      audit.add({ atMs, kind: 'receipt', receiptId: id, from, to, detail })
    },
    /** A receipt is gone. The audit log keeps its entries. */
    removed(status: Status): void {
      change()[status] -= 1
    },
    /** Adds an entry that is no transition. */
    note: audit.add,
    forget,
    writeOut,
  }
}

export type Gathered = ReturnType<typeof createGathered>
