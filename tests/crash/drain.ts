import type { Clock } from '@kkt/platform/clock.ts'
import { bookFaultsIn } from '../harness/books.ts'
import type { adapterClient, ofdClient } from '../harness/clients.ts'
import { eventually } from '../harness/eventually.ts'
import { allDeadLetters, collectHistory } from '../harness/history.ts'
import { findViolations, type History, type Sale, type TillAnswer, type Violation } from '../harness/invariants.ts'
import { PATIENT_MS } from '../harness/patience.ts'
import { collectRegisterHistory } from '../harness/register_history.ts'
import type { RegisterOperator } from '../harness/register_operator.ts'
import { throwIfInterrupted } from '../harness/stack/interruption.ts'
import type { TillsFile } from '../harness/till_settings.ts'
import { doneByRegister } from './done_by_register.ts'
import type { Office } from './office.ts'
import { POISONED_TILL } from './plan.ts'
import { Steps } from './steps.ts'
import { allTasksEnded, collectTasks, taskFaults } from './task_faults.ts'
import type { Tills } from './tills.ts'

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
  /** Told how far a long step is. */
  onProgress?: ((line: string) => void) | undefined
}

export type Drained = { history: History; violations: Violation[]; troubles: string[]; afterwards: Tills['afterwards'] }

/** Ends the tills, waits until nothing is under way, compares, and ends the adapters. */
export async function drain(run: HealedRun): Promise<Drained> {
  const { adapter, ofd, tills, office: asking } = run
  const steps = new Steps(run)
  await untilAllIsOver(run, steps)
  // Only now: a till that is closing may still put a receipt right.
  const { sales } = tills
  const byRegister = run.register && doneByRegister(run.register.statePath)
  const tasks = await steps.take('the tasks to be read', () => collectTasks(adapter, byRegister))
  const collected = run.register
    ? await collectRegisterHistory(adapter, ofd, { ...run.register, sales })
    : await collectHistory(adapter, ofd)
  const heard = run.isLossy ? withoutForgotten(sales, collected) : sales
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
  const { troubles } = steps
  for (const ending of await run.end()) if (ending !== 0) troubles.push(`an adapter did not end well: ${ending}`)
  const { asked = [], troubles: ofOffice = [] } = asking?.office ?? {}
  const ofTasks = tasks === null ? [] : taskFaults({ ...tasks, asked, fn: collected.fn, isLossy: run.isLossy })
  troubles.push(...ofOffice, ...ofTasks, ...tills.troubles, ...bookFaultsIn(run.buffer))
  return { history, violations: findViolations(history), troubles, afterwards: tills.afterwards }
}

/** Ends the tills, and waits until nothing is under way. The operator of a register is at work until then. */
async function untilAllIsOver(run: HealedRun, steps: Steps): Promise<void> {
  const { adapter, tills, clock, register, office: asking } = run
  const { length } = tills.sales
  const drainedMs = DRAINED_MS + length * DRAINED_MS_PER_SALE
  const printedMs = DRAINED_MS + length * (register ? REGISTERS_MS_PER_SALE : DRAINED_MS_PER_SALE)
  const hand = register && new OperatorsHand(register.operator, run)
  try {
    await steps.inTime('an answer to every sale', drainedMs, tills.close)
    await steps.take('the dead letters to be requeued', run.requeue)
    await untilDelivered(run, steps, printedMs)
    const settled = () => `: ${tills.settled} of ${tills.sales.length}`
    await steps.inTime('every sale to be answered as it was', drainedMs, tills.settle, settled)
    steps.troubles.push(...tills.sales.flatMap(withoutOutcome))
    const finish = async (over: AbortSignal) => await asking?.office.finish(asking.url, over)
    await steps.inTime('an answer to all that the office asked for', drainedMs, finish)
    await steps.take('every task to end', () => allTasksEnded(adapter, { withinMs: drainedMs, clock }))
  } finally {
    steps.troubles.push(...((await hand?.end()) ?? []))
  }
}

async function untilDelivered({ adapter, clock }: HealedRun, steps: Steps, withinMs: number): Promise<void> {
  let left = ''
  const status = async () => {
    throwIfInterrupted()
    const { unprinted, pending } = await adapter.status()
    left = `: ${unprinted} are not printed, and ${pending} are not at the OFD`
    return { unprinted, pending }
  }
  const until = ({ unprinted, pending }: Awaited<ReturnType<typeof status>>) => unprinted + pending === 0
  const what = 'nothing to be left undelivered'
  await steps.take(
    what,
    () => eventually(what, status, { withinMs, until, clock }),
    () => left,
  )
}

/** @returns a line where a sale has no answer that tells its outcome */
function withoutOutcome({ key, answers }: Sale): string[] {
  const last = answers.at(-1)
  if (last === undefined) return [`sale ${key} was never answered`]
  return last.kind === 'buffered' ? [`receipt ${last.receiptId} is still answered as buffered`] : []
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
function withoutForgotten(sales: readonly Sale[], { journal, fn }: Pick<History, 'journal' | 'fn'>): Sale[] {
  const known = new Set([...journal, ...fn].map(({ receipt_id }) => receipt_id))
  const counts = (answer: TillAnswer) => answer.kind !== 'buffered' || known.has(answer.receiptId)
  return sales.map((sale) => ({ ...sale, answers: sale.answers.filter(counts) }))
}
