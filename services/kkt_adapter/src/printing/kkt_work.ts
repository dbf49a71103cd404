import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import type { FencingToken } from '../domain/fencing_token.ts'
import type { Receipt } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { JournalLease } from '../lease/journal_lease.ts'
import type { Lease } from '../lease/lease.ts'
import type { AcceptedLoss } from './compare.ts'
import { createFirstContact } from './first_contact.ts'
import type { KeyQuestions } from './key_lookup.ts'
import type { KktHealth } from './kkt_health.ts'
import { createOvertake } from './overtake.ts'
import type { OwnClosings } from './own_closings.ts'
import { createPrinter } from './printer.ts'
import { reprint } from './reprint.ts'
import { settleUncertain } from './settle_uncertain.ts'
import type { Step } from './step.ts'
import { createTaskSteps } from './task_steps.ts'
import { UntoldShifts } from './untold_shifts.ts'
import type { WaitingTasks } from './waiting_tasks.ts'
import type { WaitingTills } from './waiting_tills.ts'

export type KktWork = {
  /** Says that a receipt is accepted, or will be by this turn's commit. */
  expect(): void
  /**
   * One step: answers a question, settles what is unclear, prints all accepted receipts up to the next task, or does that task.
   * @throws LeaseLost, StorageFailure
   */
  step(): Promise<Step>
}

export type PrintingDeps = {
  journal: Journal
  driver: KktDriver
  lease: Lease & Pick<JournalLease, 'raise'>
  clock: Clock
  logger: Logger
  /** The loss that an operator has accepted, or null. */
  acceptedLoss: AcceptedLoss | null
  closings: OwnClosings
  /** Called when receipts have become `pending`. */
  onPrinted: () => void
}

type KktWorkDeps = PrintingDeps & {
  health: KktHealth
  tills: WaitingTills
  waiting: WaitingTasks
  questions: KeyQuestions
  /** Aborted when no more receipts may be handed over. */
  stopping: AbortSignal
}

/** The work at the KKT, in the order in which it has to be done. */
export function createKktWork(deps: KktWorkDeps): KktWork {
  const { journal, lease, health, tills, questions } = deps
  const firstContact = createFirstContact(deps)
  const untoldShifts = new UntoldShifts(deps)
  const printer = createPrinter({ ...deps, heard: firstContact.heard, untoldShifts })
  const overtake = createOvertake(deps)
  const tasks = createTaskSteps({ ...deps, heard: firstContact.heard, overtake, untoldShifts })
  /** A receipt is accepted, perhaps by a commit that is still running, so the journal may not show it yet. */
  let isExpected = false

  async function settle(uncertain: Receipt, token: FencingToken): Promise<Step> {
    const lookup = await settleUncertain(uncertain, token, { ...deps, heard: firstContact.heard })
    if (lookup.kind === 'outdated') return await overtake(lookup.newest)
    if (lookup.kind === 'absent') firstContact.heard(lookup.fnNumber)
    if (lookup.kind === 'found') {
      firstContact.heard(lookup.doc.fnNumber)
      health.settled()
      deps.onPrinted()
    }
    if (lookup.kind === 'absent' || lookup.kind === 'untellable') await untoldShifts.take(token)
    tills.look()
    return lookup.kind === 'unknown' ? 'blocked' : 'worked'
  }

  /** @returns null where nothing is unclear */
  async function settleNext(token: FencingToken): Promise<Step | null> {
    const uncertain = journal.queries.nextUncertain()
    if (uncertain) return await settle(uncertain, token)
    return await tasks.settleNext(token)
  }

  /** @returns null where nothing was asked */
  async function answerNext(token: FencingToken): Promise<Step | null> {
    const answer = await questions.answerNext(token)
    if (answer?.kind === 'outdated') return await overtake(answer.newest)
    return answer && (answer.kind === 'unknown' ? 'blocked' : 'worked')
  }

  /** @returns null where all is on paper that can be */
  async function reprintNext(token: FencingToken): Promise<Step | null> {
    const receipt = journal.queries.nextWithoutPaper()
    if (receipt === null) return null
    const outcome = await reprint(receipt, token, deps)
    if (outcome.kind === 'outdated') return await overtake(outcome.newest)
    if (outcome.kind === 'done') health.settled()
    return outcome.kind === 'done' || (outcome.kind === 'refused' && outcome.isLasting) ? 'worked' : 'blocked'
  }

  async function print(token: FencingToken): Promise<Step> {
    if (!isExpected && !journal.queries.hasAccepted()) return (await firstContact.lookWhileIdle()) ? 'worked' : 'idle'
    isExpected = false
    if (!(await printer.print(token))) return 'idle'
    return health.isLeftAlone ? 'blocked' : 'worked'
  }

  /** @returns null where the KKT may be handed receipts */
  async function endTrouble(token: FencingToken): Promise<Step | null> {
    const fitness = await health.endTrouble()
    if (fitness.kind === 'expired') return await tasks.closeExpired(fitness.shift, token)
    // A KKT that signs nothing may print a report, or say that it does nothing.
    if (fitness.kind === 'waits') return (await tasks.next(token)) ?? 'blocked'
    if (fitness.kind === 'troubled') return 'blocked'
    return fitness.fnNumber === null || firstContact.heard(fitness.fnNumber) ? null : 'worked'
  }

  /** Receipts and tasks are done in the order of acceptance. */
  async function next(token: FencingToken): Promise<Step> {
    const printed = await print(token)
    return printed === 'idle' ? ((await tasks.next(token)) ?? 'idle') : printed
  }

  return {
    expect() {
      isExpected = true
    },
    async step() {
      const token = lease.token()
      if (token === null) return 'idle'
      if (!(await firstContact.make(token)) || !(await untoldShifts.takeOwed(token))) return 'blocked'
      const before = (await answerNext(token)) ?? (await settleNext(token)) ?? (await endTrouble(token))
      if (before !== null) return before
      // The 24 hours of a shift go on while the KKT has no paper.
      const urgent = await tasks.urgent(token)
      if (urgent !== null) return urgent
      // Paper comes before new documents, which would not be printed either.
      return (await reprintNext(token)) ?? (await next(token))
    },
  }
}
