import { backoffMs } from '@kkt/platform/backoff.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop, type NextTurn } from '@kkt/platform/loop.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver, KktTrouble } from '../kkt/driver.ts'
import type { JournalLease } from '../lease/journal_lease.ts'
import { type Lease, LeaseLost } from '../lease/lease.ts'
import type { AcceptedLoss } from './compare.ts'
import { KktHealth } from './kkt_health.ts'
import { createKktWork, type Step } from './kkt_work.ts'
import { createWaitingTills, type PrintState } from './waiting_tills.ts'

/** How often the journal is looked at when nobody says that there is work: another process may have put some there. */
const POLL_MS = 200
/** The longest that a KKT or a disk is left alone that did not answer: it is near, and asking costs little. */
const MAX_BACKOFF_MS = 5000

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
  const health = new KktHealth({ driver, logger })
  const work = createKktWork({ ...deps, health, tills, stopping: loop.stopping })

  async function runOnce(): Promise<Step> {
    try {
      return await work.step()
    } catch (error) {
      if (error instanceof LeaseLost) logger.warn('printing_left_to_another', errorFields(error))
      else logger.error('fiscalize_failed', errorFields(error))
      return 'blocked'
    }
  }

  function nextAfter(step: Step): NextTurn {
    if (step === 'worked') return { kind: 'again' }
    if (step === 'idle') return { kind: 'rest', ms: POLL_MS }
    return { kind: 'backoff', ms: backoffMs(health.blocked(), MAX_BACKOFF_MS, deps.random) }
  }

  return {
    async outcome(id, timeoutMs) {
      const state = await tills.wait(id, timeoutMs)
      // Another process may have handed it over.
      if (state.status === 'refused') health.doubt()
      return state
    },
    unfit: () => health.unfit(),
    nudge() {
      work.expect()
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
