import type { Clock } from '@kkt/platform/clock.ts'
import { bookFaultsIn } from '../harness/books.ts'
import type { adapterClient, ofdClient } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { allDeadLetters, collectHistory } from '../harness/history.ts'
import { findViolations, type History, type Sale, type TillAnswer, type Violation } from '../harness/invariants.ts'
import { PATIENT_MS } from '../harness/patience.ts'
import { collectRegisterHistory } from '../harness/register_history.ts'
import type { RegisterOperator } from '../harness/register_operator.ts'
import type { TillsFile } from '../harness/till_settings.ts'
import type { Office } from './office.ts'
import { POISONED_TILL } from './plan.ts'
import { collectTasks, doneByRegister, taskFaults } from './task_faults.ts'
import type { Tills } from './tills.ts'
import { inTime } from './within.ts'

/** Ample: only a run that fails spends it. Some time to deliver the rest, and more for each sale: a register prints one by one. */
const DRAINED_MS = PATIENT_MS
const DRAINED_MS_PER_SALE = 20
const REGISTERS_MS_PER_SALE = 1000

type Adapter = ReturnType<typeof adapterClient>
type DeadLetter = Awaited<ReturnType<typeof allDeadLetters>>[number]

/** The dead letters that were read during a run, also those that were then requeued or closed. */
export class DeadLetters {
  readonly #seen = new Map<string, DeadLetter>()

  get all(): DeadLetter[] {
    return [...this.#seen.values()]
  }

  /** @returns those that are in the DLQ now */
  async read(adapter: Pick<Adapter, 'dlq'>): Promise<DeadLetter[]> {
    const letters = await allDeadLetters(adapter)
    for (const letter of letters) this.#seen.set(letter.receipt_id, letter)
    return letters
  }
}

type HealedRun = {
  adapter: Adapter
  ofd: ReturnType<typeof ofdClient>
  tills: Tills
  /** The office, and the address of the adapter that answers it in the end. Left out where none asked for tasks. */
  office?: { office: Office; url: string }
  /** The versions of TILLS_FILE that there were. */
  tillsFiles: readonly TillsFile[]
  deadLetters: DeadLetters
  requeue: () => Promise<void>
  /** Ends the adapters. Resolves to their exit codes. */
  end: () => Promise<unknown[]>
  /** The path of the adapters' buffer. */
  buffer: string
  /** Whether the journal was damaged during the run. */
  isLossy: boolean
  /** The cash register where it is one of its own, and the person who settles what nothing else can tell. */
  register?: { statePath: string; operator: RegisterOperator }
  clock: Clock
}

export type Drained = { history: History; violations: Violation[]; troubles: string[]; afterwards: Tills['afterwards'] }

/** Ends the tills, waits until nothing is under way, compares, and ends the adapters. */
export async function drain(run: HealedRun): Promise<Drained> {
  const { adapter, ofd, tills, clock } = run
  const troubles: string[] = []
  // A step that is late is reported, and the comparison is still made.
  const orTrouble = (done: Promise<unknown>) => done.catch((error) => troubles.push(String(error)))
  const { sales } = tills
  const hand = run.register && new OperatorsHand(run.register.operator, run)
  const drainedMs = DRAINED_MS + sales.length * DRAINED_MS_PER_SALE
  const printedMs = DRAINED_MS + sales.length * (run.register ? REGISTERS_MS_PER_SALE : DRAINED_MS_PER_SALE)
  await orTrouble(inTime('an answer to every sale', drainedMs, clock, tills.close))
  await run.requeue()
  const drained = eventually('nothing to be left undelivered', adapter.status, {
    withinMs: printedMs,
    until: ({ unprinted, pending }) => unprinted + pending === 0,
    clock,
  })
  await orTrouble(drained)
  await orTrouble(inTime('every sale to be answered as it was', drainedMs, clock, tills.settle))
  for (const { answers } of sales) {
    const last = answers.at(-1)
    if (last?.kind === 'buffered') troubles.push(`receipt ${last.receiptId} is still answered as buffered`)
  }
  const { office: asking } = run
  const finish = async (over: AbortSignal) => await asking?.office.finish(asking.url, over)
  await orTrouble(inTime('an answer to all that the office asked for', drainedMs, clock, finish))
  const byRegister = run.register && doneByRegister(run.register.statePath)
  const tasks = await collectTasks(adapter, { withinMs: drainedMs, clock }, byRegister)
  troubles.push(...((await hand?.end()) ?? []))
  const collected = run.register
    ? await collectRegisterHistory(adapter, ofd, { ...run.register, sales })
    : await collectHistory(adapter, ofd)
  const heard = run.isLossy ? sales.map((sale) => withoutForgotten(sale, collected)) : sales
  const deadLetters = [...run.deadLetters.all, ...collected.deadLetters]
  const history = {
    ...collected,
    sales: heard,
    deadLetters,
    tillsFiles: run.tillsFiles,
    pairs: tills.pairs,
    poisoned: [POISONED_TILL],
    isLossy: run.isLossy,
    ...(run.register && { byRegister: { settled: run.register.operator.settled } }),
  }
  for (const ending of await run.end()) if (ending !== 0) troubles.push(`an adapter did not end well: ${ending}`)
  const { asked = [], troubles: ofOffice = [] } = asking?.office ?? {}
  troubles.push(...ofOffice, ...taskFaults({ ...tasks, asked, fn: collected.fn, isLossy: run.isLossy }))
  troubles.push(...tills.troubles, ...bookFaultsIn(run.buffer))
  return { history, violations: findViolations(history), troubles, afterwards: tills.afterwards }
}

/** The operator at work, until there is nothing more to settle. */
class OperatorsHand {
  readonly #over = new AbortController()
  readonly #work: Promise<unknown>

  constructor(
    private readonly operator: RegisterOperator,
    { adapter, clock }: Pick<HealedRun, 'adapter' | 'clock'>,
  ) {
    this.#work = operator.work(adapter, { clock, over: this.#over.signal })
  }

  /** @returns a line for each thing that went wrong */
  async end(): Promise<string[]> {
    this.#over.abort()
    const failure = await this.#work
    const { troubles } = this.operator
    return failure === null ? troubles : [...troubles, `the operator: ${failure}`]
  }
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
