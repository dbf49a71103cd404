/** A printed receipt whose FN was replaced before its KKT told that the OFD holds it. */
import type { ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import { content, fiscalDoc, freshKey, nextFd } from './kit.ts'
import { NEW_FN, OLD_FN } from './untold.ts'

export function untracedReceipt(journal: Journal, oldFn = OLD_FN): Promise<ReceiptId> {
  return journal.write((tx) => {
    const intake = tx.accept({ key: freshKey(), content: content() })
    if (intake.kind !== 'accepted') throw new Error(`The receipt was not accepted: ${intake.kind}`)
    const { id } = intake.receipt
    tx.meetFn(oldFn, 0, false)
    tx.markPrinting(id)
    tx.recordPrinted(id, { ...fiscalDoc(nextFd()), fnNumber: oldFn }, 'printed')
    tx.meetFn(NEW_FN, 1, false)
    return id
  })
}
