import { backoffMs } from '@kkt/platform/backoff.ts'
import { errorFields } from '@kkt/platform/logger.ts'
import { createLoop, type NextTurn } from '@kkt/platform/loop.ts'
import type { KktTrouble } from '../domain/kkt.ts'
import type { KktKeyLookup } from '../domain/kkt_outcome.ts'
import type { ReceiptId } from '../domain/receipt.ts'
import { isUnprinted } from '../domain/state.ts'
import type { Task, TaskId } from '../domain/task.ts'
import { LeaseLost } from '../lease/lease.ts'
import { type KeyOfTill, KeyQuestions } from './key_lookup.ts'
import { KktHealth } from './kkt_health.ts'
import { createKktWork, type PrintingDeps } from './kkt_work.ts'
import { Recovery } from './recovery.ts'
import type { Step } from './step.ts'
import { WaitingTasks } from './waiting_tasks.ts'
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
  /** As `outcome`, for a task. It says that the task is accepted, too. @throws StorageFailure */
  taskOutcome(id: TaskId, timeoutMs: number): Promise<Task>
  /** Says that a task is accepted. */
  nudgeTasks(): void
  /** The trouble for which the KKT refuses every receipt until a person ends it; null without one or an answer. */
  unfit(): Promise<KktTrouble | null>
  /**
   * Finds the receipt that the KKT made for a key which the journal does not know: it may have lost that. `unknown` after
   * `timeoutMs` or at a stop.
   */
  findKey(receipt: KeyOfTill, timeoutMs: number): Promise<KktKeyLookup>
  /** Settles the receipts and tasks whose outcome is unclear, as far as the KKT answers. Await it before any new work. */
  recover(): Promise<void>
  /** One step of the work at the KKT. Never rejects. */
  runOnce(): Promise<Step>
  start(): void
  /** Resolves when the current receipt or task is done and recorded. */
  stop(): Promise<void>
  /** Answers all who wait with the current states of their receipts and tasks. */
  answerTills(): void
}

type FiscalizerDeps = PrintingDeps & { random: () => number }

/** Has the KKT fiscalise the accepted receipts and do its tasks, in the order of acceptance. */
export function createFiscalizer(deps: FiscalizerDeps): Fiscalizer {
  const { journal, driver, lease, clock, logger } = deps
  const loop = createLoop({
    clock,
    turn: async () => {
      await recovery.ended
      return nextAfter(await runOnce())
    },
  })
  const recovery = new Recovery(clock)
  const tills = createWaitingTills({ journal, clock })
  const waiting = new WaitingTasks({ journal, clock })
  const health = new KktHealth({ driver, logger })
  const questions = new KeyQuestions({ journal, driver, clock, stopping: loop.stopping })
  const work = createKktWork({ ...deps, health, tills, waiting, questions, stopping: loop.stopping })

  async function runOnce(): Promise<Step> {
    try {
      return await work.step()
    } catch (error) {
      if (error instanceof LeaseLost) logger.warn('printing_left_to_another', errorFields(error))
      else logger.error('fiscalize_failed', errorFields(error))
      return 'blocked'
    }
  }

  const hasUncertain = () => journal.queries.nextUncertain() !== null || journal.tasks.nextUncertain() !== null

  async function settleAll(late: AbortSignal): Promise<void> {
    try {
      while (!late.aborted && lease.token() !== null && hasUncertain()) {
        if ((await runOnce()) !== 'worked') return
      }
    } catch (error) {
      logger.error('recovery_failed', errorFields(error))
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
      // Another process may have handed the receipt over, and may wait for a person to mend the KKT.
      if (state.status === 'refused' || isUnprinted(state.status)) health.suspectUnfit()
      return state
    },
    taskOutcome(id, timeoutMs) {
      loop.nudge()
      return waiting.wait(id, timeoutMs)
    },
    nudgeTasks: loop.nudge,
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
    recover: () => recovery.begin(settleAll),
    runOnce,
    start: loop.start,
    async stop() {
      const stopped = loop.stop()
      tills.stop()
      waiting.stop()
      await stopped
      tills.look()
      waiting.look()
    },
    answerTills() {
      tills.letGo()
      waiting.letGo()
    },
  }
}
