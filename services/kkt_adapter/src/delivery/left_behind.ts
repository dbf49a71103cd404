import type { Logger } from '@kkt/platform/logger.ts'
import type { Journal } from '../journal/journal.ts'
import type { Lease } from '../lease/lease.ts'

/**
 * What the journal may hold that nobody sees to.
 * - `nothing`;
 * - `half_sent`: a receipt may stand in `syncing` with nobody sending it: after a change of sender, or a failing disk;
 * - `cut_off`: that, and the journal may lack what was committed to it last, that receipts were delivered among it: it may
 *   be a copy, or its WAL was cut.
 */
type Mode = 'nothing' | 'half_sent' | 'cut_off'

/** What a sender before us, or a failure, left half done. While there may be something, nothing is sent. */
export class LeftBehind {
  #mode: Mode

  constructor(private readonly deps: { journal: Journal; lease: Lease; logger: Logger }) {
    this.#mode = deps.journal.isNew ? 'half_sent' : 'cut_off'
  }

  get mayBeThere(): boolean {
    return this.#mode !== 'nothing'
  }

  /** A receipt may be left half sent. */
  suspect(): void {
    if (this.#mode === 'nothing') this.#mode = 'half_sent'
  }

  /** Makes what is half sent pending again. To be called while nothing is under way. @throws LeaseLost, StorageFailure */
  async takeUp(): Promise<void> {
    const { lease, logger } = this.deps
    const token = lease.token()
    if (!this.mayBeThere || token === null) return
    const ids = await lease.write((tx) => {
      if (this.#mode === 'cut_off') tx.doubtDeliveries()
      return tx.reclaimSyncing()
    }, token)
    this.#mode = 'nothing'
    for (const id of ids) logger.warn('receipt_reclaimed', { receipt_id: id })
  }
}
