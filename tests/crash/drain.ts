import type { Clock } from '@kkt/platform/clock.ts'
import type { adapterClient, ofdClient } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { collectHistory } from '../harness/history.ts'
import { findViolations, type History, type Sale, type TillAnswer, type Violation } from '../harness/invariants.ts'
import { POISONED_TILL } from './plan.ts'
import type { createTills } from './tills.ts'
import { inTime } from './within.ts'

/** Far more than is needed, for it is spent only by a run that fails: to deliver what is left, and more for each sale. */
const DRAINED_MS = 30_000
const DRAINED_MS_PER_SALE = 20

export type Drained = { history: History; violations: Violation[]; troubles: string[] }

/** Once all is healed: has the tills end, waits until nothing is under way, and compares what everybody has. */
export async function drain(run: {
  adapter: ReturnType<typeof adapterClient>
  ofd: ReturnType<typeof ofdClient>
  tills: ReturnType<typeof createTills>
  selling: Promise<unknown>
  /** Those that were found on the way. */
  deadLetters: ReadonlyMap<string, History['deadLetters'][number]>
  requeue: () => Promise<void>
  /** The journal was damaged on the way. */
  isLossy: boolean
  clock: Clock
}): Promise<Drained> {
  const { adapter, ofd, tills, clock } = run
  const troubles: string[] = []
  // Where something is not done in time, the comparison still says what it came to.
  const orTrouble = (done: Promise<unknown>) => done.catch((error) => troubles.push(String(error)))
  tills.close()
  const { sales } = tills
  const drainedMs = DRAINED_MS + sales.length * DRAINED_MS_PER_SALE
  await orTrouble(inTime('an answer to every sale', drainedMs, clock, run.selling))
  await run.requeue()
  const drained = eventually('nothing to be left undelivered', adapter.status, {
    withinMs: drainedMs,
    until: ({ unprinted, pending }) => unprinted + pending === 0,
    clock,
  })
  await orTrouble(drained)
  await orTrouble(inTime('every sale to be answered as it was', drainedMs, clock, tills.settle()))
  const collected = await collectHistory(adapter, ofd)
  const deadLetters = [...run.deadLetters.values(), ...collected.deadLetters]
  const heard = run.isLossy ? sales.map((sale) => withoutForgotten(sale, collected)) : sales
  const history = { ...collected, sales: heard, deadLetters, poisoned: [POISONED_TILL] }
  return { history, violations: findViolations(history), troubles }
}

/**
 * A receipt that was only promised, and that a damaged journal forgot before the KKT was asked, is nowhere any more. The till
 * sends it again, as it was told to, and only what it is told then counts.
 */
function withoutForgotten(sale: Sale, { journal, fn }: Pick<History, 'journal' | 'fn'>): Sale {
  const known = new Set([...journal, ...fn].map(({ receipt_id }) => receipt_id))
  const counts = (answer: TillAnswer) => answer.kind !== 'buffered' || known.has(answer.receiptId)
  return { ...sale, answers: sale.answers.filter(counts) }
}
