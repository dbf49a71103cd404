/** Puts a wrong receipt right by FFD 1.2: what was wrong is taken back, then what is right is said. Both are corrections. */
import type { Correction, DocumentNumbers, Original } from './correction.ts'
import type { Item } from './item.ts'
import type { Operation } from './operation.ts'
import { settle } from './payment.ts'
import type { ReceiptContent } from './receipt.ts'

const OPPOSITE: Readonly<Record<Operation, Operation>> = {
  sale: 'refund',
  refund: 'sale',
  buy: 'buy_refund',
  buy_refund: 'buy',
}

/**
 * The correction of the opposite operation with the wrong receipt's data, its rates included. It is exact: the change that
 * the wrong one gave is taken off.
 * @param wrong with what was filled in when it was accepted
 */
export function reversalOf(wrong: ReceiptContent, correction: Correction, of: DocumentNumbers): ReceiptContent {
  const { payments } = settle(wrong.payments, wrong.totalKopecks, wrong.type)
  const items = wrong.items.map(unmarked)
  return correcting({ ...wrong, type: OPPOSITE[wrong.type], items, payments }, correction, of)
}

/** @param of null where nothing was fiscalised */
export const rightReceipt = (
  right: ReceiptContent,
  correction: Correction,
  of: DocumentNumbers | null,
): ReceiptContent => correcting(right, correction, of)

/** The corrected document takes the place of any other in tag 1192. */
function correcting(content: ReceiptContent, correction: Correction, of: Original | null): ReceiptContent {
  const { correction: _its, corrects: _other, refundOf: _sold, attribute, ...rest } = content
  if (of !== null) return { ...rest, correction, corrects: of }
  return attribute === undefined ? { ...rest, correction } : { ...rest, attribute, correction }
}

/** The opposite operation plans another status for a marked good. */
function unmarked(item: Item): Item {
  if (item.markingCode === undefined) return item
  const { markingStatus: _planned, ...rest } = item
  return rest
}
