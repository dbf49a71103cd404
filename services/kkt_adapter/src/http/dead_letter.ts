import type { ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import { adapterProblem } from './adapter_problems.ts'

/**
 * The dead letter of that id, under the id that it has now. To be run inside a transaction.
 * @throws Problem
 */
export function deadLetterOf(journal: Journal, id: ReceiptId): ReceiptId {
  const receipt = journal.queries.find(id)
  if (!receipt) throw adapterProblem.receiptNotFound(id)
  if (receipt.status !== 'failed') throw adapterProblem.notInDlq(id, receipt.status)
  return receipt.id
}
