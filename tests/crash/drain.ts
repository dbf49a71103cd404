import type { Clock } from '@kkt/platform/clock.ts'
import type { adapterClient, ofdClient } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { collectHistory } from '../harness/history.ts'
import { findViolations, type History, type Sale, type TillAnswer, type Violation } from '../harness/invariants.ts'
import { POISONED_TILL } from './plan.ts'
import type { createTills } from './tills.ts'
import { inTime } from './within.ts'

/** Ample: only a run that fails spends it. Some time to deliver the rest, and more for each sale. */
const DRAINED_MS = 30_000
const DRAINED_MS_PER_SALE = 20

export type Drained = { history: History; violations: Violation[]; troubles: string[] }

/** To be called once everything is healed: ends the tills, waits until nothing is under way, and compares. */
export async function drain(run: {
  adapter: ReturnType<typeof adapterClient>
  ofd: ReturnType<typeof ofdClient>
  tills: ReturnType<typeof createTills>
  selling: Promise<unknown>
  /** Dead letters that were found during the run. */
  deadLetters: ReadonlyMap<string, History['deadLetters'][number]>
  requeue: () => Promise<void>
  /** Whether the journal was damaged during the run. */
  isLossy: boolean
  clock: Clock
}): Promise<Drained> {
  const { adapter, ofd, tills, clock } = run
  const troubles: string[] = []
  // A step that is late is reported, and the comparison is still made.
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
 * A damaged journal may forget a receipt that was only answered as buffered, before the KKT was asked. The till sends it again,
 * as it was told to, so only the later answers count.
 */
function withoutForgotten(sale: Sale, { journal, fn }: Pick<History, 'journal' | 'fn'>): Sale {
  const known = new Set([...journal, ...fn].map(({ receipt_id }) => receipt_id))
  const counts = (answer: TillAnswer) => answer.kind !== 'buffered' || known.has(answer.receiptId)
  return { ...sale, answers: sale.answers.filter(counts) }
}
