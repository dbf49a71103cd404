import { ownedKey } from '../domain/actor.ts'
import type { IdempotencyKey } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { RECEIPT_COLUMNS, type ReceiptRow, VALUE } from './rows.ts'

/** Whether this owner of keys has no token any more. */
export type IsFormer = (owner: string) => boolean
/** The sender of a key. */
export type KeyUser = { owner: string | null; isFormer: IsFormer }
type Counting = { isSame: boolean; row: ReceiptRow }

/**
 * Finds the receipts of a key. With an owner: its own, else nobody's. Without tokens a key of any owner counts, and
 * several owners may have used the same one. A token that gets another name is another owner, and its till may still send
 * a sale again: the earlier name's key counts for the same words, which name the till, once no token has that name.
 */
export function createKeyReceipts(db: Database) {
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
     ) OR EXISTS (SELECT 1 FROM tasks WHERE idempotency_key = ?1) OR EXISTS (
       SELECT 1 FROM key_owners CROSS JOIN tasks ON idempotency_key = name || ' ' || ?1
     ) AS is_used`,
  )
  const owners = db.prepare<{ name: string }>('SELECT name FROM key_owners ORDER BY name')

  /** Whether no receipt and no task has this key, whoever owns it. One read says so of almost every sale. */
  const isFree = (key: IdempotencyKey): boolean => anyOf.get(key)?.is_used === 0

  function ofKey(key: IdempotencyKey, owner: string | null): ReceiptRow[] {
    const row = (owner === null ? undefined : byName.get(ownedKey(owner, key))) ?? byName.get(key)
    if (row) return [row]
    return owner === null ? byAnyOwner.all(key) : []
  }

  const ofFormers = (key: IdempotencyKey, isFormer: IsFormer): ReceiptRow[] =>
    byAnyOwner.all(key).filter((row) => isFormer(row.key_owner))

  return {
    isFree,
    /**
     * The receipt that counts for a key, if any does.
     * @param isSame whether a receipt has what is asked for now; one of a former owner counts only then
     */
    countingFor(key: IdempotencyKey, by: KeyUser, isSame: (row: ReceiptRow) => boolean): Counting | null {
      if (isFree(key)) return null
      const own = ofKey(key, by.owner)
      const [other] = own
      const same = (other || by.owner === null ? own : ofFormers(key, by.isFormer)).find(isSame)
      if (same) return { isSame: true, row: same }
      return other ? { isSame: false, row: other } : null
    },
    /** All owners that ever sold. */
    owners: () => owners.all().map(({ name }) => name),
  }
}

export type KeyReceipts = ReturnType<typeof createKeyReceipts>
