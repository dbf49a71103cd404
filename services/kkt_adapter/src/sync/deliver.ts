import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import type { Journal } from '../journal/journal.ts'
import { type FencingToken, LeaseLost } from '../lease/lease.ts'
import type { SenderLease } from '../lease/sender_lease.ts'
import type { Breaker, Judged } from '../ofd/breaker.ts'
import type { OfdClient, OfdOutcome } from '../ofd/client.ts'
import type { FiscalisedReceipt, ReceiptId } from '../receipts/receipt.ts'

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
   * @param stopping ends a wait before anything is sent
   * @throws StorageFailure; the receipt then stays `syncing` until `reclaimSyncing`
   */
  deliver(receipt: FiscalisedReceipt, isOwnFailure: () => boolean, stopping: AbortSignal): Promise<Delivery>
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
  settleMs: number
}): Deliverer {
  const { journal, ofd, breaker, lease, clock, logger } = deps
  /** From when on the OFD can be believed that it has not got a receipt, by the monotonic clock. */
  const settledAtMs = new Map<ReceiptId, number>()
  let allSettledAtMs = clock.monotonicMs() + deps.settleMs

  async function letSettle(id: ReceiptId, stopping: AbortSignal): Promise<void> {
    const leftMs = (settledAtMs.get(id) ?? allSettledAtMs) - clock.monotonicMs()
    if (leftMs > 0) await clock.wait(leftMs, stopping)
  }

  function noteSettling(id: ReceiptId, outcome: OfdOutcome): void {
    if (outcome.kind === 'unknown') {
      const nowMs = clock.monotonicMs()
      const beforeMs = settledAtMs.get(id) ?? Math.min(allSettledAtMs, nowMs)
      settledAtMs.set(id, outcome.isCutOff ? nowMs + deps.settleMs : beforeMs)
    } else if (outcome.kind === 'done') {
      settledAtMs.delete(id)
    }
  }

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

  /** What a look-up settles by itself; or whether the OFD said that it has not got the receipt. */
  async function askAfter(
    id: ReceiptId,
    since: FencingToken,
  ): Promise<{ outcome: OfdOutcome } | { isAbsent: boolean }> {
    const token = lease.token(since)
    if (token === null) throw new LeaseLost()
    const lookup = await ofd.lookup(id, token)
    logger.info('receipt_looked_up', { receipt_id: id, at: 'ofd', outcome: lookup.kind })
    if (lookup.kind === 'found') return { outcome: { ...lookup, kind: 'done' } }
    if (lookup.kind === 'rejected') return { outcome: { ...lookup, kind: 'refused', blames: 'receipt' } }
    if (lookup.kind === 'outdated') {
      lease.outdated(token)
      return { outcome: { ...lookup, kind: 'refused', blames: 'token' } }
    }
    if (lookup.kind === 'unknown') return { outcome: { ...lookup, isCutOff: false } }
    return { isAbsent: lookup.kind === 'absent' }
  }

  /**
   * Asks after the receipt where it may have arrived, and sends it where it has not.
   * @returns the outcome, which is null when nothing was sent, for the breaker has opened during the look-up
   */
  async function handOver(
    receipt: FiscalisedReceipt,
    since: FencingToken,
  ): Promise<{ outcome: OfdOutcome | null; isKnownAbsent: boolean }> {
    const { state } = breaker.snapshot
    let isKnownAbsent = !receipt.maybeAtOfd
    if (!isKnownAbsent) {
      const asked = await askAfter(receipt.id, since)
      if ('outcome' in asked) return { ...asked, isKnownAbsent }
      isKnownAbsent = asked.isAbsent
      if (breaker.snapshot.state !== state) return { outcome: null, isKnownAbsent }
    }
    const token = lease.token(since)
    if (token === null) throw new LeaseLost()
    const outcome = await ofd.deliver(receipt, token)
    if (outcome.kind === 'refused' && outcome.blames === 'token') lease.outdated(token)
    return { outcome, isKnownAbsent }
  }

  async function record(
    { id, fiscalDoc }: FiscalisedReceipt,
    { outcome, isRowOfRefusals }: Judged,
    {
      since,
      isKnownAbsent,
      isOwnFailure,
    }: { since: FencingToken; isKnownAbsent: boolean; isOwnFailure: () => boolean },
  ): Promise<Delivery> {
    noteSettling(id, outcome)
    if (outcome.kind === 'done') {
      await lease.write(() => {
        journal.transitions.recordSynced(id, outcome.ofdId)
        if (outcome.atMs !== null) journal.mergeTime(outcome.atMs)
      }, since)
      logger.info('receipt_synced', { receipt_id: id, fd: fiscalDoc.fdNumber })
      return 'synced'
    }
    // A refusal is about what was sent now. What an earlier attempt left there, only a look-up could have told.
    const maybeAtOfd = outcome.kind === 'unknown' || !isKnownAbsent
    // A 401 or a 429 is about the service, whichever receipt it met.
    const counts = outcome.kind === 'unknown' && isOwnFailure()
    const delivery = await lease.write(
      () => recordFailure(id, { outcome, isRowOfRefusals }, { maybeAtOfd, counts }),
      since,
    )
    logger.warn(delivery === 'failed' ? 'receipt_not_delivered' : 'receipt_dead_lettered', {
      receipt_id: id,
      outcome: outcome.kind,
      reason: outcome.reason,
      counts,
    })
    return delivery
  }

  return {
    async deliver(receipt, isOwnFailure, stopping) {
      const { id, maybeAtOfd } = receipt
      if (maybeAtOfd) await letSettle(id, stopping)
      const since = lease.token()
      if (stopping.aborted || since === null) return 'not_sent'
      try {
        await lease.write(() => journal.transitions.markSyncing(id), since)
        let isKnownAbsent = false
        const judged = await breaker.run(id, async () => {
          const handedOver = await handOver(receipt, since)
          isKnownAbsent = handedOver.isKnownAbsent
          return handedOver.outcome
        })
        if (judged !== null) return await record(receipt, judged, { since, isKnownAbsent, isOwnFailure })
        await lease.write(() => journal.transitions.recordUndelivered(id, null, maybeAtOfd), since)
        return 'not_sent'
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error
        logger.warn('delivery_left_to_another', { receipt_id: id })
        return 'abandoned'
      }
    },
    takeOver() {
      settledAtMs.clear()
      allSettledAtMs = clock.monotonicMs() + deps.settleMs
    },
  }
}
