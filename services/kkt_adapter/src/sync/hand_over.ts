import type { Logger } from '@kkt/platform/logger.ts'
import { type FencingToken, LeaseLost } from '../lease/lease.ts'
import type { SenderLease } from '../lease/sender_lease.ts'
import type { Breaker } from '../ofd/breaker.ts'
import type { OfdClient, OfdOutcome } from '../ofd/client.ts'
import type { FiscalisedReceipt, ReceiptId } from '../receipts/receipt.ts'
import type { Belief } from './belief.ts'

/**
 * Asks after a receipt where it may have arrived, and sends it where it has not.
 * @returns the outcome, which is null when nothing was sent because the breaker opened during the look-up
 * @throws LeaseLost, StorageFailure
 */
export type HandOver = (
  receipt: FiscalisedReceipt,
  since: FencingToken,
) => Promise<{ outcome: OfdOutcome | null; isKnownAbsent: boolean }>

export function createHandOver({
  ofd,
  belief,
  breaker,
  lease,
  logger,
}: {
  ofd: OfdClient
  belief: Belief
  breaker: Breaker
  lease: SenderLease
  logger: Logger
}): HandOver {
  /** Looks a receipt up. Returns the outcome that this settles, or whether the OFD said that it has not got the receipt. */
  async function askAfter(
    id: ReceiptId,
    since: FencingToken,
  ): Promise<{ outcome: OfdOutcome } | { isAbsent: boolean }> {
    const token = lease.token(since)
    if (token === null) throw new LeaseLost()
    const lookup = await belief.ofLookup(id, await ofd.lookup(id, token), since)
    logger.info('receipt_looked_up', { receipt_id: id, at: 'ofd', outcome: lookup.kind })
    if (lookup.kind === 'found') return { outcome: { ...lookup, kind: 'done', isNamed: true } }
    if (lookup.kind === 'rejected') return { outcome: { ...lookup, kind: 'refused', blames: 'receipt' } }
    if (lookup.kind === 'outdated') {
      lease.outdated(token)
      return { outcome: { ...lookup, kind: 'refused', blames: 'token' } }
    }
    if (lookup.kind === 'unknown') return { outcome: { ...lookup, isCutOff: false } }
    return { isAbsent: lookup.kind === 'absent' }
  }

  return async (receipt, since) => {
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
    const outcome = belief.ofSubmission(receipt.id, await ofd.deliver(receipt, token))
    if (outcome.kind === 'refused' && outcome.blames === 'token') lease.outdated(token)
    return { outcome, isKnownAbsent }
  }
}
