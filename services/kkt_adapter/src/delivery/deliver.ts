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
import type { OfdClient } from './ofd_client.ts'
import { Settling } from './settling.ts'

/**
 * What became of one receipt's delivery.
 * - `not_sent`: nothing left this process; the receipt is pending as before;
 * - `abandoned`: the lease was lost on the way. The row is the new holder's to settle, and is left as it is.
 */
export type Delivery = 'synced' | 'dead_lettered' | 'failed' | 'not_sent' | 'abandoned'

type How = {
  /** Asked after a failure: whether it is the receipt's own, for it alone keeps failing. */
  isOwnFailure: () => boolean
  /** Asked when the receipt is delivered: whether the till's next may be sent right after it. */
  goesOn: () => boolean
  /** Ends a wait before anything is sent. */
  stopping: AbortSignal
}

export type Delivered = { delivery: Delivery; next: Turn | null; wasProbe: boolean }

export type Deliverer = {
  /**
   * Delivers one receipt, and records what came of it: that it is delivered in one commit with the mark of the till's next.
   * @returns `next`: marked, it has to be delivered now; null says nothing of the queue
   * @throws StorageFailure; the receipt then stays `syncing` until `reclaimSyncing`
   */
  deliver(turn: Turn, how: How): Promise<Delivered>
  /** Says that receipts may be under way which another sender handed to the OFD a moment ago. */
  takeOver(): void
}

/** @param deps.settleMs the time that an OFD has to finish what it was cut off from, before it is asked after it */
export function createDeliverer(deps: {
  journal: Journal
  ofd: OfdClient
  breaker: Breaker
  lease: SenderLease
  clock: Clock
  logger: Logger
  maxRetryAttempts: number
  readonly settleMs: number
}): Deliverer {
  const { journal, ofd, breaker, lease, logger } = deps
  const belief = createBelief({ journal, ofd, lease })
  const settling = new Settling(deps)
  const handOver = createHandOver({ ofd, belief, breaker, lease, logger, settling })
  const records = new DeliveryRecords(deps)

  /** Delivers what is marked as `syncing`. */
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
    if (outcome.kind === 'done') {
      return { delivery: 'synced', next: await records.done(receipt, outcome, { since, goesOn }), wasProbe }
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
