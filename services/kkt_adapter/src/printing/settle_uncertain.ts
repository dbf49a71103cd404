import type { Logger } from '@kkt/platform/logger.ts'
import { differences } from '../domain/differences.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { KktLookup } from '../domain/kkt_outcome.ts'
import type { Receipt } from '../domain/receipt.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Lease } from '../lease/lease.ts'

/**
 * Settles a receipt that was handed to the KKT and has no recorded outcome, by a look-up and never by printing again. It becomes
 * untold where another FN answers than the one that it was handed to, which may hold its document, or where the FN does not tell
 * its document from others. Only the holder of the lease may call it, while nothing is being printed.
 * @param deps `heard` tells which FN may hold the receipt. It returns whether contact was made with that one
 * @returns the KKT's answer; at `unknown` and `outdated` the receipt stays as it is, and at `untellable` until contact was made with the FN
 * @throws LeaseLost, StorageFailure
 */
export async function settleUncertain(
  { id, status, content }: Receipt,
  token: FencingToken,
  deps: { driver: KktDriver; lease: Lease; logger: Logger; heard: (fnNumber: string) => boolean },
): Promise<KktLookup> {
  const { driver, lease, logger, heard } = deps
  if (status === 'printing') {
    await lease.write((tx) => tx.recordUnknown(id, 'stopped before the outcome was recorded'), token)
  }
  const lookup = await driver.lookup(id, token)
  logger.warn('receipt_looked_up', { receipt_id: id, at: 'kkt', outcome: lookup.kind })
  if (lookup.kind === 'unknown' || lookup.kind === 'outdated') return lookup
  if (lookup.kind === 'untellable' && !heard(lookup.fnNumber)) return lookup
  await lease.write((tx) => {
    if (lookup.kind === 'untellable') {
      tx.recordUntold(id, lookup.fnNumber, lookup.reason)
      return
    }
    if (lookup.kind === 'absent') {
      const handedTo = tx.queries.handedTo(id)
      if (handedTo === null || handedTo === lookup.fnNumber) tx.recordAbsent(id)
      else tx.recordUntold(id, handedTo, untoldInWords(handedTo, lookup.fnNumber))
      return
    }
    tx.recordFound(id, lookup.doc, lookup.paper, lookup.shiftOpened)
    tx.noteDifferences(id, differences(content, lookup.doc))
  }, token)
  return lookup
}

const untoldInWords = (handedTo: string, inKkt: string): string =>
  `it was handed to FN ${handedTo}, which was replaced by FN ${inKkt} before it told whether it made a document`
