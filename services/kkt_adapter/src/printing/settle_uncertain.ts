import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Receipt } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver, KktLookup } from '../kkt/driver.ts'
import type { Lease } from '../lease/lease.ts'

/**
 * Settles a receipt that was handed to the KKT and whose outcome nobody recorded: it is looked up there, never printed
 * again on a guess. To be called by the holder of the lease, while nothing is being printed.
 * @returns what the KKT said; at `unknown` and `outdated` the receipt stays as it is
 * @throws LeaseLost, StorageFailure
 */
export async function settleUncertain(
  { id, status }: Receipt,
  token: FencingToken,
  deps: { journal: Journal; driver: KktDriver; lease: Lease; logger: Logger },
): Promise<KktLookup> {
  const { journal, driver, lease, logger } = deps
  if (status === 'printing') {
    await lease.write(() => journal.transitions.recordUnknown(id, 'stopped before the outcome was recorded'), token)
  }
  const lookup = await driver.lookup(id, token)
  logger.warn('receipt_looked_up', { receipt_id: id, at: 'kkt', outcome: lookup.kind })
  if (lookup.kind === 'unknown' || lookup.kind === 'outdated') return lookup
  await lease.write(() => {
    if (lookup.kind === 'found') journal.transitions.recordFound(id, lookup.doc, lookup.paper)
    else journal.transitions.recordAbsent(id)
  }, token)
  return lookup
}
