import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { ToPrint } from '../journal/print_queries.ts'
import type { Lease } from '../lease/lease.ts'
import { type Answered, recordOutcome } from './record_outcome.ts'
import type { PrintState, WaitingTills } from './waiting_tills.ts'

/** An earlier answer of the KKT could not be recorded. Only this work is undone: the disk may work again for others. */
class NotRecorded extends Error {
  override readonly name = 'NotRecorded'
}

/** `failed`: an answer could not be recorded, so no later one may be. */
type Mode = { kind: 'recording' } | { kind: 'failed'; error: unknown }

/** Records the KKT's answers to one batch. Each commit takes all answers that are there when it is made. */
export class Records {
  #mode: Mode = { kind: 'recording' }
  /** Answers that no commit has taken yet. */
  readonly #answered: Answered[] = []
  /** The marked receipts that the KKT was not asked for. */
  readonly #notAsked: ToPrint[] = []
  readonly #commits: Promise<void>[] = []

  constructor(
    private readonly deps: { lease: Lease; logger: Logger; tills: WaitingTills; onPrinted: () => void },
    /** The token with which the batch began. */
    private readonly since: FencingToken,
  ) {}

  /** @param notAsked receipts that were marked, and that the KKT is not asked for now */
  add(answered: Answered[], notAsked: ToPrint[]): void {
    const isFirst = this.#answered.length === 0
    this.#answered.push(...answered)
    this.#notAsked.push(...notAsked)
    if (isFirst) this.#commits.push(this.#record())
  }

  /** Resolves when every answer is on the disk and the tills are told. @throws LeaseLost, StorageFailure */
  async allMade(): Promise<void> {
    await Promise.all(this.#commits)
    if (this.#mode.kind === 'failed') throw this.#mode.error
  }

  async #record(): Promise<void> {
    let taken: { answered: Answered[]; notAsked: ToPrint[] } | null = null
    try {
      const recorded = await this.deps.lease.write((tx) => {
        // Otherwise a document would be delivered before an earlier one of the same till.
        if (this.#mode.kind === 'failed') throw new NotRecorded()
        taken ??= { answered: this.#answered.splice(0), notAsked: this.#notAsked.splice(0) }
        for (const { id } of taken.notAsked) tx.recordNotAsked(id)
        return taken.answered.map((one) => ({ one, state: recordOutcome(tx, one) }))
      }, this.since)
      this.deps.logger.together(() => {
        for (const { one, state } of recorded) this.#tell(one, state)
      })
      this.deps.onPrinted()
    } catch (error) {
      if (this.#mode.kind === 'recording') this.#mode = { kind: 'failed', error }
    }
  }

  #tell({ receipt: { id }, outcome }: Answered, state: PrintState): void {
    const { logger, tills } = this.deps
    if (outcome.kind === 'done') {
      const { doc, paper } = outcome
      logger.info('receipt_printed', { receipt_id: id, fd: doc.fdNumber, paper })
    } else if (outcome.kind === 'known') {
      const { doc } = outcome.found
      logger.warn('receipt_known_to_kkt', { receipt_id: id, is_now: state.id, fd: doc.fdNumber, status: state.status })
    } else {
      logger.warn(`receipt_print_${outcome.kind}`, { receipt_id: id, reason: outcome.reason })
    }
    tills.tell(id, state)
  }
}
