import type { Clock } from '@kkt/platform/clock.ts'
import type { Logger } from '@kkt/platform/logger.ts'
import { type FencingToken, isToken } from '../domain/fencing_token.ts'
import type { Receipt } from '../domain/receipt.ts'
import type { Journal } from '../journal/journal.ts'
import type { KktDriver } from '../kkt/driver.ts'
import type { JournalLease } from '../lease/journal_lease.ts'
import type { Lease } from '../lease/lease.ts'
import type { AcceptedLoss } from './compare.ts'
import { createFirstContact } from './first_contact.ts'
import type { KeyQuestions } from './key_lookup.ts'
import type { KktHealth } from './kkt_health.ts'
import { createPrinter } from './printer.ts'
import { Reprints } from './reprints.ts'
import { settleUncertain } from './settle_uncertain.ts'
import type { WaitingTills } from './waiting_tills.ts'

/** The result of one step. `blocked`: the KKT or the disk needs a pause. */
export type Step = 'worked' | 'idle' | 'blocked'

export type KktWork = {
  /** Says that a receipt is accepted, or will be by this turn's commit. */
  expect(): void
  /** One step: answers a question, settles an unclear receipt, or prints all accepted ones. @throws LeaseLost, StorageFailure */
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
  /** Called when receipts have become `pending`. */
  onPrinted: () => void
}

type KktWorkDeps = PrintingDeps & {
  health: KktHealth
  tills: WaitingTills
  questions: KeyQuestions
  /** Aborted when no more receipts may be handed over. */
  stopping: AbortSignal
}

/** The work at the KKT, in the order in which it has to be done. */
export function createKktWork(deps: KktWorkDeps): KktWork {
  const { journal, lease, logger, health, tills, questions } = deps
  const firstContact = createFirstContact(deps)
  const reprints = new Reprints(deps)
  const printer = createPrinter(deps)
  /** A receipt is accepted, perhaps by a commit that is still running, so the journal may not show it yet. */
  let isExpected = false

  /** The journal gives the KKT to this process, so it takes a token that the KKT accepts. */
  async function overtake(newest: FencingToken): Promise<Step> {
    logger.warn('kkt_token_outdated', { newest })
    // A token above `MAX_TOKEN` cannot be adopted: the OFD would have to get it too, for good.
    if (isToken(newest)) await lease.raise(newest + 1)
    return 'blocked'
  }

  async function settle(uncertain: Receipt, token: FencingToken): Promise<Step> {
    const lookup = await settleUncertain(uncertain, token, deps)
    if (lookup.kind === 'outdated') return await overtake(lookup.newest)
    if (lookup.kind === 'found') {
      health.settled()
      deps.onPrinted()
    }
    tills.look()
    return lookup.kind === 'unknown' ? 'blocked' : 'worked'
  }

  /** @returns null where nothing was asked */
  async function answerNext(token: FencingToken): Promise<Step | null> {
    const answer = await questions.answerNext(token)
    if (answer?.kind === 'outdated') return await overtake(answer.newest)
    return answer && (answer.kind === 'unknown' ? 'blocked' : 'worked')
  }

  async function reprint(receipt: Receipt, token: FencingToken): Promise<Step> {
    const outcome = await reprints.reprint(receipt, token)
    if (outcome.kind === 'outdated') return await overtake(outcome.newest)
    if (outcome.kind === 'done') health.settled()
    return outcome.kind === 'done' || (outcome.kind === 'refused' && outcome.isLasting) ? 'worked' : 'blocked'
  }

  async function print(token: FencingToken): Promise<Step> {
    if (!isExpected && !journal.queries.hasAccepted()) return 'idle'
    isExpected = false
    if (!(await printer.print(token))) return 'idle'
    return health.isLeftAlone ? 'blocked' : 'worked'
  }

  return {
    expect() {
      isExpected = true
    },
    async step() {
      const token = lease.token()
      if (token === null) return 'idle'
      if (!(await firstContact.make(token))) return 'blocked'
      const answered = await answerNext(token)
      if (answered !== null) return answered
      const uncertain = journal.queries.nextUncertain()
      if (uncertain) return await settle(uncertain, token)
      const fitness = await health.endTrouble(token)
      if (fitness.kind === 'outdated') return await overtake(fitness.newest)
      if (fitness.kind === 'troubled') return 'blocked'
      // Paper comes before new documents, which would not be printed either.
      const withoutPaper = reprints.next()
      return withoutPaper ? await reprint(withoutPaper, token) : await print(token)
    },
  }
}
