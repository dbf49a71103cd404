import type { IdempotencyKey, Receipt, ReceiptContent, ReceiptId } from '../receipts/receipt.ts'
import type { Database } from './database.ts'
import { RECEIPT_COLUMNS, type ReceiptRow, toReceipt } from './rows.ts'

export type NewReceipt = { key: IdempotencyKey; bodyHash: string; content: ReceiptContent }

export type Intake =
  | { kind: 'accepted'; receipt: Receipt }
  /** The key came before with the same body. */
  | { kind: 'known'; receipt: Receipt }
  /** The key came before with another body. */
  | { kind: 'key_reused'; receiptId: ReceiptId }
  | { kind: 'full'; undelivered: number }

/** Journals what a till sends, once per idempotency key. */
export function createIntake(
  db: Database,
  deps: { wallMs: () => number; mintId: () => ReceiptId; maxUndelivered: number },
) {
  const byKey = db.prepare<ReceiptRow>(`SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE idempotency_key = ?`)
  const undelivered = db.prepare<{ n: number }>(
    "SELECT sum(n) AS n FROM counters WHERE status IN ('accepted', 'printing', 'unknown', 'pending', 'syncing')",
  )
  const insert = db.prepare<ReceiptRow>(
    `INSERT INTO receipts (receipt_id, idempotency_key, body_hash, pos_id, content, total_kopecks, status, created_at_ms,
       changed_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, 'accepted', ?, ?)
     RETURNING ${RECEIPT_COLUMNS}`,
  )
  const removeReceipt = db.prepare("DELETE FROM receipts WHERE receipt_id = ''")
  const removeEvents = db.prepare("DELETE FROM events WHERE receipt_id = ''")

  return {
    /** To be run inside a transaction. */
    accept({ key, bodyHash, content }: NewReceipt): Intake {
      const known = byKey.get(key)
      if (known) {
        return known.body_hash === bodyHash
          ? { kind: 'known', receipt: toReceipt(known) }
          : { kind: 'key_reused', receiptId: known.receipt_id }
      }
      const queued = undelivered.get()?.n ?? 0
      if (queued >= deps.maxUndelivered) return { kind: 'full', undelivered: queued }
      const nowMs = deps.wallMs()
      const { posId, totalKopecks } = content
      const row = insert.get(deps.mintId(), key, bodyHash, posId, JSON.stringify(content), totalKopecks, nowMs, nowMs)
      if (!row) throw new Error('An INSERT with RETURNING returned nothing')
      return { kind: 'accepted', receipt: toReceipt(row) }
    },
    /**
     * Journals a receipt and takes it back: what can be written when this is committed is as much as a receipt takes. To
     * be run inside a transaction.
     */
    rehearse(): void {
      const nowMs = deps.wallMs()
      insert.get('', '', '', '', '', 1, nowMs, nowMs)
      removeReceipt.run()
      removeEvents.run()
    },
  }
}
