import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { FiscalisedReceipt, ReceiptId } from '../domain/receipt.ts'
import { StorageFailure, type Tx } from '../journal/journal.ts'
import type { ToDeliver } from '../journal/rows.ts'
import type { SenderLease } from '../lease/sender_lease.ts'
import type { OfdOutcome } from './ofd_client.ts'

/** A receipt to deliver. `since`: the token with which it was marked `syncing`; null while it is pending. */
export type Turn = { receipt: ToDeliver; since: FencingToken | null }

type Done = Extract<OfdOutcome, { kind: 'done' }>
type Failure = Exclude<OfdOutcome, Done>

/** A failed delivery. */
type NotDone = {
  outcome: Failure
  /** From the breaker's judgement. */
  isRowOfRefusals: boolean
  wasProbe: boolean
  /** A look-up has shown that the OFD does not have the receipt from an earlier attempt. */
  isKnownAbsent: boolean
  /** Called only when needed: whether only this receipt keeps failing. */
  isOwnFailure: () => boolean
}

/** The record of a failed delivery. */
type Failed = {
  outcome: Failure
  isRowOfRefusals: boolean
  maybeAtOfd: boolean
  /** The failure is the receipt's own, and counts as an attempt. */
  counts: boolean
}

export class DeliveryRecords {
  constructor(private readonly deps: { lease: SenderLease; logger: Logger; maxRetryAttempts: number }) {}

  /**
   * Records a delivery, and marks the till's next receipt in the same commit.
   * @param goesOn called in the transaction: whether the till's next receipt may be sent right after this one
   * @returns the next receipt, marked
   * @throws LeaseLost, StorageFailure
   */
  async done(
    { id, content, fiscalDoc }: FiscalisedReceipt,
    { ofdId, atMs }: Done,
    { since, goesOn }: { since: FencingToken; goesOn: () => boolean },
  ): Promise<Turn | null> {
    const { lease, logger } = this.deps
    const next = await lease.write((tx) => {
      tx.recordSynced(id, ofdId)
      if (atMs !== null) tx.mergeTime(atMs)
      return goesOn() ? this.#takeNext(tx, content.posId, since) : null
    }, since)
    logger.info('receipt_synced', { receipt_id: id, fd: fiscalDoc.fdNumber })
    return next
  }

  /** @throws LeaseLost, StorageFailure */
  async notDone(
    id: ReceiptId,
    { outcome, isRowOfRefusals, wasProbe, isKnownAbsent, isOwnFailure }: NotDone,
    since: FencingToken,
  ): Promise<'dead_lettered' | 'failed'> {
    const { lease, logger } = this.deps
    // A refusal is about this submission. Only a look-up can tell whether an earlier one arrived.
    const maybeAtOfd = outcome.kind === 'unknown' || !isKnownAbsent
    // A 401 or a 429 is about the service, whichever receipt it meets. So is the outcome of a probe.
    const counts = outcome.kind === 'unknown' && !wasProbe && isOwnFailure()
    const failed = { outcome, isRowOfRefusals, maybeAtOfd, counts }
    const delivery = await lease.write((tx) => this.#recordFailure(tx, id, failed), since)
    logger.warn(delivery === 'failed' ? 'receipt_not_delivered' : 'receipt_dead_lettered', {
      receipt_id: id,
      outcome: outcome.kind,
      reason: outcome.reason,
      counts,
    })
    return delivery
  }

  #recordFailure(
    tx: Tx,
    id: ReceiptId,
    { outcome, isRowOfRefusals, maybeAtOfd, counts }: Failed,
  ): 'dead_lettered' | 'failed' {
    if (outcome.kind === 'refused' && outcome.blames === 'receipt') {
      if (!isRowOfRefusals) {
        tx.deadLetter(id, 'refused_by_ofd', outcome.reason, maybeAtOfd)
        return 'dead_lettered'
      }
    } else if (counts && tx.countFailure(id) >= this.deps.maxRetryAttempts) {
      tx.deadLetter(id, 'retries_exhausted', outcome.reason, maybeAtOfd)
      return 'dead_lettered'
    }
    tx.recordUndelivered(id, outcome.reason, maybeAtOfd)
    return 'failed'
  }

  /** Marks a till's next receipt, inside the transaction, unless it needs a look-up first. */
  #takeNext(tx: Tx, posId: string, since: FencingToken): Turn | null {
    if (this.deps.lease.token(since) === null) return null
    const receipt = readableOrNull(() => tx.queries.nextToDeliver(posId))
    if (receipt === null || receipt.maybeAtOfd) return null
    tx.markSyncing(receipt.id)
    return { receipt, since }
  }
}

/** A row that cannot be read must not undo the record of the receipt before it. Its own try tells of it. */
function readableOrNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch (error) {
    if (error instanceof StorageFailure) throw error
    return null
  }
}
