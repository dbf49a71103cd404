/** A receipt that was handed to an FN which was replaced before it told the outcome. */
import type { ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import { content, freshKey } from './kit.ts'

export const OLD_FN = '9999000000000077'
export const NEW_FN = '9999000000000078'

export function untoldReceipt(journal: Journal, oldFn = OLD_FN): Promise<ReceiptId> {
  return journal.write((tx) => {
    const intake = tx.accept({ key: freshKey(), content: content() })
    if (intake.kind !== 'accepted') throw new Error(`The receipt was not accepted: ${intake.kind}`)
    const { id } = intake.receipt
    tx.meetFn(oldFn, 0, false)
    tx.markPrinting(id)
    tx.recordUnknown(id, 'the reply was lost')
    tx.meetFn(NEW_FN, 1, false)
    tx.recordUntold(id, oldFn, `it was handed to FN ${oldFn}, which was replaced`)
    return id
  })
}
