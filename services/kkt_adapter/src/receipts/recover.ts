import type { Logger } from '@kkt/platform/logger.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Receipt } from './receipt.ts'

/**
 * Settles a receipt that was handed to the KKT and whose outcome nobody recorded: it is looked up there, never printed
 * again on a guess. To be called by the holder of the lease, while nothing is being printed.
 * @returns false when the KKT could not say: the receipt stays `unknown`
 */
export async function settleUncertain(
  { id, status }: Receipt,
  deps: { journal: Journal; driver: KktDriver; logger: Logger },
): Promise<boolean> {
  const { journal, driver, logger } = deps
  if (status === 'printing') {
    await journal.write(() => journal.transitions.recordUnknown(id, 'stopped before the outcome was recorded'))
  }
  const lookup = await driver.lookup(id)
  logger.warn('receipt_looked_up', { receipt_id: id, at: 'kkt', outcome: lookup.kind })
  if (lookup.kind === 'unknown') return false
  await journal.write(() => {
    if (lookup.kind === 'found') journal.transitions.recordFound(id, lookup.doc)
    else journal.transitions.recordAbsent(id)
  })
  return true
}
