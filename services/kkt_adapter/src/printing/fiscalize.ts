import { backoffMs } from '@kkt/platform/backoff.ts'
import { errorFields } from '@kkt/platform/logger.ts'
import { createLoop, type NextTurn } from '@kkt/platform/loop.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import type { KktKeyLookup, KktTrouble } from '../kkt/driver.ts'
import { LeaseLost } from '../lease/lease.ts'
import { type KeyOfTill, KeyQuestions } from './key_lookup.ts'
import { KktHealth } from './kkt_health.ts'
import { createKktWork, type PrintingDeps, type Step } from './kkt_work.ts'
import { createWaitingTills, type PrintState } from './waiting_tills.ts'

/** The interval of looking into the journal without a nudge: another process may have added receipts. */
const POLL_MS = 200
/** The longest backoff for a KKT or a disk that did not answer: both are near, and asking costs little. */
const MAX_BACKOFF_MS = 5000

export type Fiscalizer = {
  /** Resolves when the KKT's outcome is known, or with the current state after `timeoutMs` or at a stop. */
  outcome(id: ReceiptId, timeoutMs: number): Promise<PrintState>
  /** Says that a receipt is accepted, or will be by this turn's commit. */
  nudge(): void
  /** The trouble for which the KKT refuses every receipt until a person ends it; null without one or an answer. */
  unfit(): Promise<KktTrouble | null>
  /**
   * Finds the receipt that the KKT made for a key which the journal does not know: it may have lost that. `unknown` after
   * `timeoutMs` or at a stop.
   */
  findKey(receipt: KeyOfTill, timeoutMs: number): Promise<KktKeyLookup>
  /** Settles the receipts whose outcome is unclear, as far as the KKT answers. Await it before any new work. */
  recover(): Promise<void>
  /** One step: settles an unclear receipt, or prints all accepted ones. Never rejects. */
  runOnce(): Promise<Step>
  start(): void
  /** Resolves when the current receipt is printed and recorded. */
  stop(): Promise<void>
  /** Answers all waiting tills with their receipts' current states. */
  answerTills(): void
}

type FiscalizerDeps = PrintingDeps & { random: () => number }

/** Has the KKT fiscalise the accepted receipts, in the order of acceptance. */
export function createFiscalizer(deps: FiscalizerDeps): Fiscalizer {
  const { journal, driver, lease, clock, logger } = deps
  const loop = createLoop({ clock, turn: async () => nextAfter(await runOnce()) })
  const tills = createWaitingTills({ journal, clock })
  const health = new KktHealth({ driver, logger })
  const questions = new KeyQuestions({ journal, driver, clock, stopping: loop.stopping })
  const work = createKktWork({ ...deps, health, tills, questions, stopping: loop.stopping })

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
      // Another process may have handed the receipt over.
      if (state.status === 'refused') health.suspectUnfit()
      return state
    },
    unfit: () => health.unfit(),
    findKey(receipt, timeoutMs) {
      const answer = questions.ask(receipt, timeoutMs)
      loop.nudge()
      return answer
    },
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
    answerTills: tills.letGo,
  }
}
