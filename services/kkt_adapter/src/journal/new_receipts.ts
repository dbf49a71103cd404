import { type Actor, ownedKey } from '../domain/actor.ts'
import { type FilledIn, withFilledIn } from '../domain/filled_in.ts'
import type { IdempotencyKey, Receipt, ReceiptContent, ReceiptId, SaidContent } from '../domain/receipt.ts'
import type { Database } from '../sqlite/database.ts'
import { contactOf } from './contacts.ts'
import type { Gathered } from './gathered.ts'
import type { InsertReceipt } from './intake.ts'
import type { RecentContents } from './recent_contents.ts'
import type { HybridClock } from './totals.ts'

/** `text`: the kept form of the content. */
type New = { key: IdempotencyKey; content: SaidContent; text: string; filledIn: FilledIn | null }
export type JournalNew = (receipt: New, actor: Actor) => Receipt

export const filledInText = (filledIn: FilledIn | null): string | null => filledIn && JSON.stringify(filledIn)

/** Journals a receipt whose key is known to be free, with a new id, as its owner's. */
export function createJournalNew(
  db: Database,
  deps: {
    wallMs: () => number
    gathered: Gathered
    contents: RecentContents
    insertReceipt: InsertReceipt
    mintId: (clock: HybridClock) => ReceiptId
  },
): JournalNew {
  const addOwner = db.prepare('INSERT OR IGNORE INTO key_owners (name) VALUES (?)')
  return ({ key, content, text, filledIn }, { owner, who }) => {
    const totals = deps.gathered.tally()
    const nowMs = deps.wallMs()
    const { posId, totalKopecks } = content
    const id = deps.mintId({ lastReceiptId: totals.last_receipt_id, mergedMs: totals.merged_ms })
    if (owner !== null) addOwner.run(owner)
    const name = owner === null ? key : ownedKey(owner, key)
    const kept = { text, filledInText: filledInText(filledIn), totalKopecks, contact: contactOf(content.customer) }
    deps.insertReceipt({ id, key: name, posId, ...kept, nowMs, who })
    const whole = withFilledIn(content, filledIn)
    deps.contents.remember(id, whole)
    return accepted(id, whole, nowMs)
  }
}

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
  isPaperLost: false,
  maybeAtOfd: false,
  ofdId: null,
  syncedAtMs: null,
  dlqReason: null,
  lastError: null,
  untoldFn: null,
})
