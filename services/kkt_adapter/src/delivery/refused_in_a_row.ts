import type { ReceiptId } from '../domain/receipt.ts'
import type { OfdOutcome } from './ofd_client.ts'

/** Different receipts that the OFD refused since it last took one. */
export class RefusedInARow {
  readonly #ids = new Set<ReceiptId>()

  constructor(private readonly threshold: number) {}

  /** @returns whether it was refused, and so many different ones in a row that the trouble is the OFD's, and not this one's */
  note(id: ReceiptId, outcome: OfdOutcome): boolean {
    if (outcome.kind === 'done') this.#ids.clear()
    if (outcome.kind !== 'refused' || outcome.blames !== 'receipt') return false
    this.#ids.add(id)
    // One receipt is no row, however low the threshold.
    return this.#ids.size >= Math.max(2, this.threshold)
  }

  forgive(): void {
    this.#ids.clear()
  }
}
