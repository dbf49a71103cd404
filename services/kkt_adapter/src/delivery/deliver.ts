import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { FiscalisedReceipt } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import { LeaseLost } from '../lease/lease.ts'
import type { SenderLease } from '../lease/sender_lease.ts'
import { createBelief } from './belief.ts'
import type { Breaker } from './breaker.ts'
import { DeliveryRecords, type Turn } from './delivery_records.ts'
import { createHandOver } from './hand_over.ts'
import type { OfdClient, OfdOutcome } from './ofd_client.ts'
import { Settling } from './settling.ts'

/**
 * The result of one receipt's delivery.
 * - `not_sent`: nothing left this process; the receipt is still pending;
 * - `abandoned`: the lease was lost on the way. The row is left as it is for the new holder to settle.
 */
export type Delivery = 'synced' | 'dead_lettered' | 'failed' | 'not_sent' | 'abandoned'

type How = {
  /** Called after a failure: whether only this receipt keeps failing. */
  isOwnFailure: () => boolean
  /** Called on delivery: whether the till's next receipt may be sent right after it. */
  goesOn: () => boolean
  /** Ends a wait before the receipt is sent. */
  stopping: AbortSignal
}

export type Delivered = { delivery: Delivery; next: Turn | null; wasProbe: boolean }

export type Deliverer = {
  /**
   * Delivers one receipt and records the outcome. The commit that records a delivery also marks the till's next
   * receipt.
   * @returns `next`: the till's next receipt, marked, to be delivered now; null does not mean that the queue is empty
   * @throws StorageFailure; the receipt then stays `syncing` until `reclaimSyncing`
   */
  deliver(turn: Turn, how: How): Promise<Delivered>
  /** Says that another sender may have sent receipts to the OFD a moment ago. */
  takeOver(): void
}

type DelivererDeps = {
  journal: Journal
  ofd: OfdClient
  breaker: Breaker
  lease: SenderLease
  clock: Clock
  logger: Logger
  maxRetryAttempts: number
  readonly settleMs: number
  watch: DeliveryWatch
}

/** Is told of deliveries, as metrics are. */
export type DeliveryWatch = {
  /** Called with each answer of the OFD, or the want of one, about a receipt that was handed to it. */
  attempted(outcome: OfdOutcome['kind']): void
  /** Called once the delivery is on the disk. */
  delivered(receipt: Pick<FiscalisedReceipt, 'printedAtMs'>): void
}

/** @param deps.settleMs the time that the OFD gets to finish a cut-off request before it is asked about the receipt */
export function createDeliverer(deps: DelivererDeps): Deliverer {
  const { journal, ofd, breaker, lease, logger } = deps
  const belief = createBelief({ journal, ofd, lease })
  const settling = new Settling(deps)
  const handOver = createHandOver({ ofd, belief, breaker, lease, logger, settling })
  const records = new DeliveryRecords(deps)

  /** Delivers a receipt that is marked `syncing`. */
  async function deliverMarked(
    receipt: FiscalisedReceipt,
    since: FencingToken,
    { isOwnFailure, goesOn, stopping }: How,
  ): Promise<Delivered> {
    const { id, maybeAtOfd } = receipt
    let isKnownAbsent = !maybeAtOfd
    const judged = await breaker.run(id, async () => {
      const handedOver = await handOver(receipt, since, stopping)
      isKnownAbsent = handedOver.isKnownAbsent
      return handedOver.outcome
    })
    if (judged === null) {
      await lease.write((tx) => tx.recordUndelivered(id, null, maybeAtOfd || !isKnownAbsent), since)
      return { delivery: 'not_sent', next: null, wasProbe: false }
    }
    const { outcome, wasProbe } = judged
    settling.note(id, outcome)
    deps.watch.attempted(outcome.kind)
    if (outcome.kind === 'done') {
      const next = await records.done(receipt, outcome, { since, goesOn })
      deps.watch.delivered(receipt)
      return { delivery: 'synced', next, wasProbe }
    }
    const failed = { outcome, isRowOfRefusals: judged.isRowOfRefusals, wasProbe, isKnownAbsent, isOwnFailure }
    return { delivery: await records.notDone(id, failed, since), next: null, wasProbe }
  }

  return {
    async deliver({ receipt, since }, how) {
      const { id, maybeAtOfd } = receipt
      try {
        if (since !== null) return await deliverMarked(receipt, since, how)
        if (maybeAtOfd) await settling.wait(id, how.stopping)
        const token = lease.token()
        if (how.stopping.aborted || token === null) return { delivery: 'not_sent', next: null, wasProbe: false }
        await lease.write((tx) => tx.markSyncing(id), token)
        return await deliverMarked(receipt, token, how)
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error
        logger.warn('delivery_left_to_another', { receipt_id: id })
        return { delivery: 'abandoned', next: null, wasProbe: false }
      }
    },
    takeOver: () => settling.takeOver(),
  }
}
