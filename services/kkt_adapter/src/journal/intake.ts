import { type FilledIn, withFilledIn } from '../domain/filled_in.ts'
import type { IdempotencyKey, Receipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { contentText, isSameContent } from '../domain/stored_content.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import { RECEIPT_COLUMNS, type ReceiptRow, toReceipt, VALUE } from './rows.ts'
import type { Seqs } from './seqs.ts'
import type { TillThousands } from './till_thousands.ts'
import { type HybridClock, undelivered } from './totals.ts'

/** `content`: the till's words. `filledIn`: what its settings say beside them. */
export type NewReceipt = { key: IdempotencyKey; content: ReceiptContent; filledIn?: FilledIn | null }

export type Intake =
  | { kind: 'accepted'; receipt: Receipt }
  /**
   * The key was used before with the same body. Equal bodies mean the same; their bytes may differ, and so may the till's
   * settings by now.
   */
  | { kind: 'known'; receipt: Receipt }
  /** The key was used before with another body. */
  | { kind: 'key_reused'; receiptId: ReceiptId }
  | { kind: 'full'; undelivered: number }

/** Journals tills' receipts, once per idempotency key. */
export function createIntake(
  db: Database,
  deps: {
    wallMs: () => number
    gathered: Gathered
    insertReceipt: InsertReceipt
    mintId: (clock: HybridClock) => ReceiptId
    maxUndelivered: number
  },
) {
  const { wallMs, gathered, insertReceipt } = deps
  const byKey = db.prepare<ReceiptRow>(`SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE idempotency_key = ${VALUE}`)
  const isKnown = db.prepare('SELECT 1 FROM sales WHERE idempotency_key = ?')
  const removeReceipt = db.prepare("DELETE FROM sales WHERE receipt_id = ''")
  const removeThousand = db.prepare("DELETE FROM till_thousands WHERE pos_id = ''")
  const removeEvents = db.prepare("DELETE FROM events WHERE first_receipt = ''")

  return {
    reads: {
      /** Whether a receipt has this key. */
      knows: (key: IdempotencyKey): boolean => isKnown.get(key) !== undefined,
    },
    verbs: {
      /** Journals a receipt as `accepted`, unless its key is known or the buffer is full. */
      accept({ key, content, filledIn = null }: NewReceipt): Intake {
        const text = contentText(content)
        const known = byKey.get(key)
        if (known) {
          return isSameContent(known.content, text)
            ? { kind: 'known', receipt: toReceipt(known) }
            : { kind: 'key_reused', receiptId: known.receipt_id }
        }
        const totals = gathered.tally()
        const taken = undelivered(totals)
        if (taken >= deps.maxUndelivered) return { kind: 'full', undelivered: taken }
        const nowMs = wallMs()
        const { posId, totalKopecks } = content
        const id = deps.mintId({ lastReceiptId: totals.last_receipt_id, mergedMs: totals.merged_ms })
        insertReceipt({ id, key, posId, text, filledInText: filledInText(filledIn), totalKopecks, nowMs })
        return { kind: 'accepted', receipt: accepted(id, withFilledIn(content, filledIn), nowMs) }
      },
      /** Journals a receipt and undoes it. If this commits, there is room for a receipt. */
      rehearse(): void {
        // Earlier works of the same commit keep their numbers.
        gathered.writeOut()
        const { last_seq, last_event_id } = gathered.tally()
        insertReceipt({
          id: NO_ID,
          key: '',
          posId: '',
          text: '',
          filledInText: null,
          totalKopecks: 1,
          nowMs: wallMs(),
        })
        gathered.writeOut()
        removeReceipt.run()
        removeThousand.run()
        removeEvents.run()
        gathered.removed('accepted')
        Object.assign(gathered.change(), { last_seq, last_event_id })
      },
    },
  }
}

export const filledInText = (filledIn: FilledIn | null): string | null => filledIn && JSON.stringify(filledIn)

/** `text` and `filledInText`: the till's words, and what was filled in, as JSON. */
type NewRow = {
  id: ReceiptId
  key: string
  posId: string
  text: string
  filledInText: string | null
  totalKopecks: number
  nowMs: number
}
export type InsertReceipt = (row: NewRow) => void

/** Journals a receipt as `accepted`, behind all others. */
export function createInsertReceipt(
  db: Database,
  { gathered, seqs, thousands }: { gathered: Gathered; seqs: Seqs; thousands: TillThousands },
): InsertReceipt {
  const insertSale = db.prepare(
    `INSERT INTO sales (seq, receipt_id, idempotency_key, content, filled_in, total_kopecks, created_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertState = db.prepare("INSERT INTO states (seq, pos_id, status, changed_at_ms) VALUES (?, ?, 'accepted', ?)")
  return ({ id, key, posId, text, filledInText, totalKopecks, nowMs }) => {
    const totals = gathered.change()
    const seq = totals.last_seq + 1
    totals.last_seq = seq
    insertSale.run(seq, id, key, text, filledInText, totalKopecks, nowMs)
    insertState.run(seq, posId, nowMs)
    thousands.add(posId, seq)
    seqs.remember(id, seq)
    gathered.moved({ id, from: null, to: 'accepted', atMs: nowMs, detail: null })
  }
}

/** The id of no receipt. It sorts before all others. */
const NO_ID = '' as ReceiptId

const accepted = (id: ReceiptId, content: ReceiptContent, nowMs: number): Receipt => ({
  id,
  content,
  status: 'accepted',
  createdAtMs: nowMs,
  changedAtMs: nowMs,
  retryCount: 0,
  fiscalDoc: null,
  printedAtMs: null,
  needsPaper: false,
  maybeAtOfd: false,
  ofdId: null,
  syncedAtMs: null,
  dlqReason: null,
  lastError: null,
})
