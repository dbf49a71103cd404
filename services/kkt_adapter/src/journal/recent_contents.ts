import type { ReceiptContent, ReceiptId } from '../domain/receipt.ts'

/** Bounds the memory, in receipts. More than are accepted between two batches for the KKT. */
const MOST_REMEMBERED = 256

/**
 * The contents of receipts that were just accepted. The KKT is handed most of them a moment later, and reading a content takes
 * ten times as long as finding it here. The content of an id does not change until the KKT is handed the receipt, and no id is
 * given twice, so a receipt that was undone does no harm.
 */
export class RecentContents {
  readonly #contents = new Map<ReceiptId, ReceiptContent>()

  remember(id: ReceiptId, content: ReceiptContent): void {
    if (this.#contents.size >= MOST_REMEMBERED) this.#contents.clear()
    this.#contents.set(id, content)
  }

  /** The content of a receipt, or undefined. It is forgotten, because the KKT is seldom handed a receipt twice. */
  take(id: ReceiptId): ReceiptContent | undefined {
    const content = this.#contents.get(id)
    if (content !== undefined) this.#contents.delete(id)
    return content
  }
}
