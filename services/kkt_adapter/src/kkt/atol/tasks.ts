import type { FencingToken } from '../../domain/fencing_token.ts'
import type { KktTask, ReprintOutcome, TaskLookup, TaskOutcome } from '../../domain/kkt_outcome.ts'
import type { ReceiptId } from '../../domain/receipt.ts'
import { NO_SECRETS } from '../../domain/secrets.ts'
import type { ShiftState } from '../../domain/shift.ts'
import type { TaskWork } from '../../domain/task.ts'
import type { Attempt } from '../attempts.ts'
import { cannotInWords, workRefusalBy } from './capabilities.ts'
import { errorInWords } from './errors.ts'
import type { Facts } from './facts.ts'
import { finishPaper } from './finish_paper.ts'
import { taskMayBeDone } from './may_be_done.ts'
import { absent, neverAsked, refused, unknown } from './outcomes.ts'
import type { WorkDeps } from './receipts.ts'
import { REPORT_LIMIT_MS, readOne, requestUuid } from './requests.ts'
import { createTaskSettling, type SettledTask, type SoughtTask, UNTELLABLE } from './settle_task.ts'
import { copyTask, taskOfWork } from './task_of_work.ts'

const NO_DOCUMENT = refused('the KKT holds no document of this receipt', true)

/** Has the register do what is no receipt, and finds out what came of it. */
export function createTasks(deps: WorkDeps) {
  const { requests, register, attempts } = deps
  const settle = createTaskSettling(deps)

  /** @returns the number of a receipt's document, where the FN that is in the KKT holds it */
  function documentOf(id: ReceiptId, fnNumber: string): number | null {
    const doc = deps.receipt(id)?.fiscalDoc
    return doc?.fnNumber === fnNumber ? doc.fdNumber : null
  }

  /** The task for the register, or the reason why it is not asked now. */
  function plan(work: TaskWork, { state, registered }: Facts) {
    const limited = workRefusalBy(registered, work, deps.cashier())
    if (limited !== null) return refused(cannotInWords(limited), true)
    const obstacle = obstacleOfShift(work, state.shift)
    if (obstacle !== null) return refused(obstacle, true)
    if (work.kind !== 'copy') return { kind: 'planned' as const, task: taskOfWork(work, deps.cashier()) }
    const fdNumber = documentOf(work.receiptId, state.fnNumber)
    return fdNumber === null ? NO_DOCUMENT : { kind: 'planned' as const, task: copyTask(fdNumber) }
  }

  const settleEarlier = async (sought: SoughtTask): Promise<SettledTask> =>
    await settle(await requests.follow(requestUuid(sought.id, sought.attempt.number), REPORT_LIMIT_MS), sought)

  async function earlierOf({ id, work }: KktTask): Promise<{ attempt: Attempt; settled: SettledTask } | null> {
    const attempt = attempts.latest(id)
    return attempt && { attempt, settled: await settleEarlier({ id, work, attempt, counters: null }) }
  }

  async function printCopy(fdNumber: number): Promise<ReprintOutcome> {
    const end = await readOne(requests, copyTask(fdNumber), REPORT_LIMIT_MS)
    if (end.kind === 'ready') return { kind: 'done' }
    if (end.kind === 'failed') return refused(errorInWords(end.error, null))
    return unknown(end.kind === 'open' ? end.reason : 'the KKT has not printed it')
  }

  return {
    /** @throws LeaseLost, StorageFailure */
    async perform({ id, work }: KktTask, token: FencingToken): Promise<TaskOutcome> {
      const facts = await register.facts()
      if (facts.kind === 'silent') return refused(facts.reason)
      const earlier = await earlierOf({ id, work })
      const settled = earlier?.settled
      if (settled?.kind === 'done' || settled?.kind === 'unknown') return settled
      const planned = plan(work, facts)
      if (planned.kind === 'refused') return planned
      const { fnNumber, lastFdNumber } = facts.state
      const attempt = openAttempt(earlier, fnNumber) ?? (await attempts.begin(id, { fnNumber, lastFdNumber }, token))
      const sought = { id, work, attempt, counters: facts.counters }
      const end = await requests.run(requestUuid(id, attempt.number), planned.task, {
        limitMs: REPORT_LIMIT_MS,
        mayBeDone: () => taskMayBeDone(register, sought),
        secrets: NO_SECRETS,
      })
      if (end.kind === 'not_taken') return refused(end.reason, end.isLasting)
      return outcomeOf(await settle(end, sought))
    },
    /** @throws StorageFailure */
    async lookup(task: KktTask): Promise<TaskLookup> {
      const earlier = await earlierOf(task)
      if (earlier === null) return await neverAsked(register)
      const { attempt, settled } = earlier
      if (settled.kind === 'refused') return absent(attempt.fnNumber)
      return settled.kind === 'gone' ? absent(settled.fnNumber) : settled
    },
    /** Finishes the paper that the KKT owes for its last document, or prints an older one once more. */
    async reprint(id: ReceiptId): Promise<ReprintOutcome> {
      const here = await register.here()
      if (here.kind === 'silent') return unknown(here.reason)
      const fdNumber = documentOf(id, here.fnNumber)
      if (fdNumber === null) return NO_DOCUMENT
      if (fdNumber !== here.lastFdNumber) return await printCopy(fdNumber)
      const paper = await finishPaper(requests)
      if (paper.kind === 'printed') return { kind: 'done' }
      if (paper.kind === 'unknown') return paper
      // A rest that is interrupted each time would keep all other receipts waiting.
      const isLeft = paper.kind === 'nothing_to_print' || paper.isInterrupted
      return isLeft ? await printCopy(fdNumber) : refused(paper.reason)
    },
  }
}

/** A request that nobody knows may still come. Under its own uuid it is not done twice. */
function openAttempt(earlier: { attempt: Attempt; settled: SettledTask } | null, fnNumber: string): Attempt | null {
  const isOpen = earlier?.settled.kind === 'gone' || earlier?.settled.kind === 'untellable'
  return earlier !== null && isOpen && earlier.attempt.fnNumber === fnNumber ? earlier.attempt : null
}

function outcomeOf(settled: SettledTask): TaskOutcome {
  if (settled.kind === 'absent') return refused('the KKT took it out of its queue')
  if (settled.kind === 'gone') return unknown(UNTELLABLE)
  if (settled.kind === 'untellable') return unknown(settled.reason)
  return settled
}

/** An opening while a shift is open, and the closing of one that is not, are refused for good. Null: nothing hinders it. */
function obstacleOfShift(work: TaskWork, shift: ShiftState): string | null {
  if (work.kind === 'open_shift') return shift.kind === 'closed' ? null : 'a shift is open already'
  if (work.kind !== 'close_shift') return null
  if (shift.kind === 'closed') return 'no shift is open'
  return shift.number === work.shiftNumber ? null : `shift ${work.shiftNumber} is not open, but shift ${shift.number}`
}
