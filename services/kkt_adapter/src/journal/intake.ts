import { type Actor, NOBODY, ownedKey } from '../domain/actor.ts'
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

/** Whether this owner of keys has no token any more. */
export type IsFormer = (owner: string) => boolean

export type Intake =
  | { kind: 'accepted'; receipt: Receipt }
  /**
   * The key was used before with the same body. Equal bodies mean the same; their bytes may differ, and so may the till's
   * settings by now.
   */
  | { kind: 'known'; receipt: Receipt }
  /** The key was used before with another body, perhaps by another till. */
  | { kind: 'key_reused'; receiptId: ReceiptId; posId: string }
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
  const receiptsOf = createReceiptsOf(db)
  const addOwner = db.prepare('INSERT OR IGNORE INTO key_owners (name) VALUES (?)')
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
        { key, content, filledIn = null }: NewReceipt,
        { owner, who }: Actor = NOBODY,
        isFormer: IsFormer = () => false,
      ): Intake {
        const text = contentText(content)
        const known = receiptsOf(key, owner)
        const [other] = known
        const same =
          other || owner === null
            ? known.find((one) => isSameContent(one.content, text))
            : receiptsOf.ofFormer(key, text, isFormer)
        if (same) return { kind: 'known', receipt: toReceipt(same) }
        if (other) {
          const { content: kept, id: receiptId } = toReceipt(other)
          return { kind: 'key_reused', receiptId, posId: kept.posId }
        }
        const totals = gathered.tally()
        const taken = undelivered(totals)
        if (taken >= deps.maxUndelivered) return { kind: 'full', undelivered: taken }
        const nowMs = wallMs()
        const { posId, totalKopecks } = content
        const id = deps.mintId({ lastReceiptId: totals.last_receipt_id, mergedMs: totals.merged_ms })
        if (owner !== null) addOwner.run(owner)
        const name = owner === null ? key : ownedKey(owner, key)
        insertReceipt({ id, key: name, posId, text, filledInText: filledInText(filledIn), totalKopecks, nowMs, who })
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

/**
 * Finds the receipts of a key. With an owner: its own, else nobody's. Without tokens a key of any owner counts, and
 * several owners may have used the same one. A token that gets another name is another owner, and its till may still send
 * a sale again: the earlier name's key counts for the same words, which name the till, once no token has that name.
 */
function createReceiptsOf(db: Database) {
  const byName = db.prepare<ReceiptRow>(
    `SELECT ${RECEIPT_COLUMNS} FROM receipts WHERE seq = (SELECT seq FROM sales WHERE sales.idempotency_key = ${VALUE})`,
  )
  const byAnyOwner = db.prepare<ReceiptRow & { key_owner: string }>(
    `SELECT ${RECEIPT_COLUMNS}, key_owner FROM receipts WHERE seq IN
       (SELECT owned.seq FROM key_owners CROSS JOIN sales AS owned ON owned.idempotency_key = name || ' ' || ${VALUE})`,
  )
  const owners = db.prepare<{ name: string }>('SELECT name FROM key_owners ORDER BY name')
  function receiptsOf(key: IdempotencyKey, owner: string | null): ReceiptRow[] {
    const row = (owner === null ? undefined : byName.get(ownedKey(owner, key))) ?? byName.get(key)
    if (row) return [row]
    return owner === null ? byAnyOwner.all(key) : []
  }
  return Object.assign(receiptsOf, {
    ofFormer: (key: IdempotencyKey, text: string, isFormer: IsFormer): ReceiptRow | undefined =>
      byAnyOwner.all(key).find((row) => isFormer(row.key_owner) && isSameContent(row.content, text)),
    owners: () => owners.all().map(({ name }) => name),
  })
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
