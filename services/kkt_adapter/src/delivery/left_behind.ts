import type { Logger } from '@kkt/platform/logger.ts'
import type { Journal } from '../journal/journal.ts'
import type { Lease } from '../lease/lease.ts'

/**
 * The unfinished work that the journal may hold.
 * - `nothing`;
 * - `half_sent`: after a change of sender or a failing disk, a receipt may be `syncing` with nobody sending it;
 * - `cut_off`: as `half_sent`; also, the newest commits may be missing, deliveries among them, because the journal is a
 *   copy or lost the end of its WAL.
 */
type Mode = 'nothing' | 'half_sent' | 'cut_off'

/** Work that an earlier sender or a failure left unfinished. Nothing is sent while there may be some. */
export class LeftBehind {
  #mode: Mode

  constructor(private readonly deps: { journal: Journal; lease: Lease; logger: Logger }) {
    this.#mode = deps.journal.isNew ? 'half_sent' : 'cut_off'
  }

  get mayBeThere(): boolean {
    return this.#mode !== 'nothing'
  }

  suspectHalfSent(): void {
    if (this.#mode === 'nothing') this.#mode = 'half_sent'
  }

  /** Makes half-sent receipts pending again while no receipt is on the way. @throws LeaseLost, StorageFailure */
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
