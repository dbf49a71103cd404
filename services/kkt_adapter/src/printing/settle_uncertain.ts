import type { Logger } from '@kkt/platform/logger.ts'
import { differences } from '../domain/differences.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Receipt } from '../domain/receipt.ts'
import type { KktDriver, KktLookup } from '../kkt/driver.ts'
import type { Lease } from '../lease/lease.ts'

/**
 * Settles a receipt that was handed to the KKT and has no recorded outcome, by a look-up and never by printing again.
 * Only the holder of the lease may call it, while nothing is being printed.
 * @returns the KKT's answer; at `unknown` and `outdated` the receipt stays as it is
 * @throws LeaseLost, StorageFailure
 */
export async function settleUncertain(
  { id, status, content }: Receipt,
  token: FencingToken,
  deps: { driver: KktDriver; lease: Lease; logger: Logger },
): Promise<KktLookup> {
  const { driver, lease, logger } = deps
  if (status === 'printing') {
    await lease.write((tx) => tx.recordUnknown(id, 'stopped before the outcome was recorded'), token)
  }
  const lookup = await driver.lookup(id, token)
  logger.warn('receipt_looked_up', { receipt_id: id, at: 'kkt', outcome: lookup.kind })
  if (lookup.kind === 'unknown' || lookup.kind === 'outdated') return lookup
  await lease.write((tx) => {
    if (lookup.kind === 'absent') {
      tx.recordAbsent(id)
      return
    }
    tx.recordFound(id, lookup.doc, lookup.paper)
    tx.noteDifferences(id, differences(content, lookup.doc))
  }, token)
  return lookup
}
