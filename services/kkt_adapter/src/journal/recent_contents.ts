import type { ReceiptContent } from '../domain/receipt.ts'
import { contentOf, type WordsRow } from './rows.ts'

/** Bounds the memory, in receipts. More than are accepted between two batches for the KKT. */
const MOST_REMEMBERED = 256

/**
 * The contents of receipts that were just accepted, by their kept texts. The KKT is handed most of them a moment later, and
 * reading a content takes ten times as long as finding it here. Equal texts mean equal contents, so a receipt that was undone
 * does no harm.
 */
export class RecentContents {
  readonly #contents = new Map<string, ReceiptContent>()

  remember(row: WordsRow, content: ReceiptContent): void {
    if (this.#contents.size >= MOST_REMEMBERED) this.#contents.clear()
    this.#contents.set(nameOf(row), content)
  }

  /** The content of a row. It is forgotten, because the KKT is seldom handed a receipt twice. */
  take(row: WordsRow): ReceiptContent {
    const name = nameOf(row)
    const content = this.#contents.get(name)
    if (content === undefined) return contentOf(row)
    this.#contents.delete(name)
    return content
  }
}

/** Both are JSON, in which no line ends. */
const nameOf = ({ content, filled_in }: WordsRow): string => (filled_in === null ? content : `${content}\n${filled_in}`)
