import { type Actor, NOBODY } from '../domain/actor.ts'
import { type FilledIn, withOriginal } from '../domain/filled_in.ts'
import type { IdempotencyKey, Receipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { contentText, isSameContent } from '../domain/stored_content.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import type { IsFormer, ReceiptsOf } from './key_receipts.ts'
import type { JournalNew } from './new_receipts.ts'
import type { Judged, RefundRules, Refunds } from './refunds.ts'
import { toReceipt } from './rows.ts'
import type { Seqs } from './seqs.ts'
import type { TillThousands } from './till_thousands.ts'
import { undelivered } from './totals.ts'
import type { Twins } from './twins.ts'

/** `content`: the till's words. `filledIn`: what its settings say beside them. */
export type NewReceipt = {
  key: IdempotencyKey
  content: ReceiptContent
  filledIn?: FilledIn | null
  /** @default takes no refund beyond what is left of its original */
  refundRules?: RefundRules
}

export type Intake =
  | { kind: 'accepted'; receipt: Receipt; isTwin: boolean }
  /**
   * The key was used before with the same body. Equal bodies mean the same; their bytes may differ, and so may the till's
   * settings by now.
   */
  | { kind: 'known'; receipt: Receipt }
  /** The key was used before with another body, perhaps by another till. */
  | { kind: 'key_reused'; receiptId: ReceiptId; posId: string }
  | { kind: 'full'; undelivered: number }
  | Exclude<Judged, { kind: 'taken' }>

/** Journals tills' receipts, once per idempotency key. */
export function createIntake(
  db: Database,
  deps: {
    wallMs: () => number
    gathered: Gathered
    insertReceipt: InsertReceipt
    receiptsOf: ReceiptsOf
    journalNew: JournalNew
    refunds: Refunds
    twins: Twins
    maxUndelivered: number
  },
) {
  const { wallMs, gathered, insertReceipt, receiptsOf } = deps
  const removeReceipt = db.prepare("DELETE FROM sales WHERE receipt_id = ''")
  const removeThousand = db.prepare("DELETE FROM till_thousands WHERE pos_id = ''")
  const removeEvents = db.prepare("DELETE FROM events WHERE first_receipt = ''")

  return {
    reads: {
      /** Whether a receipt has this key, by this owner's right. */
      knows: (key: IdempotencyKey, owner: string | null = null): boolean => receiptsOf(key, owner).length > 0,
      /** Whether a client that has no token any more sold the same under this key. */
      isFormers: ({ key, content }: NewReceipt, isFormer: IsFormer): boolean =>
        receiptsOf.ofFormer(key, contentText(content), isFormer) !== undefined,
      /** All owners that ever sold. */
      keyOwners: receiptsOf.owners,
    },
    verbs: {
      /** Journals a receipt as `accepted`, unless its key is known or the buffer is full. */
      accept(
        { key, content, filledIn = null, refundRules = NO_RULES }: NewReceipt,
        actor: Actor = NOBODY,
        isFormer: IsFormer = () => false,
      ): Intake {
        const text = contentText(content)
        const earlier = earlierOf({ key, text }, { actor, isFormer }, receiptsOf)
        if (earlier) return earlier
        const taken = undelivered(gathered.tally())
        if (taken >= deps.maxUndelivered) return { kind: 'full', undelivered: taken }
        const refund = content.refundOf === undefined ? null : deps.refunds.judge(content, refundRules)
        if (refund !== null && refund.kind !== 'taken') return refund
        const sold = deps.twins.look(text)
        const filled = withOriginal(filledIn, refund?.numbers ?? null)
        const receipt = deps.journalNew({ key, content, text, filledIn: filled }, actor)
        deps.twins.journaled(receipt.id, sold)
        if (refund !== null) deps.refunds.record(receipt.id, refund, content.totalKopecks)
        return { kind: 'accepted', receipt, isTwin: sold.twinOf !== null }
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
          who: null,
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

/** The receipt that has this key already, by this owner's right. */
function earlierOf(
  { key, text }: { key: IdempotencyKey; text: string },
  { actor, isFormer }: { actor: Actor; isFormer: IsFormer },
  receiptsOf: ReceiptsOf,
): Extract<Intake, { kind: 'known' | 'key_reused' }> | null {
  if (receiptsOf.isFree(key)) return null
  const known = receiptsOf(key, actor.owner)
  const [other] = known
  const same =
    other || actor.owner === null
      ? known.find((one) => isSameContent(one.content, text))
      : receiptsOf.ofFormer(key, text, isFormer)
  if (same) return { kind: 'known', receipt: toReceipt(same) }
  if (other) {
    const { content: kept, id: receiptId } = toReceipt(other)
    return { kind: 'key_reused', receiptId, posId: kept.posId }
  }
  return null
}

/** `text` and `filledInText`: the till's words, and what was filled in, as JSON. */
type NewRow = {
  id: ReceiptId
  key: string
  posId: string
  text: string
  filledInText: string | null
  totalKopecks: number
  nowMs: number
  who: string | null
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
  return ({ id, key, posId, text, filledInText, totalKopecks, nowMs, who }) => {
    const totals = gathered.change()
    const seq = totals.last_seq + 1
    totals.last_seq = seq
    insertSale.run(seq, id, key, text, filledInText, totalKopecks, nowMs)
    insertState.run(seq, posId, nowMs)
    thousands.add(posId, seq)
    seqs.remember(id, seq)
    gathered.moved({ id, from: null, to: 'accepted', atMs: nowMs, detail: null, who })
  }
}

const NO_RULES: RefundRules = { isForced: false, requiresSynced: false }

/** The id of no receipt. It sorts before all others. */
const NO_ID = '' as ReceiptId
