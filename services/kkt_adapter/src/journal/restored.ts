import { differences } from '../domain/differences.ts'
import { withFilledIn } from '../domain/filled_in.ts'
import type { FnReceipt, IdempotencyKey, Receipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import type { ShiftDocument } from '../domain/shift.ts'
import { isUnprinted } from '../domain/state.ts'
import { contentText } from '../domain/stored_content.ts'
import type { Database } from '../sqlite/database.ts'
import { contactOf } from './contacts.ts'
import type { InsertReceipt } from './intake.ts'
import { filledInText } from './new_receipts.ts'
import type { Queries } from './queries.ts'
import type { Refunds } from './refunds.ts'
import type { Removal } from './removal.ts'
import type { Words } from './rows.ts'
import type { Transitions } from './transitions.ts'
import type { Twins } from './twins.ts'

/** The reason for looking a restored receipt up at the OFD before it is sent. */
const MAY_BE_DELIVERED = 'it may have been delivered before the journal lost it'

/** Restores receipts that the journal has lost and the KKT still knows. */
export function createRestored(
  db: Database,
  deps: {
    wallMs: () => number
    insertReceipt: InsertReceipt
    remove: Removal
    queries: Pick<Queries, 'statusOf' | 'find'>
    transitions: Transitions
    refunds: Pick<Refunds, 'renamed' | 'restored'>
    twins: Pick<Twins, 'renamed'>
  },
) {
  const { queries, transitions } = deps
  const setTill = db.prepare(
    'UPDATE sales SET idempotency_key = ?2, content = ?3, filled_in = ?4, contact = ?5 WHERE receipt_id = ?1',
  )
  const addAlias = db.prepare('INSERT INTO receipt_aliases (receipt_id, is_now) VALUES (?1, ?2)')
  const doubtDelivery = db.prepare(
    `UPDATE states SET maybe_at_ofd = 1
     WHERE status IN ('accepted', 'printing', 'unknown', 'pending', 'failed') AND status <> 'synced' AND maybe_at_ofd = 0`,
  )

  /** @param content with what was filled in: the FN does not tell it from the till's words */
  function journalAgain(id: ReceiptId, content: ReceiptContent): void {
    const { posId, totalKopecks } = content
    const [text, nowMs] = [contentText(content), deps.wallMs()]
    const kept = { text, filledInText: null, totalKopecks, contact: contactOf(content.customer) }
    deps.insertReceipt({ id, key: unknownKey(id), posId, ...kept, nowMs, who: null })
    deps.refunds.restored(id, content)
  }

  /** @param content null when it is unknown */
  function bringBack({ id, doc, paper }: FnReceipt, content: ReceiptContent | null, opening?: ShiftDocument): boolean {
    const status = queries.statusOf(id)
    if (status !== null && !isUnprinted(status)) return true
    if (status === null) {
      if (content === null) return false
      journalAgain(id, content)
    }
    if (status === null || status === 'accepted') transitions.markPrinting(id)
    if (status === 'unknown') transitions.recordFound(id, doc, paper, opening)
    else transitions.recordPrinted(id, doc, paper, opening)
    if (content !== null) transitions.noteDifferences(id, differences(content, doc))
    transitions.markSyncing(id)
    transitions.recordUndelivered(id, MAY_BE_DELIVERED, true)
    return true
  }

  return {
    /**
     * Restores a receipt whose document is in the FN, to be delivered.
     * @param opening the document by which the KKT opened the shift for it by itself
     * @returns false when the KKT does not give the content, so that nothing was restored
     */
    bringBack: (receipt: FnReceipt, opening?: ShiftDocument): boolean => bringBack(receipt, receipt.content, opening),
    /**
     * Marks all undelivered receipts as perhaps delivered, so that they are looked up at the OFD before they are sent:
     * the journal may have lost their delivery.
     */
    doubtDeliveries: (): void => void doubtDelivery.run(),
    /**
     * Turns a receipt that a till sent again into the one that the KKT printed for its key and the journal had lost.
     * @param words the till's own, which tell its body when it comes once more, and the settings by which they became
     * the content that the KKT printed
     * @returns the receipt with the id that the KKT and the OFD know
     */
    recognise({ id, key }: { id: ReceiptId; key: IdempotencyKey }, found: FnReceipt, words: Words): Receipt {
      const { said, filledIn } = words
      deps.remove.one(id)
      bringBack(found, found.content ?? withFilledIn(said, filledIn))
      setTill.run(found.id, key, contentText(said), filledInText(filledIn), contactOf(said.customer))
      addAlias.run(id, found.id)
      deps.refunds.renamed(id, found.id)
      deps.twins.renamed(id, found.id)
      const receipt = queries.find(found.id)
      if (!receipt) throw new Error(`Receipt ${found.id} was brought back and is not in the journal`)
      return receipt
    },
  }
}

/** Replaces the key of a restored receipt until its till sends it again. A valid key has no space. */
const unknownKey = (id: ReceiptId) => ` ${id}`
