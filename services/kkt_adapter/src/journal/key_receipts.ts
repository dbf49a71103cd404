import { ownedKey } from '../domain/actor.ts'
import type { IdempotencyKey } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { RECEIPT_COLUMNS, type ReceiptRow, VALUE } from './rows.ts'

/**
 * Finds the receipts of a key. With an owner: its own, else nobody's. Without tokens a key of any owner counts, and
 * several owners may have used the same one.
 */
export function createReceiptsOf(db: Database) {
  const byName = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE seq = (SELECT seq FROM sales WHERE sales.idempotency_key = ${VALUE})`,
  )
  const byAnyOwner = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE seq IN
       (SELECT owned.seq FROM key_owners CROSS JOIN sales AS owned ON owned.idempotency_key = name || ' ' || ${VALUE})`,
  )
  const owners = db.prepare<{ name: string }>('SELECT name FROM key_owners ORDER BY name')
  function receiptsOf(key: IdempotencyKey, owner: string | null): ReceiptRow[] {
    const row = (owner === null ? undefined : byName.get(ownedKey(owner, key))) ?? byName.get(key)
    if (row) return [row]
    return owner === null ? byAnyOwner.all(key) : []
  }
  return Object.assign(receiptsOf, { owners: () => owners.all().map(({ name }) => name) })
}

export type ReceiptsOf = ReturnType<typeof createReceiptsOf>
