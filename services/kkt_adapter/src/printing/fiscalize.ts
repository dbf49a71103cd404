import { backoffMs } from '@kkt/platform/backoff.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop, type NextTurn } from '@kkt/platform/loop.ts'
import { type FencingToken, isToken } from '../domain/fencing_token.ts'
import type { Receipt, ReceiptId } from '../domain/receipt.ts'
import { type Journal, StorageFailure } from '../journal/journal.ts'
import type { ToPrint } from '../journal/print_queries.ts'
import { isLasting, type KktDriver, type KktTrouble } from '../kkt/driver.ts'
import type { JournalLease } from '../lease/journal_lease.ts'
import { type Lease, LeaseLost } from '../lease/lease.ts'
import type { AcceptedLoss } from './compare.ts'
import { createFirstContact } from './first_contact.ts'
import { createPrinter, type PrintOutcome } from './printer.ts'
import { settleUncertain } from './settle_uncertain.ts'
import { createWaitingTills, type PrintState } from './waiting_tills.ts'

/** How often the journal is looked at when nobody says that there is work: another process may have put some there. */
const POLL_MS = 200
/** The longest that a KKT or a disk is left alone that did not answer: it is near, and asking costs little. */
const MAX_BACKOFF_MS = 5000
/**
 * Receipts are marked as handed over, in one commit, as many as the KKT makes in this time, going by those before: one
 * where paper moves. Each is still handed over by itself.
 */
const MARKED_AHEAD_MS = 20
/** Bounds how long a KKT that takes no time at all holds the event loop. */
const MAX_MARKED_AHEAD = 64

type Step = 'worked' | 'idle' | 'blocked'

export type Fiscalizer = {
  /** Resolves with the receipt when the KKT's outcome is known, or as it is when `timeoutMs` have passed or work stops. */
  outcome(id: ReceiptId, timeoutMs: number): Promise<PrintState>
  /** Says that a receipt is accepted, or is by the commit of this turn. */
  nudge(): void
  /** Why the KKT refuses every receipt until a person has seen to it, or null where it does not, or does not answer. */
  unfit(): Promise<KktTrouble | null>
  /** Settles the receipts of unclear fate, as far as the KKT can be asked. To be awaited before any new work. */
  recover(): Promise<void>
  /** One step: settles a receipt of unclear fate, or prints all that are accepted. Never rejects. */
  runOnce(): Promise<Step>
  start(): void
  /** Resolves when the receipt that is being printed is printed and recorded. */
  stop(): Promise<void>
  /** Answers whoever still waits with the receipt as it is. */
  letTillsGo(): void
}

/** Has the KKT fiscalise what the journal has accepted: one at a time, in the order of acceptance. */
export function createFiscalizer(deps: {
  journal: Journal
  driver: KktDriver
  lease: Lease & Pick<JournalLease, 'raise'>
  clock: Clock
  logger: Logger
  random: () => number
  /** What an operator has given up of what this journal should know. */
  acceptedLoss: AcceptedLoss | null
  /** Called when a receipt has become `pending`. */
  onPrinted: () => void
}): Fiscalizer {
  const { journal, driver, lease, clock, logger } = deps
  const loop = createLoop({ clock, turn: async () => nextAfter(await runOnce()) })
  const tills = createWaitingTills({ journal, clock })
  const printer = createPrinter({ journal, driver, lease, logger, tills, onPrinted: deps.onPrinted })
  const firstContact = createFirstContact({ journal, driver, lease, logger, acceptedLoss: deps.acceptedLoss })
  /** Since the KKT last settled a receipt: so often blocked, and so many receipts of which it settled nothing. */
  let failures = 0
  let unclear = 0
  /** The KKT said that it cannot fiscalise now: it is asked how it is before it is given anything. */
  let isTroubled = false
  /** Not on paper, and not in the FN that is there now: another one was put in. Asked for anew after a start. */
  const notHeld = new Set<ReceiptId>()
  /** A receipt was refused for good: for its own sake, or because the KKT refuses them all. */
  let mayBeUnfit = false
  let marksAhead = 1
  let isExpected = false

  function noteClear(): void {
    failures = 0
    unclear = 0
  }

  /** @returns whether the KKT may be handed the next receipt */
  function heed(outcome: PrintOutcome): boolean {
    if (outcome.kind === 'done' || outcome.kind === 'known') {
      noteClear()
      const { paper } = outcome.kind === 'known' ? outcome.found : outcome
      return paper === 'printed' && !loop.stopping.aborted
    }
    const isLastingRefusal = outcome.kind === 'refused' && outcome.isLasting
    isTroubled = outcome.kind === 'refused' && !isLastingRefusal
    if (isLastingRefusal) {
      mayBeUnfit = true
      noteClear()
    } else {
      unclear += 1
    }
    return isLastingRefusal
  }

  /** Marks what is printed first. What a disk that fails keeps from being marked, it keeps from being accepted, too. */
  async function markFirst(since: FencingToken): Promise<ToPrint[]> {
    try {
      return await printer.mark(marksAhead, since)
    } catch (error) {
      if (error instanceof StorageFailure && !journal.queries.hasAccepted()) return []
      throw error
    }
  }

  /** Prints batch after batch: the commit that records one marks the next. */
  async function print(since: FencingToken): Promise<Step> {
    let batch = await markFirst(since)
    if (batch.length === 0) return 'idle'
    while (batch.length > 0) {
      const startedMs = clock.monotonicMs()
      const { goesOn, allRecorded } = await printer.print(batch, since, heed)
      marksAhead = marksFor((clock.monotonicMs() - startedMs) / batch.length)
      const marked = goesOn ? printer.mark(marksAhead, since) : []
      ;[batch] = await Promise.all([marked, allRecorded()])
    }
    // The first is looked up at once. A KKT that prints nothing time after time is left alone in between.
    return unclear > 1 ? 'blocked' : 'worked'
  }

  /** The journal says that the KKT is ours to drive, so we go on with a token that it takes. */
  async function comeAfter(newest: FencingToken): Promise<Step> {
    logger.warn('kkt_token_outdated', { newest })
    // One that no adapter gives would have to be sent to the OFD, too, for good.
    if (isToken(newest)) await lease.raise(newest + 1)
    return 'blocked'
  }

  /** Puts on paper what is closed in the FN. Nothing is fiscalised before that: the next would not come out either. */
  async function reprint({ id }: Receipt, token: FencingToken): Promise<Step> {
    const outcome = await driver.reprint(id, token)
    if (outcome.kind !== 'done') {
      logger.warn(`receipt_reprint_${outcome.kind}`, { receipt_id: id, reason: outcome.reason })
      if (outcome.kind === 'outdated') return await comeAfter(outcome.newest)
      if (outcome.kind === 'unknown' || !outcome.isLasting) return 'blocked'
      notHeld.add(id)
      return 'worked'
    }
    await lease.write((tx) => tx.recordOnPaper(id), token)
    noteClear()
    logger.info('receipt_reprinted', { receipt_id: id })
    return 'worked'
  }

  /** Whether the KKT is fit again, which it is helped to be where that is possible. */
  async function endTrouble(token: FencingToken): Promise<boolean> {
    const state = await driver.state()
    if (state?.trouble === 'shift_expired') {
      const renewed = await driver.renewShift(token)
      logger.info('shift_renewed', { outcome: renewed.kind, shift: state.shiftNumber })
      if (renewed.kind === 'outdated') await comeAfter(renewed.newest)
      isTroubled = renewed.kind !== 'done'
    } else {
      isTroubled = state === null || state.trouble === 'busy' || state.trouble === 'paper_out'
    }
    return !isTroubled
  }

  async function settle(uncertain: Receipt, token: FencingToken): Promise<Step> {
    const lookup = await settleUncertain(uncertain, token, { driver, lease, logger })
    if (lookup.kind === 'outdated') return await comeAfter(lookup.newest)
    if (lookup.kind === 'found') {
      noteClear()
      deps.onPrinted()
    }
    tills.look()
    return lookup.kind === 'unknown' ? 'blocked' : 'worked'
  }

  async function step(): Promise<Step> {
    const token = lease.token()
    if (token === null) return 'idle'
    if (!(await firstContact.make(token))) return 'blocked'
    const uncertain = journal.queries.nextUncertain()
    if (uncertain) return await settle(uncertain, token)
    if (isTroubled && !(await endTrouble(token))) return 'blocked'
    const withoutPaper = journal.queries.nextWithoutPaper(notHeld)
    if (withoutPaper) return await reprint(withoutPaper, token)
    if (!isExpected && !journal.queries.hasAccepted()) return 'idle'
    isExpected = false
    return await print(token)
  }

  async function runOnce(): Promise<Step> {
    try {
      return await step()
    } catch (error) {
      if (error instanceof LeaseLost) logger.warn('printing_left_to_another', errorFields(error))
      else logger.error('fiscalize_failed', errorFields(error))
      return 'blocked'
    }
  }

  function nextAfter(step: Step): NextTurn {
    if (step === 'worked') return { kind: 'again' }
    if (step === 'idle') return { kind: 'rest', ms: POLL_MS }
    return { kind: 'backoff', ms: backoffMs(++failures, MAX_BACKOFF_MS, deps.random) }
  }

  return {
    async outcome(id, timeoutMs) {
      const state = await tills.wait(id, timeoutMs)
      // Another process may have handed it over.
      mayBeUnfit ||= state.status === 'refused'
      return state
    },
    async unfit() {
      if (!mayBeUnfit) return null
      const trouble = (await driver.state())?.trouble ?? null
      mayBeUnfit = isLasting(trouble)
      return mayBeUnfit ? trouble : null
    },
    nudge() {
      isExpected = true
      loop.nudge()
    },
    async recover() {
      try {
        while (lease.token() !== null && journal.queries.nextUncertain()) {
          if ((await runOnce()) !== 'worked') return
        }
      } catch (error) {
        logger.error('recovery_failed', errorFields(error))
      }
    },
    runOnce,
    start: loop.start,
    async stop() {
      const stopped = loop.stop()
      tills.stop()
      await stopped
      tills.look()
    },
    letTillsGo: tills.letGo,
  }
}

const marksFor = (receiptMs: number): number =>
  Math.max(1, Math.min(MAX_MARKED_AHEAD, Math.floor(MARKED_AHEAD_MS / receiptMs)))
