import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Lease } from '../lease/lease.ts'
import { type AcceptedLoss, type Behind, compareWithFn, isAccepted, lossInWords } from './compare.ts'

/**
 * The first contact of a process with its KKT. Before it the KKT is asked for nothing: a journal that has lost something
 * would print twice.
 */
export function createFirstContact(deps: {
  journal: Journal
  driver: KktDriver
  lease: Lease
  logger: Logger
  /** Null where no loss was accepted. */
  acceptedLoss: AcceptedLoss | null
}) {
  const { journal, driver, lease, logger } = deps
  let isMade = false

  /** Brings back what the KKT can tell, and goes on without the rest. */
  async function bringBack({ fnNumber, lastFdNumber, lacking, later }: Behind, token: FencingToken): Promise<void> {
    const back = await lease.write((tx) => {
      tx.doubtDeliveries()
      // All in one commit: a receipt that is settled later would come to the OFD after its till's next ones.
      const notBroughtBack = later.filter((receipt) => !tx.bringBack(receipt))
      tx.meetFn(fnNumber, lastFdNumber, true)
      return lacking.length - notBroughtBack.length
    }, token)
    const lost = lacking.length - back
    logger.warn('loss_accepted', { fn: fnNumber, last_fd: lastFdNumber, brought_back: back, not_brought_back: lost })
  }

  return {
    /**
     * Compares the journal with the FN, once. A journal that has lost something is written no more until a restart, which is
     * refused.
     * @returns whether the KKT may be asked for anything
     * @throws LeaseLost, StorageFailure
     */
    async make(token: FencingToken): Promise<boolean> {
      if (isMade) return true
      const found = await compareWithFn(driver, journal.fiscalMemories)
      if (found.kind === 'away') return false
      if (found.kind === 'whole') {
        await lease.write((tx) => tx.meetFn(found.fnNumber, found.lastFdNumber, found.isStrange), token)
        // A buffer that loses its WAL has to know its FN still: else it would pass for a new one.
        journal.putAway()
      } else if (isAccepted(found, deps.acceptedLoss)) {
        await bringBack(found, token)
      } else {
        logger.error('journal_behind_fn', { detail: lossInWords(found) })
        journal.condemn('JOURNAL_BEHIND_FN')
        return false
      }
      isMade = true
      return true
    },
  }
}
