import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import type { ShiftDocument } from '../domain/shift.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { Lease } from '../lease/lease.ts'
import { type AcceptedLoss, type Behind, compareWithFn, isAccepted, lossInWords } from './compare.ts'

/** An idle KKT is asked this often which FN is in it. At work its documents tell. */
const LOOK_EVERY_MS = 10_000

type FirstContactDeps = {
  journal: Journal
  driver: KktDriver
  lease: Lease
  clock: Clock
  logger: Logger
  /** Null when no loss was accepted. */
  acceptedLoss: AcceptedLoss | null
}

/**
 * A process's first contact with an FN, before anything else is asked of it: a journal that lost receipts would print them twice.
 * It is made again when another FN is put in.
 */
export function createFirstContact(deps: FirstContactDeps) {
  const { journal, driver, lease, clock, logger } = deps
  /** The FN that contact was made with. Null before, and when another one was put in. */
  let met: string | null = null
  let heardMs = clock.monotonicMs()

  /** The KKT has named its FN. @returns whether it is the one that contact was made with */
  function heard(fnNumber: string): boolean {
    heardMs = clock.monotonicMs()
    if (met !== fnNumber) met = null
    return met !== null
  }

  /** Tells that another FN is in the KKT than the one that the journal knew there. */
  function tellReplaced(before: string | null, fnNumber: string): void {
    if (before !== null && before !== fnNumber) logger.warn('fn_replaced', { from: before, to: fnNumber })
  }

  /** Restores the receipts that the KKT can describe, and gives up the others. */
  async function bringBack(found: Behind, token: FencingToken): Promise<void> {
    const { fnNumber, lastFdNumber, lacking, later, ofShifts } = found
    const openings = await openingsFor(found, driver, token)
    const back = await lease.write((tx) => {
      tx.doubtDeliveries()
      // All in one commit: a receipt restored later would reach the OFD after its till's next ones.
      const notBroughtBack = later.filter((receipt) =>
        receipt.id === null ? lacking.includes(receipt) : !tx.bringBack(receipt, openings.get(receipt.id)),
      )
      ofShifts.forEach(tx.recordShiftDocument)
      tx.meetFn(fnNumber, lastFdNumber, true)
      return lacking.length - notBroughtBack.length
    }, token)
    const lost = lacking.length - back
    logger.warn('loss_accepted', { fn: fnNumber, last_fd: lastFdNumber, brought_back: back, not_brought_back: lost })
  }

  return {
    /**
     * Compares the journal with the FN, once for each FN that is put in. A journal that has lost receipts is not written again; the next start is
     * refused.
     * @returns whether the KKT may be asked for anything
     * @throws LeaseLost, StorageFailure
     */
    async make(token: FencingToken): Promise<boolean> {
      if (met !== null) return true
      const before = journal.fiscalMemories.inKkt()?.fnNumber ?? null
      const found = await compareWithFn(driver, journal.fiscalMemories)
      if (found.kind === 'away') return false
      if (found.kind === 'whole') {
        await lease.write((tx) => {
          found.ofShifts.forEach(tx.recordShiftDocument)
          tx.meetFn(found.fnNumber, found.lastFdNumber, found.isStrange)
        }, token)
        // Moves the WAL into the file: a buffer that then loses its WAL does not pass for a new one.
        journal.putAway()
      } else if (isAccepted(found, deps.acceptedLoss)) {
        await bringBack(found, token)
      } else {
        logger.error('journal_behind_fn', { detail: lossInWords(found) })
        journal.condemn('JOURNAL_BEHIND_FN')
        return false
      }
      tellReplaced(before, found.fnNumber)
      heard(found.fnNumber)
      met = found.fnNumber
      return true
    },
    heard,
    /**
     * Asks an idle KKT now and then which FN is in it.
     * @returns whether it is another one, so that contact is to be made again
     */
    async lookWhileIdle(): Promise<boolean> {
      if (clock.monotonicMs() - heardMs < LOOK_EVERY_MS) return false
      heardMs = clock.monotonicMs()
      const state = await driver.state()
      return state !== null && !heard(state.fnNumber)
    },
  }
}

/** The openings of shifts that the KKT made by itself, by the receipts for which it did. Only a look-up tells them. */
async function openingsFor(
  { later, ofShifts }: Behind,
  driver: Pick<KktDriver, 'lookup'>,
  token: FencingToken,
): Promise<Map<ReceiptId, ShiftDocument>> {
  const openings = new Map<ReceiptId, ShiftDocument>()
  const behind = new Set(ofShifts.map(({ fdNumber }) => fdNumber + 1))
  for (const { id, doc } of later) {
    if (id === null || !behind.has(doc.fdNumber)) continue
    const found = await driver.lookup(id, token)
    if (found.kind === 'found' && found.shiftOpened) openings.set(id, found.shiftOpened)
  }
  return openings
}
