import type { FnReceipt, IdempotencyKey, Receipt, ReceiptContent, ReceiptId } from '../domain/receipt.ts'
import { isUnprinted } from '../domain/state.ts'
import type { Database } from '../sqlite/database.ts'
import type { InsertReceipt } from './intake.ts'
import type { Queries } from './queries.ts'
import type { Removal } from './removal.ts'
import type { Transitions } from './transitions.ts'

/** Why a receipt that is brought back is looked up at the OFD before it is sent. */
const MAY_BE_DELIVERED = 'it may have been delivered before the journal lost it'

/** Brings back what the journal has lost and the KKT still knows. */
export function createRestored(
  db: Database,
  deps: {
    wallMs: () => number
    insertReceipt: InsertReceipt
    remove: Removal
    queries: Pick<Queries, 'statusOf' | 'find'>
    transitions: Transitions
  },
) {
  const { queries, transitions } = deps
  const setKey = db.prepare('UPDATE sales SET idempotency_key = ?2 WHERE receipt_id = ?1')
  const addAlias = db.prepare('INSERT INTO receipt_aliases (receipt_id, is_now) VALUES (?1, ?2)')
  const doubtDelivery = db.prepare(
    `UPDATE states SET maybe_at_ofd = 1
     WHERE status IN ('accepted', 'printing', 'unknown', 'pending', 'failed') AND status <> 'synced' AND maybe_at_ofd = 0`,
  )

  function journalAgain(id: ReceiptId, content: ReceiptContent): void {
    const { posId, totalKopecks } = content
    const text = JSON.stringify(content)
    deps.insertReceipt({ id, key: unknownKey(id), posId, text, totalKopecks, nowMs: deps.wallMs() })
  }

  /** @param content what was sold; null where nobody knows */
  function bringBack({ id, doc, paper }: FnReceipt, content: ReceiptContent | null): boolean {
    const status = queries.statusOf(id)
    if (status !== null && !isUnprinted(status)) return true
    if (status === null) {
      if (content === null) return false
      journalAgain(id, content)
    }
    if (status === null || status === 'accepted') transitions.markPrinting(id)
    if (status === 'unknown') transitions.recordFound(id, doc, paper)
    else transitions.recordPrinted(id, doc, paper)
    transitions.markSyncing(id)
    transitions.recordUndelivered(id, MAY_BE_DELIVERED, true)
    return true
  }

  return {
    /**
     * Brings back a receipt that the FN holds a document of, as one to be delivered.
     * @returns false when the KKT cannot tell what was sold, and so nothing was brought back
     */
    bringBack: (receipt: FnReceipt): boolean => bringBack(receipt, receipt.content),
    /**
     * Marks all that is not known to be delivered as perhaps delivered, to be looked up at the OFD before it is sent: the
     * journal may have lost that it was.
     */
    doubtDeliveries: (): void => void doubtDelivery.run(),
    /**
     * Makes a receipt, which a till sent again, the one that the KKT printed for its key and the journal had lost.
     * @returns the receipt as it is now, under the id under which KKT and OFD know it
     */
    recognise(
      { id, key, content }: { id: ReceiptId; key: IdempotencyKey; content: ReceiptContent },
      found: FnReceipt,
    ): Receipt {
      deps.remove.one(id)
      bringBack(found, found.content ?? content)
      setKey.run(found.id, key)
      addAlias.run(id, found.id)
      const receipt = queries.find(found.id)
      if (!receipt) throw new Error(`Receipt ${found.id} was brought back and is not in the journal`)
      return receipt
    },
  }
}

/** Stands for the key of a receipt whose till has not sent it again yet. No key has a blank in it. */
const unknownKey = (id: ReceiptId) => ` ${id}`
