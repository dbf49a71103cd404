import type { ReceiptId } from '../domain/receipt.ts'
import type { Tx } from '../journal/journal.ts'
import { adapterProblem } from './adapter_problems.ts'

/**
 * Finds a dead letter by its current or an earlier id, and returns the current one.
 * @throws Problem
 */
export function deadLetterOf({ queries }: Tx, id: ReceiptId): ReceiptId {
  const receipt = queries.find(id)
  if (!receipt) throw adapterProblem.receiptNotFound(id)
  if (receipt.status !== 'failed') throw adapterProblem.notInDlq(id, receipt.status)
  return receipt.id
}
