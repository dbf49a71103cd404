import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { ReprintOutcome } from '../domain/kkt_outcome.ts'
import type { Receipt, ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Lease } from '../lease/lease.ts'

/** Prints the missing paper of receipts that are closed in the FN. */
export class Reprints {
  /** Receipts whose FN was replaced before they were reprinted. Skipped until a restart. */
  readonly #notHeld = new Set<ReceiptId>()

  constructor(private readonly deps: { journal: Journal; driver: KktDriver; lease: Lease; logger: Logger }) {}

  next(): Receipt | null {
    return this.deps.journal.queries.nextWithoutPaper(this.#notHeld)
  }

  /** @throws LeaseLost, StorageFailure */
  async reprint({ id }: Receipt, token: FencingToken): Promise<ReprintOutcome> {
    const { driver, lease, logger } = this.deps
    const outcome = await driver.reprint(id, token)
    if (outcome.kind === 'done') {
      await lease.write((tx) => tx.recordOnPaper(id), token)
      logger.info('receipt_reprinted', { receipt_id: id })
    } else {
      logger.warn(`receipt_reprint_${outcome.kind}`, { receipt_id: id, reason: outcome.reason })
      if (outcome.kind === 'refused' && outcome.isLasting) this.#notHeld.add(id)
    }
    return outcome
  }
}
