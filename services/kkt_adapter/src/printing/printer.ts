import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { FnReceipt, ReceiptId } from '../domain/receipt.ts'
import type { Journal, Tx } from '../journal/journal.ts'
import type { ToPrint } from '../journal/print_queries.ts'
import type { KktDriver, KktOutcome } from '../kkt/driver.ts'
import { type Lease, LeaseLost } from '../lease/lease.ts'
import type { PrintState, WaitingTills } from './waiting_tills.ts'

/** What came of handing a receipt over. `known`: the KKT printed it earlier, for a journal that was lost. */
export type PrintOutcome = KktOutcome | { kind: 'known'; found: FnReceipt }

/** What the KKT has answered, and those behind that were marked for it and that it was not asked for. */
type Answered = { receipt: ToPrint; outcome: PrintOutcome; notAsked: ToPrint[] }

/** What the KKT answered before could not be recorded. Undone alone: the disk may work again for others. */
class NotRecorded extends Error {
  override readonly name = 'NotRecorded'
}

/** Hands receipts to the KKT: marked in one commit, one after the other, each outcome on the disk before it is told. */
export function createPrinter(deps: {
  journal: Journal
  driver: KktDriver
  lease: Lease
  logger: Logger
  tills: WaitingTills
  /** Called when receipts have become `pending`. */
  onPrinted: () => void
}) {
  const { driver, lease, logger, tills } = deps

  /** What the KKT's answer leaves on the disk, and what the till is told then. */
  function record(tx: Tx, { receipt, outcome, notAsked }: Answered): PrintState {
    const { id } = receipt
    for (const behind of notAsked) tx.recordNotAsked(behind.id)
    if (outcome.kind === 'known') return recordKnown(tx, receipt, outcome.found)
    if (outcome.kind === 'done') {
      const { doc, paper } = outcome
      tx.recordPrinted(id, doc, paper)
      return { id, status: 'pending', fiscalDoc: doc, needsPaper: paper === 'missing', lastError: null }
    }
    const { reason } = outcome
    const isOver = outcome.kind === 'refused' && outcome.isLasting
    // Also what was refused for now is looked up before it is printed: that costs little, a second document much.
    if (isOver) recordRefused(tx, id, reason)
    else tx.recordUnknown(id, reason)
    return { id, status: isOver ? 'refused' : 'unknown', fiscalDoc: null, needsPaper: false, lastError: reason }
  }

  function recordRefused(tx: Tx, id: ReceiptId, reason: string): void {
    tx.recordRefused(id, reason)
    tx.boundRefused()
  }

  /** The till's receipt is the one that the KKT holds, unless its body is another. */
  function recordKnown(tx: Tx, receipt: ToPrint, found: FnReceipt): PrintState {
    if (isSameSale(receipt, found)) return tx.recognise(receipt, found)
    const reason = `its Idempotency-Key belongs to document ${found.doc.fdNumber} of receipt ${found.id}, whose body was another`
    recordRefused(tx, receipt.id, reason)
    return { id: receipt.id, status: 'refused', fiscalDoc: null, needsPaper: false, lastError: reason }
  }

  function tell({ receipt: { id }, outcome }: Answered, state: PrintState): void {
    if (outcome.kind === 'done') {
      const { doc, paper } = outcome
      logger.info('receipt_printed', { receipt_id: id, fd: doc.fdNumber, paper })
    } else if (outcome.kind === 'known') {
      const { doc } = outcome.found
      logger.warn('receipt_known_to_kkt', { receipt_id: id, is_now: state.id, fd: doc.fdNumber, status: state.status })
    } else {
      logger.warn(`receipt_print_${outcome.kind}`, { receipt_id: id, reason: outcome.reason })
    }
    tills.tell(id, state)
  }

  /** Records outcomes, in one commit all that there are by the time that it is made. */
  function createRecords(since: FencingToken) {
    const answered: Answered[] = []
    const failed: unknown[] = []
    const commits: Promise<void>[] = []

    async function recordAll(): Promise<void> {
      let taken: Answered[] | null = null
      const recorded = await lease.write((tx) => {
        // Else a document would be delivered before the one of the same till that was made before it.
        if (failed.length > 0) throw new NotRecorded()
        taken ??= answered.splice(0)
        return taken.map((one) => ({ one, state: record(tx, one) }))
      }, since)
      for (const { one, state } of recorded) tell(one, state)
      deps.onPrinted()
    }

    return {
      add(one: Answered): void {
        if (answered.push(one) === 1) commits.push(recordAll().catch((error) => void failed.push(error)))
      },
      /** @throws LeaseLost, StorageFailure */
      async allMade(): Promise<void> {
        await Promise.all(commits)
        if (failed.length > 0) throw failed[0]
      },
    }
  }

  /** @param mayBeKnown the KKT may have printed it for a journal that was lost: it is asked for the key first */
  async function hand(receipt: ToPrint, token: FencingToken, mayBeKnown: boolean): Promise<PrintOutcome> {
    const known = mayBeKnown ? await driver.lookupKey(receipt.key, token) : null
    if (known?.kind === 'found') return { kind: 'known', found: known.receipt }
    if (known?.kind === 'unknown' || known?.kind === 'outdated') return known
    return await driver.fiscalize(receipt, token)
  }

  return {
    /**
     * Marks as handed over what is to be printed next, in one commit with whatever is journaled in the same turn.
     * @throws LeaseLost, StorageFailure
     */
    mark: (atMost: number, since: FencingToken): Promise<ToPrint[]> =>
      lease.takeUp((tx) => {
        const batch = tx.queries.nextAccepted(atMost)
        tx.markPrinting(...batch.map(({ id }) => id))
        return batch
      }, since),

    /**
     * Hands over what is marked. Those behind one that the KKT has trouble with it is not asked for.
     * @param heed is told each outcome, and says whether the KKT may be handed the next
     * @returns the same of the last; `allRecorded` throws as this does
     * @throws LeaseLost, StorageFailure: what the KKT has of the batch is for a look-up to tell then
     */
    async print(batch: ToPrint[], since: FencingToken, heed: (outcome: PrintOutcome) => boolean) {
      const records = createRecords(since)
      const mayBeKnown = deps.journal.fiscalMemories.mayKnowMore()
      let goesOn = true
      for (const [index, receipt] of batch.entries()) {
        const token = lease.token(since)
        if (token === null) {
          await records.allMade()
          throw new LeaseLost()
        }
        const outcome = await hand(receipt, token, mayBeKnown)
        goesOn = heed(outcome)
        records.add({ receipt, outcome, notAsked: goesOn ? [] : batch.slice(index + 1) })
        if (!goesOn) break
      }
      return { goesOn, allRecorded: records.allMade }
    },
  }
}

/** The KKT may have kept what an earlier version sent it, whose names are not in NFC. A KKT that does not tell what was sold tells at least for how much. */
const isSameSale = ({ content }: ToPrint, found: FnReceipt): boolean =>
  found.content === null
    ? content.totalKopecks === found.doc.totalKopecks
    : JSON.stringify(content) === JSON.stringify(found.content).normalize('NFC')
