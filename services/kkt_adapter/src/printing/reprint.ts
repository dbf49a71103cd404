import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { ReprintOutcome } from '../domain/kkt_outcome.ts'
import type { Receipt } from '../domain/receipt.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Lease } from '../lease/lease.ts'

/**
 * Prints the missing paper of a receipt that is closed in the FN. A KKT with another FN never prints it, so that nothing waits for
 * it any more.
 * @throws LeaseLost, StorageFailure
 */
export async function reprint(
  { id }: Receipt,
  token: FencingToken,
  { driver, lease, logger }: { driver: KktDriver; lease: Lease; logger: Logger },
): Promise<ReprintOutcome> {
  const outcome = await driver.reprint(id, token)
  if (outcome.kind === 'done') {
    await lease.write((tx) => tx.recordOnPaper(id), token)
    logger.info('receipt_reprinted', { receipt_id: id })
    return outcome
  }
  const { kind, reason } = outcome
  logger.warn(`receipt_reprint_${kind}`, { receipt_id: id, reason })
  if (kind === 'refused' && outcome.isLasting) await lease.write((tx) => tx.recordPaperLost(id, reason), token)
  return outcome
}
