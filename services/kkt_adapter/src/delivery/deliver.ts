import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { FiscalisedReceipt, ReceiptId } from '../domain/receipt.ts'
import type { Journal, Tx } from '../journal/journal.ts'
import type { ToDeliver } from '../journal/rows.ts'
import { LeaseLost } from '../lease/lease.ts'
import type { SenderLease } from '../lease/sender_lease.ts'
import { createBelief } from './belief.ts'
import type { Breaker, Judged } from './breaker.ts'
import { createHandOver } from './hand_over.ts'
import type { OfdClient, OfdOutcome } from './ofd_client.ts'

/**
 * What became of one receipt's delivery.
 * - `not_sent`: nothing left this process; the receipt is pending as before;
 * - `abandoned`: the lease was lost on the way. The row is the new holder's to settle, and is left as it is.
 */
export type Delivery = 'synced' | 'dead_lettered' | 'failed' | 'not_sent' | 'abandoned'

type Done = Extract<OfdOutcome, { kind: 'done' }>
type Failure = Exclude<OfdOutcome, Done>

/** A receipt whose turn it is. `since`: it is marked as `syncing` already, with this token; null: it is still pending. */
export type Turn = { receipt: ToDeliver; since: FencingToken | null }

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
  const { journal, ofd, breaker, lease, clock, logger } = deps
  const belief = createBelief({ journal, ofd, lease })
  /** From when on the OFD can be believed that it has not got a receipt, by the monotonic clock. */
  const settledAtMs = new Map<ReceiptId, number>()
  let allSettledAtMs = clock.monotonicMs() + deps.settleMs

  async function letSettle(id: ReceiptId, stopping: AbortSignal): Promise<void> {
    const leftMs = (settledAtMs.get(id) ?? allSettledAtMs) - clock.monotonicMs()
    if (leftMs > 0) await clock.wait(leftMs, stopping)
  }

  const handOver = createHandOver({ ofd, belief, breaker, lease, logger, letSettleAnew })

  /** Waits as after a request that was cut off now. */
  async function letSettleAnew(id: ReceiptId, stopping: AbortSignal): Promise<void> {
    settledAtMs.set(id, clock.monotonicMs() + deps.settleMs)
    await letSettle(id, stopping)
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
    tx: Tx,
    id: ReceiptId,
    { outcome, isRowOfRefusals }: { outcome: Failure; isRowOfRefusals: boolean },
    { maybeAtOfd, counts }: { maybeAtOfd: boolean; counts: boolean },
  ) {
    if (outcome.kind === 'refused' && outcome.blames === 'receipt') {
      if (!isRowOfRefusals) {
        tx.deadLetter(id, 'refused_by_ofd', outcome.reason, maybeAtOfd)
        return 'dead_lettered'
      }
    } else if (counts && tx.countFailure(id) >= deps.maxRetryAttempts) {
      tx.deadLetter(id, 'retries_exhausted', outcome.reason, maybeAtOfd)
      return 'dead_lettered'
    }
    tx.recordUndelivered(id, outcome.reason, maybeAtOfd)
    return 'failed'
  }

  /** Marks what is next of a till, inside the transaction. What may be at the OFD already takes longer, and is left. */
  function takeNext(tx: Tx, posId: string, since: FencingToken): Turn | null {
    if (lease.token(since) === null) return null
    const receipt = tx.queries.nextToDeliver(posId)
    if (receipt === null || receipt.maybeAtOfd) return null
    tx.markSyncing(receipt.id)
    return { receipt, since }
  }

  async function recordDone(
    { id, content, fiscalDoc }: FiscalisedReceipt,
    { ofdId, atMs }: Done,
    { since, goesOn }: { since: FencingToken; goesOn: () => boolean },
  ): Promise<Turn | null> {
    const next = await lease.write((tx) => {
      tx.recordSynced(id, ofdId)
      if (atMs !== null) tx.mergeTime(atMs)
      return goesOn() ? takeNext(tx, content.posId, since) : null
    }, since)
    logger.info('receipt_synced', { receipt_id: id, fd: fiscalDoc.fdNumber })
    return next
  }

  async function recordNotDone(
    id: ReceiptId,
    { outcome, isRowOfRefusals, wasProbe }: Judged & { outcome: Failure },
    {
      since,
      isKnownAbsent,
      isOwnFailure,
    }: { since: FencingToken; isKnownAbsent: boolean; isOwnFailure: () => boolean },
  ): Promise<Delivery> {
    // A refusal is about what was sent now. What an earlier attempt left there, only a look-up could have told.
    const maybeAtOfd = outcome.kind === 'unknown' || !isKnownAbsent
    // A 401 or a 429 is about the service, whichever receipt it met, and so is what becomes of a probe.
    const counts = outcome.kind === 'unknown' && !wasProbe && isOwnFailure()
    const delivery = await lease.write(
      (tx) => recordFailure(tx, id, { outcome, isRowOfRefusals }, { maybeAtOfd, counts }),
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
    noteSettling(id, outcome)
    if (outcome.kind === 'done') {
      return { delivery: 'synced', next: await recordDone(receipt, outcome, { since, goesOn }), wasProbe }
    }
    const how = { since, isKnownAbsent, isOwnFailure }
    return { delivery: await recordNotDone(id, { ...judged, outcome }, how), next: null, wasProbe }
  }

  return {
    async deliver({ receipt, since }, how) {
      const { id, maybeAtOfd } = receipt
      try {
        if (since !== null) return await deliverMarked(receipt, since, how)
        if (maybeAtOfd) await letSettle(id, how.stopping)
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
    takeOver() {
      settledAtMs.clear()
      allSettledAtMs = clock.monotonicMs() + deps.settleMs
    },
  }
}
