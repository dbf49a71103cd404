/** Receipts that were handed to an FN which was replaced before they were settled. */
import type { ReceiptId } from '../domain/receipt.ts'
import type { Journal, Tx } from '../journal/journal.ts'
import { content, fiscalDoc, freshKey, nextFd } from './kit.ts'

export const OLD_FN = '9999000000000077'
export const NEW_FN = '9999000000000078'

type End = (tx: Tx, id: ReceiptId) => void

/** Journals a receipt that was handed to an FN, and its ends before and after that is replaced. */
const handedTo = (journal: Journal, oldFn: string, before: End, after: End = () => undefined): Promise<ReceiptId> =>
  journal.write((tx) => {
    const intake = tx.accept({ key: freshKey(), content: content() })
    if (intake.kind !== 'accepted') throw new Error(`The receipt was not accepted: ${intake.kind}`)
    const { id } = intake.receipt
    tx.meetFn(oldFn, 0, false)
    tx.markPrinting(id)
    before(tx, id)
    tx.meetFn(NEW_FN, 1, false)
    after(tx, id)
    return id
  })

/** Its FN did not tell the outcome. */
export const untoldReceipt = (journal: Journal, oldFn = OLD_FN): Promise<ReceiptId> =>
  handedTo(
    journal,
    oldFn,
    (tx, id) => tx.recordUnknown(id, 'the reply was lost'),
    (tx, id) => tx.recordUntold(id, oldFn, `it was handed to FN ${oldFn}, which was replaced`),
  )

/** It is printed, and its KKT did not tell that the OFD holds it. */
export const untracedReceipt = (journal: Journal, oldFn = OLD_FN): Promise<ReceiptId> =>
  handedTo(journal, oldFn, (tx, id) => tx.recordPrinted(id, { ...fiscalDoc(nextFd()), fnNumber: oldFn }, 'printed'))
