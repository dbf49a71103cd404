import type { Status } from '@kkt/adapter/src/domain/state.ts'
import type { Findings } from './findings.ts'
import type { Tracked } from './tracked.ts'

/** The journal's record of a delivery. */
export type Recorded = { retry_count: number; dlq_reason: 'refused_by_ofd' | 'retries_exhausted' | null }

/** Checks that receipts end as the KKT and the OFD have decided. */
export class OutcomeCheck {
  #delivered = 0

  constructor(private readonly deps: { findings: Findings; maxRetryAttempts: number }) {}

  moved(receipt: Tracked, recorded: Recorded, { from, to }: { from: Status; to: Status }): void {
    const { findings } = this.deps
    if (to === 'refused' && !receipt.isRefusedByKkt) {
      findings.violated('invariant 3', `${receipt.key} is refused, and the KKT did not refuse it for good`)
    }
    if (to === 'synced') {
      this.#delivered += 1
      if (receipt.atOfd !== 'there') {
        findings.violated('invariant 4', `${receipt.key} is synced, and the OFD never took it`)
      }
    }
    if (from === 'syncing' && to !== 'synced') this.#failed(receipt, recorded)
    if (to === 'failed') this.#deadLettered(receipt, recorded)
    if (from === 'failed') Object.assign(receipt, { refusedByOfd: null, ownFailures: 0, deliveredAtFailure: null })
  }

  /** Counts a failure against the receipt where the adapter may do so. */
  #failed(receipt: Tracked, { retry_count: counted }: Recorded): void {
    if (!receipt.isProbe) {
      // Unless another receipt was delivered since this one last failed, the fault may be the OFD's.
      if ((receipt.deliveredAtFailure ?? -1) < this.#delivered) receipt.ownFailures += 1
      receipt.deliveredAtFailure = this.#delivered
    }
    if (counted <= receipt.ownFailures) return
    const why = receipt.isProbe ? 'which only probed an open breaker' : 'while no other got through'
    this.deps.findings.violated('invariant 7', `a failure of ${receipt.key} was counted against it, ${why}`)
  }

  #deadLettered(receipt: Tracked, { dlq_reason: reason }: Recorded): void {
    const { findings, maxRetryAttempts } = this.deps
    receipt.wasDeadLettered = true
    findings.count('dead letters', String(reason))
    if (reason === 'refused_by_ofd' && receipt.refusedByOfd === null) {
      findings.violated('invariant 7', `${receipt.key} is dead-lettered as refused, and the OFD did not refuse it`)
    }
    if (reason === 'retries_exhausted' && receipt.ownFailures < maxRetryAttempts) {
      const times = `${receipt.ownFailures} times`
      findings.violated('invariant 7', `${receipt.key} is dead-lettered, and failed ${times} while others got through`)
    }
  }
}
