import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { FiscalisedReceipt } from '../domain/receipt.ts'
import { LeaseLost } from '../lease/lease.ts'
import type { SenderLease } from '../lease/sender_lease.ts'
import type { Belief } from './belief.ts'
import type { Breaker } from './breaker.ts'
import type { ConnectionLost, OfdClient, OfdOutcome } from './ofd_client.ts'
import type { Settling } from './settling.ts'

/**
 * Looks a receipt up when it may have arrived, and sends it when it has not.
 * @returns the outcome; null when sending is no longer allowed: the breaker has opened, or the OFD asks for a pause
 * @throws LeaseLost, StorageFailure
 */
export type HandOver = (
  receipt: FiscalisedReceipt,
  since: FencingToken,
  stopping: AbortSignal,
) => Promise<{ outcome: OfdOutcome | null; isKnownAbsent: boolean }>

export function createHandOver({
  ofd,
  belief,
  breaker,
  lease,
  logger,
  settling,
}: {
  ofd: OfdClient
  belief: Belief
  breaker: Breaker
  lease: SenderLease
  logger: Logger
  settling: Settling
}): HandOver {
  /** Looks a receipt up. Returns the outcome that the look-up settles, or that the OFD does not have the receipt. */
  async function askAfter(
    receipt: FiscalisedReceipt,
    since: FencingToken,
  ): Promise<{ outcome: OfdOutcome } | { isAbsent: boolean }> {
    const { id } = receipt
    const token = lease.token(since)
    if (token === null) throw new LeaseLost()
    const lookup = await belief.ofLookup(id, await ofd.lookup(receipt, token), since)
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

  async function submit(receipt: FiscalisedReceipt, since: FencingToken): Promise<OfdOutcome | ConnectionLost> {
    const token = lease.token(since)
    if (token === null) throw new LeaseLost()
    const answered = await ofd.deliver(receipt, token)
    if (answered.kind === 'connection_lost') return answered
    const outcome = belief.ofSubmission(receipt.id, answered)
    if (outcome.kind === 'refused' && outcome.blames === 'token') lease.outdated(token)
    return outcome
  }

  /** @param isAgain the receipt has just been sent over a connection that was dead */
  async function attempt(
    receipt: FiscalisedReceipt,
    since: FencingToken,
    stopping: AbortSignal,
    isAgain: boolean,
  ): ReturnType<HandOver> {
    const { state } = breaker.snapshot
    let isKnownAbsent = !receipt.maybeAtOfd
    if (!isKnownAbsent) {
      const asked = await askAfter(receipt, since)
      if ('outcome' in asked) return { ...asked, isKnownAbsent }
      isKnownAbsent = asked.isAbsent
      if (!breaker.goesOnIn(state)) return { outcome: null, isKnownAbsent }
    }
    const outcome = await submit(receipt, since)
    if (outcome.kind !== 'connection_lost') return { outcome, isKnownAbsent }
    // A new connection has just been made, so this loss is the OFD's failure.
    if (isAgain) return { outcome: { kind: 'unknown', reason: outcome.reason, isCutOff: true }, isKnownAbsent }
    // A dead connection is no outcome: the receipt is handed over once more, as one that may have arrived.
    logger.info('connection_was_dead', { receipt_id: receipt.id })
    await settling.waitAgain(receipt.id, stopping)
    if (stopping.aborted || !breaker.goesOnIn(state)) return { outcome: null, isKnownAbsent: false }
    return await attempt({ ...receipt, maybeAtOfd: true }, since, stopping, true)
  }

  return (receipt, since, stopping) => attempt(receipt, since, stopping, false)
}
