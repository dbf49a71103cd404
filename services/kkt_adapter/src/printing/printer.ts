import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import { type Journal, StorageFailure } from '../journal/journal.ts'
import type { ToPrint } from '../journal/print_queries.ts'
import type { KktDriver } from '../kkt/driver.ts'
import { type Lease, LeaseLost } from '../lease/lease.ts'
import { lookUpKey } from './key_lookup.ts'
import type { KktHealth } from './kkt_health.ts'
import type { Answered, PrintOutcome } from './record_outcome.ts'
import { Records } from './records.ts'
import type { UntoldShifts } from './untold_shifts.ts'
import type { Asked, WaitingTills } from './waiting_tills.ts'

/** Mark as many receipts `printing` per commit as the KKT recently printed in this time. A paper printer gets one. */
const MARKED_AHEAD_MS = 20
/** Limits how long a KKT that takes no time can hold the event loop. */
const MAX_MARKED_AHEAD = 64

type PrinterDeps = {
  journal: Journal
  driver: KktDriver
  lease: Lease
  clock: Clock
  logger: Logger
  health: KktHealth
  tills: WaitingTills
  /** Tells which FN has made a document. @returns whether it is the one that receipts are marked for */
  heard: (fnNumber: string) => boolean
  /** Aborted when no more receipts may be handed over. */
  stopping: AbortSignal
  /** Called when receipts have become `pending`. */
  onPrinted: () => void
  untoldShifts: Pick<UntoldShifts, 'owe' | 'takeOwed'>
}

/** Marks receipts in one commit and hands them over in order. Each outcome is on the disk before its till is told. */
export function createPrinter(deps: PrinterDeps) {
  const { journal, driver, lease, clock, health, stopping } = deps
  let marksAhead = 1

  /** Marks the first batch. A failing disk that prevents this prevents accepting receipts, too. */
  async function markFirst(since: FencingToken): Promise<ToPrint[]> {
    try {
      return await mark(lease, marksAhead, since)
    } catch (error) {
      if (error instanceof StorageFailure && !journal.queries.hasAccepted()) return []
      throw error
    }
  }

  /**
   * Hands over the first of the receipts, or more.
   * @param mayBeKnown the KKT may have printed one for a lost journal, so it is asked for the key first
   */
  async function hand(receipts: ToPrint[], token: FencingToken, mayBeKnown: boolean): Promise<readonly PrintOutcome[]> {
    const [receipt] = receipts
    if (!mayBeKnown || !receipt) return await driver.fiscalize(receipts, token)
    const known = await lookUpKey({ key: receipt.key, posId: receipt.content.posId }, token, deps)
    if (known.kind === 'found') return [{ kind: 'known', found: known.receipt }]
    return known.kind === 'absent' ? await driver.fiscalize([receipt], token) : [known]
  }

  /** Passes an outcome to the KKT's health. @returns whether the KKT may be handed the next receipt */
  function noteHealth(outcome: PrintOutcome): boolean {
    if (outcome.kind === 'done' || outcome.kind === 'known') {
      health.settled()
      const { paper, doc } = outcome.kind === 'known' ? outcome.found : outcome
      return deps.heard(doc.fnNumber) && paper === 'printed' && !stopping.aborted
    }
    health.notDone(outcome)
    const isRefusedForGood = outcome.kind === 'refused' && outcome.isLasting
    // The KKT may have opened a shift for it.
    if (isRefusedForGood) deps.untoldShifts.owe()
    return isRefusedForGood
  }

  /**
   * Hands over the marked receipts, as many at a time as the KKT takes. It stops behind a receipt that the KKT has
   * trouble with.
   * @returns whether the KKT may be handed more; `records` are under way then
   */
  async function handAll(batch: ToPrint[], since: FencingToken): Promise<{ goesOn: boolean; records: Records }> {
    const records = new Records(deps, since)
    const mayBeKnown = journal.fiscalMemories.mayKnowMore()
    for (let left = batch; left.length > 0; ) {
      const token = lease.token(since)
      if (token === null) {
        await records.allMade()
        throw new LeaseLost()
      }
      if (!(await deps.untoldShifts.takeOwed(token))) {
        records.add([], left)
        return { goesOn: false, records }
      }
      const handedMs = clock.monotonicMs()
      const outcomes = await hand(left, token, mayBeKnown)
      // Each is noted and recorded: the KKT may have made documents behind an unclear one.
      const goesOn = outcomes.map(noteHealth).every((mayBeHandedMore) => mayBeHandedMore)
      const answered = answersOf(left, outcomes, { handedMs, answeredMs: clock.monotonicMs() })
      left = left.slice(answered.length)
      records.add(answered, goesOn ? [] : left)
      if (!goesOn) return { goesOn, records }
    }
    return { goesOn: true, records }
  }

  return {
    /**
     * Prints the accepted receipts batch by batch: the commit that records one batch marks the next.
     * @returns whether there was a receipt to print
     * @throws LeaseLost, StorageFailure: then only a look-up can tell which receipts of the batch are printed
     */
    async print(since: FencingToken): Promise<boolean> {
      let batch = await markFirst(since)
      if (batch.length === 0) return false
      while (batch.length > 0) {
        const startedMs = clock.monotonicMs()
        const { goesOn, records } = await handAll(batch, since)
        marksAhead = marksFor((clock.monotonicMs() - startedMs) / batch.length)
        const marked = goesOn ? mark(lease, marksAhead, since) : []
        ;[batch] = await Promise.all([marked, records.allMade()])
      }
      return true
    },
  }
}

/** The first receipts with their outcomes. @throws Error for a driver that took none, which would be asked for ever */
function answersOf(
  receipts: ToPrint[],
  outcomes: readonly PrintOutcome[],
  { handedMs, answeredMs }: Asked,
): Answered[] {
  const answered = receipts.flatMap((receipt, index) => {
    const outcome = outcomes[index]
    return outcome ? [{ receipt, outcome, handedMs, answeredMs }] : []
  })
  if (answered.length === 0) throw new Error('The driver of the KKT took no receipt')
  return answered
}

/** Marks the next receipts `printing`, in one commit with everything else that is journaled in the same turn. */
const mark = (lease: Lease, atMost: number, since: FencingToken): Promise<ToPrint[]> =>
  lease.takeUp((tx) => {
    const batch = tx.queries.nextAccepted(atMost)
    tx.markPrinting(...batch.map(({ id }) => id))
    return batch
  }, since)

const marksFor = (receiptMs: number): number =>
  Math.max(1, Math.min(MAX_MARKED_AHEAD, Math.floor(MARKED_AHEAD_MS / receiptMs)))
