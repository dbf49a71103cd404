import { STATUSES, type Status } from '@kkt/adapter/src/domain/state.ts'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import { openReadOnly } from '@kkt/adapter/src/sqlite/sqlite_bun.ts'

type ReceiptRow = { receipt_id: string; status: Status; created_at_ms: number; changed_at_ms: number }
type EventRow = { receipt_id: string; from_state: string | null; to_state: string }
type Totals = Record<Status, number> & { kept_from_ms: number | null }

/**
 * Compares the totals and each receipt's audit log with the rows of the receipts. The adapter's code writes these three
 * separately.
 * @returns a line for each fault
 */
export function bookFaults(db: Database): string[] {
  const totals = db.prepare<Totals>('SELECT * FROM totals').get()
  if (!totals) return ['the row of the totals is gone']
  const receipts = db
    .prepare<ReceiptRow>('SELECT receipt_id, status, created_at_ms, changed_at_ms FROM receipts ORDER BY receipt_id')
    .all()
  const events = db.prepare<EventRow>('SELECT receipt_id, from_state, to_state FROM receipt_events ORDER BY id').all()
  // Retention removes audit rows by their age, whatever the state of their receipts.
  const mayBeGone = (atMs: number) => totals.kept_from_ms !== null && atMs < totals.kept_from_ms
  const chains = Map.groupBy(events, ({ receipt_id: id }) => id)
  return [
    ...miscounts(totals, receipts),
    ...receipts.flatMap((row) => {
      const fault = chainFault(row, chains.get(row.receipt_id) ?? [], mayBeGone)
      return fault === null ? [] : [`the audit log of receipt ${row.receipt_id} ${fault}`]
    }),
  ]
}

/** The same for the buffer at `path`, which is opened read-only. No adapter may be at work on it. */
export function bookFaultsIn(path: string): string[] {
  const db = openReadOnly(path)
  try {
    return bookFaults(db)
  } finally {
    db.close()
  }
}

function miscounts(totals: Totals, receipts: ReceiptRow[]): string[] {
  const rows = Map.groupBy(receipts, ({ status }) => status)
  return STATUSES.flatMap((status) => {
    const there = rows.get(status)?.length ?? 0
    return there === totals[status] ? [] : [`${there} receipts are ${status}, and the totals say ${totals[status]}`]
  })
}

/** The audit log begins at the acceptance, each row goes on where the row before it ended, and the last has the status. */
function chainFault(row: ReceiptRow, chain: EventRow[], mayBeGone: (atMs: number) => boolean): string | null {
  const [first, last] = [chain[0], chain.at(-1)]
  if (!first || !last) return mayBeGone(row.changed_at_ms) ? null : 'is empty'
  const isWhole = first.from_state === null && first.to_state === 'accepted'
  if (!isWhole && !mayBeGone(row.created_at_ms)) return `begins from ${first.from_state} to ${first.to_state}`
  for (const [i, { from_state: from, to_state: to }] of chain.entries()) {
    const before = chain[i - 1]
    if (before && from !== before.to_state) return `comes to ${before.to_state}, and goes on from ${from} to ${to}`
  }
  return last.to_state === row.status ? null : `ends at ${last.to_state}, and it is ${row.status}`
}
