import type { ReceiptId } from '../domain/receipt.ts'
import type { OfdOutcome } from './ofd_client.ts'

/** The different receipts that the OFD refused since it last took one. */
export class RefusedInARow {
  readonly #ids = new Set<ReceiptId>()

  constructor(private readonly threshold: number) {}

  /** @returns whether this refusal is one of so many different receipts in a row that the fault is the OFD's */
  note(id: ReceiptId, outcome: OfdOutcome): boolean {
    if (outcome.kind === 'done') this.#ids.clear()
    if (outcome.kind !== 'refused' || outcome.blames !== 'receipt') return false
    this.#ids.add(id)
    // One receipt is not a row, however low the threshold.
    return this.#ids.size >= Math.max(2, this.threshold)
  }

  forgive(): void {
    this.#ids.clear()
  }
}
