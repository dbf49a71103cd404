import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Lease } from '../lease/lease.ts'
import { type AcceptedLoss, type Behind, compareWithFn, isAccepted, lossInWords } from './compare.ts'

type FirstContactDeps = {
  journal: Journal
  driver: KktDriver
  lease: Lease
  logger: Logger
  /** Null when no loss was accepted. */
  acceptedLoss: AcceptedLoss | null
}

/** A process's first contact with its KKT, before any other: a journal that lost receipts would print them twice. */
export function createFirstContact(deps: FirstContactDeps) {
  const { journal, driver, lease, logger } = deps
  let isMade = false

  /** Restores the receipts that the KKT can describe, and gives up the others. */
  async function bringBack({ fnNumber, lastFdNumber, lacking, later }: Behind, token: FencingToken): Promise<void> {
    const back = await lease.write((tx) => {
      tx.doubtDeliveries()
      // All in one commit: a receipt restored later would reach the OFD after its till's next ones.
      const notBroughtBack = later.filter((receipt) => !tx.bringBack(receipt))
      tx.meetFn(fnNumber, lastFdNumber, true)
      return lacking.length - notBroughtBack.length
    }, token)
    const lost = lacking.length - back
    logger.warn('loss_accepted', { fn: fnNumber, last_fd: lastFdNumber, brought_back: back, not_brought_back: lost })
  }

  return {
    /**
     * Compares the journal with the FN, once. A journal that has lost receipts is not written again; the next start is
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
        // Moves the WAL into the file: a buffer that then loses its WAL does not pass for a new one.
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
