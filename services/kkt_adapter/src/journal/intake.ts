import { hash } from 'node:crypto'
import type { IdempotencyKey, Receipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import { INSERT_RECEIPT, RECEIPT_COLUMNS, type ReceiptRow, toReceipt } from './rows.ts'
import { type HybridClock, undelivered } from './totals.ts'

export type NewReceipt = { key: IdempotencyKey; content: ReceiptContent }

export type Intake =
  | { kind: 'accepted'; receipt: Receipt }
  /** The key came before with the same body: its meaning, not its bytes. */
  | { kind: 'known'; receipt: Receipt }
  /** The key came before with another body. */
  | { kind: 'key_reused'; receiptId: ReceiptId }
  | { kind: 'full'; undelivered: number }

/** Journals what a till sends, once per idempotency key. */
export function createIntake(
  db: Database,
  deps: {
    wallMs: () => number
    gathered: Gathered
    mintId: (clock: HybridClock) => ReceiptId
    maxUndelivered: number
  },
) {
  const { wallMs, gathered } = deps
  const byKey = db.prepare<ReceiptRow>(`SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE idempotency_key = ?`)
  const isKnown = db.prepare('SELECT 1 FROM receipts WHERE idempotency_key = ?')
  const insert = db.prepare(INSERT_RECEIPT)
  const removeReceipt = db.prepare("DELETE FROM receipts WHERE receipt_id = ''")
  const removeEvents = db.prepare("DELETE FROM events WHERE receipt_id = ''")

  return {
    reads: {
      /** Whether a receipt came with this key before. */
      knows: (key: IdempotencyKey): boolean => isKnown.get(key) !== undefined,
    },
    verbs: {
      /** Journals a receipt as `accepted`, unless its key is known or the buffer is full. */
      accept({ key, content }: NewReceipt): Intake {
        const text = JSON.stringify(content)
        const bodyHash = hash('sha256', text)
        const known = byKey.get(key)
        if (known) {
          return known.body_hash === bodyHash || isSameInNfc(known.content, text)
            ? { kind: 'known', receipt: toReceipt(known) }
            : { kind: 'key_reused', receiptId: known.receipt_id }
        }
        const totals = gathered.tally()
        const taken = undelivered(totals)
        if (taken >= deps.maxUndelivered) return { kind: 'full', undelivered: taken }
        const nowMs = wallMs()
        const { posId, totalKopecks } = content
        const id = deps.mintId({ lastReceiptId: totals.last_receipt_id, mergedMs: totals.merged_ms })
        insert.run(id, key, bodyHash, posId, text, totalKopecks, nowMs)
        gathered.moved({ id, from: null, to: 'accepted', atMs: nowMs, detail: null })
        return { kind: 'accepted', receipt: accepted(id, content, nowMs) }
      },
      /** Journals a receipt and takes it back: what can be written when this is committed is as much as a receipt takes. */
      rehearse(): void {
        const nowMs = wallMs()
        insert.run(NO_ID, '', '', '', '', 1, nowMs)
        gathered.moved({ id: NO_ID, from: null, to: 'accepted', atMs: nowMs, detail: null })
        gathered.writeOut()
        removeReceipt.run()
        removeEvents.run()
        gathered.removed('accepted')
      },
    },
  }
}

/** Of a receipt that is none. It sorts before all others. */
const NO_ID = '' as ReceiptId

/** Earlier versions kept a body as it came, and a new one has its names in NFC. */
const isSameInNfc = (kept: string, text: string): boolean => kept.normalize('NFC') === text

const accepted = (id: ReceiptId, content: ReceiptContent, nowMs: number): Receipt => ({
  ...{ id, content, status: 'accepted', createdAtMs: nowMs, changedAtMs: nowMs, retryCount: 0 },
  ...{ fiscalDoc: null, printedAtMs: null, needsPaper: false },
  ...{ maybeAtOfd: false, ofdId: null, syncedAtMs: null, dlqReason: null, lastError: null },
})
