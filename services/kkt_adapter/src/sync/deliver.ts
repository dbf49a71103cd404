import type { Logger } from '@kkt/platform/logger.ts'
import type { Journal } from '../journal/journal.ts'
import type { Breaker } from '../ofd/breaker.ts'
import type { OfdClient, OfdOutcome } from '../ofd/client.ts'
import type { FiscalisedReceipt, ReceiptId } from '../receipts/receipt.ts'
import type { Lease } from './lease.ts'

/** What became of one receipt's delivery. `not_sent`: nothing left this process, and nothing is held against anyone. */
export type Delivery = 'synced' | 'dead_lettered' | 'failed' | 'not_sent'

type Failure = Exclude<OfdOutcome, { kind: 'done' }>

export type Deliverer = {
  /**
   * Delivers one pending receipt, and records what came of it.
   * @param probe it decides over an open breaker, and a failure is not counted against it
   * @throws StorageFailure; the receipt then stays `syncing` until `reclaimSyncing`
   */
  deliver(receipt: FiscalisedReceipt, probe: boolean): Promise<Delivery>
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
    async deliver(receipt, probe) {
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
      const judged = lease.held() ? await breaker.run(id, send) : null
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
      // A refusal is about what was sent now. What an earlier attempt left there, only a look-up could have told.
      const maybeAtOfd = outcome.kind === 'unknown' || !isKnownAbsent
      const delivery = await journal.write(() =>
        recordFailure(id, { outcome, isRowOfRefusals }, { maybeAtOfd, counts: !probe }),
      )
      logger.warn(delivery === 'failed' ? 'receipt_not_delivered' : 'receipt_dead_lettered', {
        receipt_id: id,
        outcome: outcome.kind,
        reason: outcome.reason,
        probe,
      })
      return delivery
    },
  }
}
