import { ownedKey } from '../domain/actor.ts'
import type { IdempotencyKey } from '../domain/receipt.ts'
import { isSameContent } from '../domain/stored_content.ts'
import type { Database } from '../sqlite/database.ts'
import { RECEIPT_COLUMNS, type ReceiptRow, VALUE } from './rows.ts'

/** Whether this owner of keys has no token any more. */
export type IsFormer = (owner: string) => boolean

/**
 * Finds the receipts of a key. With an owner: its own, else nobody's. Without tokens a key of any owner counts, and
 * several owners may have used the same one. A token that gets another name is another owner, and its till may still send
 * a sale again: the earlier name's key counts for the same words, which name the till, once no token has that name.
 */
export function createReceiptsOf(db: Database) {
  const byName = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE seq = (SELECT seq FROM sales WHERE sales.idempotency_key = ${VALUE})`,
  )
  const byAnyOwner = db.prepare<ReceiptRow & { key_owner: string }>(
    `SELECT ${RECEIPT_COLUMNS}, key_owner FROM receipts WHERE seq IN
       (SELECT owned.seq FROM key_owners CROSS JOIN sales AS owned ON owned.idempotency_key = name || ' ' || ${VALUE})`,
  )
  const anyOf = db.prepare<{ is_used: 0 | 1 }>(
    `SELECT EXISTS (SELECT 1 FROM sales WHERE idempotency_key = ?1) OR EXISTS (
       SELECT 1 FROM key_owners CROSS JOIN sales ON idempotency_key = name || ' ' || ?1
     ) AS is_used`,
  )
  const owners = db.prepare<{ name: string }>('SELECT name FROM key_owners ORDER BY name')
  function receiptsOf(key: IdempotencyKey, owner: string | null): ReceiptRow[] {
    const row = (owner === null ? undefined : byName.get(ownedKey(owner, key))) ?? byName.get(key)
    if (row) return [row]
    return owner === null ? byAnyOwner.all(key) : []
  }
  return Object.assign(receiptsOf, {
    /** Whether no receipt has this key, whoever owns it. One read says so of almost every sale. */
    isFree: (key: IdempotencyKey): boolean => anyOf.get(key)?.is_used === 0,
    /** Those of owners who have no token any more. */
    ofFormers: (key: IdempotencyKey, isFormer: IsFormer): ReceiptRow[] =>
      byAnyOwner.all(key).filter((row) => isFormer(row.key_owner)),
    ofFormer: (key: IdempotencyKey, text: string, isFormer: IsFormer): ReceiptRow | undefined =>
      byAnyOwner.all(key).find((row) => isFormer(row.key_owner) && isSameContent(row.content, text)),
    owners: () => owners.all().map(({ name }) => name),
  })
}

export type ReceiptsOf = ReturnType<typeof createReceiptsOf>
