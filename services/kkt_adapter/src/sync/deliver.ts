import type { Logger } from '@kkt/platform/logger.ts'
import type { Journal } from '../journal/journal.ts'
import type { Breaker } from '../ofd/breaker.ts'
import type { OfdClient, OfdOutcome } from '../ofd/client.ts'
import type { FiscalisedReceipt, ReceiptId } from '../receipts/receipt.ts'
import type { Lease } from './lease.ts'

/**
 * What became of one receipt's delivery.
 * - `not_sent`: nothing left this process; the receipt is pending as before;
 * - `abandoned`: the lease was lost on the way. The row is the new holder's to settle, and is left as it is.
 */
export type Delivery = 'synced' | 'dead_lettered' | 'failed' | 'not_sent' | 'abandoned'

type Failure = Exclude<OfdOutcome, { kind: 'done' }>

export type Deliverer = {
  /**
   * Delivers one pending receipt, and records what came of it.
   * @param isOwnFailure asked after a failure: whether it is the receipt's own, for it alone keeps failing
   * @throws StorageFailure; the receipt then stays `syncing` until `reclaimSyncing`
   */
  deliver(receipt: FiscalisedReceipt, isOwnFailure: () => boolean): Promise<Delivery>
}

export function createDeliverer(deps: {
  journal: Journal
  ofd: OfdClient
  breaker: Breaker
  lease: Lease
  logger: Logger
  maxRetryAttempts: number
}): Deliverer {
  const { journal, ofd, breaker, lease, logger } = deps

  function recordFailure(
    id: ReceiptId,
    { outcome, isRowOfRefusals }: { outcome: Failure; isRowOfRefusals: boolean },
    { maybeAtOfd, counts }: { maybeAtOfd: boolean; counts: boolean },
  ) {
    if (outcome.kind === 'refused' && outcome.blames === 'receipt') {
      if (!isRowOfRefusals) {
        journal.transitions.deadLetter(id, 'refused_by_ofd', outcome.reason, maybeAtOfd)
        return 'dead_lettered'
      }
    } else if (counts && journal.transitions.countFailure(id) >= deps.maxRetryAttempts) {
      journal.transitions.deadLetter(id, 'retries_exhausted', outcome.reason, maybeAtOfd)
      return 'dead_lettered'
    }
    journal.transitions.recordUndelivered(id, outcome.reason, maybeAtOfd)
    return 'failed'
  }

  return {
    async deliver(receipt, isOwnFailure) {
      const { id } = receipt
      if (!lease.held()) return 'not_sent'
      await journal.write(() => journal.transitions.markSyncing(id))
      let isKnownAbsent = !receipt.maybeAtOfd
      const send = async (): Promise<OfdOutcome> => {
        if (!isKnownAbsent) {
          const lookup = await ofd.lookup(id)
          logger.info('receipt_looked_up', { receipt_id: id, at: 'ofd', outcome: lookup.kind })
          if (lookup.kind === 'found') return { kind: 'done', ofdId: lookup.ofdId }
          if (lookup.kind === 'unknown') return lookup
          isKnownAbsent = lookup.kind === 'absent'
        }
        return await ofd.deliver(receipt, lease.fencingToken)
      }
      if (!lease.held()) return 'abandoned'
      const judged = await breaker.run(id, send)
      if (judged === null) {
        await journal.write(() => journal.transitions.recordUndelivered(id, null, receipt.maybeAtOfd))
        return 'not_sent'
      }
      const { outcome, isRowOfRefusals } = judged
      if (outcome.kind === 'done') {
        await journal.write(() => journal.transitions.recordSynced(id, outcome.ofdId))
        logger.info('receipt_synced', { receipt_id: id, fd: receipt.fiscalDoc.fdNumber })
        return 'synced'
      }
      if (!lease.held()) return 'abandoned'
      // A refusal is about what was sent now. What an earlier attempt left there, only a look-up could have told.
      const maybeAtOfd = outcome.kind === 'unknown' || !isKnownAbsent
      // A 401 or a 429 is about the service, whichever receipt it met.
      const counts = outcome.kind === 'unknown' && isOwnFailure()
      const delivery = await journal.write(() =>
        recordFailure(id, { outcome, isRowOfRefusals }, { maybeAtOfd, counts }),
      )
      logger.warn(delivery === 'failed' ? 'receipt_not_delivered' : 'receipt_dead_lettered', {
        receipt_id: id,
        outcome: outcome.kind,
        reason: outcome.reason,
        counts,
      })
      return delivery
    },
  }
}
