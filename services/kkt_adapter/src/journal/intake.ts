import { type Actor, NOBODY } from '../domain/actor.ts'
import type { FilledIn } from '../domain/filled_in.ts'
import type { IdempotencyKey, Receipt, ReceiptId, SaidContent } from '../domain/receipt.ts'
import { contentText, isSameContent } from '../domain/stored_content.ts'
import type { TaskId } from '../domain/task.ts'
import type { Database } from '../sqlite/database.ts'
import type { Gathered } from './gathered.ts'
import type { IsFormer, KeyReceipts, KeyUser } from './key_receipts.ts'
import type { JournalNew } from './new_receipts.ts'
import type { Judged, RefundRules, Refunds } from './refunds.ts'
import { toReceipt } from './rows.ts'
import type { Seqs } from './seqs.ts'
import type { TillThousands } from './till_thousands.ts'
import { placesTaken, type Room } from './totals.ts'
import type { Twins } from './twins.ts'

/** `content`: the till's words. `filledIn`: what its settings say beside them. The original of a refund is asked here. */
export type NewReceipt = {
  key: IdempotencyKey
  content: SaidContent
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
  /** The key was used before for work of the KKT that is no receipt. */
  | { kind: 'key_of_task'; taskId: TaskId }
  | { kind: 'full'; undelivered: number }
  | Exclude<Judged, { kind: 'taken' }>

/** Journals tills' receipts, once per idempotency key. */
export function createIntake(
  db: Database,
  deps: {
    wallMs: () => number
    gathered: Gathered
    insertReceipt: InsertReceipt
    keyReceipts: KeyReceipts
    taskOfKey: TaskOfKey
    journalNew: JournalNew
    refunds: Refunds
    twins: Twins
    room: Room
  },
) {
  const { wallMs, gathered, insertReceipt, keyReceipts } = deps
  const earlierOf = createEarlierOf(deps)
  const removeReceipt = db.prepare("DELETE FROM sales WHERE receipt_id = ''")
  const removeThousand = db.prepare("DELETE FROM till_thousands WHERE pos_id = ''")
  const removeEvents = db.prepare("DELETE FROM events WHERE first_receipt = ''")

  return {
    reads: {
      /** Whether a receipt has this key, by its owner's right or a former owner's. */
      isKnown: ({ key, content }: NewReceipt, { owner }: Actor = NOBODY, isFormer: IsFormer = NO_FORMERS): boolean =>
        earlierOf({ key, text: contentText(content) }, { owner, isFormer }) !== null,
      /** All owners that ever sold. */
      keyOwners: keyReceipts.owners,
    },
    verbs: {
      /** Journals a receipt as `accepted`, unless its key is known or the buffer is full. */
      accept(
        { key, content, filledIn = null, refundRules = NO_RULES }: NewReceipt,
        actor: Actor = NOBODY,
        isFormer: IsFormer = NO_FORMERS,
      ): Intake {
        const text = contentText(content)
        const earlier = earlierOf({ key, text }, { owner: actor.owner, isFormer })
        if (earlier) return earlier
        const taken = placesTaken(gathered.tally(), deps.room.way)
        if (taken >= deps.room.most) return { kind: 'full', undelivered: taken }
        const refund = content.refundOf === undefined ? null : deps.refunds.judge({ content, filledIn }, refundRules)
        if (refund !== null && refund.kind !== 'taken') return refund
        const looked = deps.twins.look(text)
        const filled = refund === null ? filledIn : refund.filledIn
        const receipt = deps.journalNew({ key, content, text, filledIn: filled }, actor)
        deps.twins.journaled(receipt.id, looked)
        if (refund !== null) deps.refunds.record(receipt.id, refund, content.totalKopecks)
        return { kind: 'accepted', receipt, isTwin: (looked?.twinOf ?? null) !== null }
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
          contact: null,
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

/** The task of a key, by its owner's right. */
export type TaskOfKey = (key: IdempotencyKey, owner: string | null) => TaskId | null

/** Finds the receipt that has a key already, by its owner's right or a former owner's, or the task that has it. */
function createEarlierOf({ keyReceipts, taskOfKey }: { keyReceipts: KeyReceipts; taskOfKey: TaskOfKey }) {
  return (
    { key, text }: { key: IdempotencyKey; text: string },
    by: KeyUser,
  ): Extract<Intake, { kind: 'known' | 'key_reused' | 'key_of_task' }> | null => {
    if (keyReceipts.isFree(key)) return null
    const counting = keyReceipts.countingFor(key, by, ({ content }) => isSameContent(content, text))
    if (counting === null) {
      const taskId = taskOfKey(key, by.owner)
      return taskId && { kind: 'key_of_task', taskId }
    }
    const receipt = toReceipt(counting.row)
    if (counting.isSame) return { kind: 'known', receipt }
    return { kind: 'key_reused', receiptId: receipt.id, posId: receipt.content.posId }
  }
}

/** `text` and `filledInText`: the till's words, and what was filled in, as JSON. */
type NewRow = {
  id: ReceiptId
  key: string
  posId: string
  text: string
  filledInText: string | null
  totalKopecks: number
  /** As `contactOf` gives it. */
  contact: string | null
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
    `INSERT INTO sales (seq, receipt_id, idempotency_key, content, filled_in, total_kopecks, contact, created_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertState = db.prepare("INSERT INTO states (seq, pos_id, status, changed_at_ms) VALUES (?, ?, 'accepted', ?)")
  return ({ id, key, posId, text, filledInText, totalKopecks, contact, nowMs, who }) => {
    const totals = gathered.change()
    const seq = totals.last_seq + 1
    totals.last_seq = seq
    insertSale.run(seq, id, key, text, filledInText, totalKopecks, contact, nowMs)
    insertState.run(seq, posId, nowMs)
    thousands.add(posId, seq)
    seqs.remember(id, seq)
    gathered.moved({ id, from: null, to: 'accepted', atMs: nowMs, detail: null, who })
  }
}

const NO_FORMERS: IsFormer = () => false
const NO_RULES: RefundRules = { isForced: false, requiresSynced: false }

/** The id of no receipt. It sorts before all others. */
const NO_ID = '' as ReceiptId
