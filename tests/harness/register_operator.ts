/**
 * A person at a cash register of its own, who settles what nothing else can tell: by the FN, as by paper and the OFD's cabinet. A full
 * FN is replaced.
 */
import type { Clock } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import type { adapterClient } from './clients.ts'
import { expectBody } from './http.ts'
import { type RegisterDocument, registerCash, registerFn } from './register_fn.ts'
import type { bufferStatus } from './wire.ts'

type Adapter = Pick<ReturnType<typeof adapterClient>, 'get' | 'post' | 'status'>

export type RegisterOperatorDeps = {
  /** The STATE_PATH of the register's service. */
  statePath: string
  /** Whether the register has ended all that it was asked for: before that nobody can say that it made no document. */
  isIdle: () => Promise<boolean>
  /** Puts another FN in. */
  replaceFn: () => Promise<unknown>
}

type Status = z.output<typeof bufferStatus>

const untold = z.looseObject({ receipts: z.array(z.looseObject({ receipt_id: z.string(), untold_fn: z.string() })) })
const unclear = z.looseObject({
  tasks: z.array(z.looseObject({ task_id: z.string(), kind: z.string(), amount: z.number().nullish() })),
})
type UnclearTask = z.output<typeof unclear>['tasks'][number]
const untraced = z.looseObject({
  receipts: z.array(
    z.looseObject({ receipt_id: z.string(), fiscal_doc: z.looseObject({ fn_number: z.string() }).nullable() }),
  ),
})
const health = z.looseObject({
  components: z.looseObject({
    kkt: z.looseObject({
      status: z.string(),
      trouble: z.string().nullable(),
      fn_number: z.string().nullable(),
      untold: z.int().nullable(),
      unclear_tasks: z.int().nullable(),
    }),
  }),
})
type KktHealth = z.output<typeof health>['components']['kkt']
const closed = z.object({ closed: z.int() })
const settledAnswer = z.looseObject({})

const MOST = 100
/** The operator comes back after this time. */
const PAUSE_MS = 200

export class RegisterOperator {
  /** The operator's word about receipts, by their ids. */
  readonly settled = new Map<string, 'printed' | 'not_printed'>()
  readonly counts = { printed: 0, notPrinted: 0, untraced: 0, tasks: 0, fullFns: 0 }
  /** The full FNs that were replaced. The adapter may tell of one for a moment more. */
  readonly #fullFns = new Set<string>()
  #underWay: Promise<void> | null = null
  /** A line for each thing that was not shown to a person who has to act. */
  readonly troubles: string[] = []

  constructor(private readonly deps: RegisterOperatorDeps) {}

  /**
   * Settles whatever comes, turn after turn.
   * @param over ends the work
   * @param onFailure told why a turn failed, if it was not its last. @default nobody
   * @returns the reason why the last turn failed; null where it did not
   */
  async work(
    adapter: Adapter,
    { clock, over }: { clock: Clock; over: AbortSignal },
    onFailure: (error: unknown) => void = () => undefined,
  ): Promise<unknown> {
    let last: unknown = null
    while (!over.aborted) {
      last = await this.turn(adapter).then(
        () => null,
        (error: unknown) => error,
      )
      if (last !== null && !over.aborted) onFailure(last)
      await clock.wait(PAUSE_MS, over)
    }
    return last
  }

  /**
   * Settles all that waits for a person now. An adapter that does not answer is left for a later turn. A turn that is under way is
   * joined: two at once would both replace a full FN.
   */
  turn(adapter: Adapter): Promise<void> {
    this.#underWay ??= this.#turn(adapter).finally(() => {
      this.#underWay = null
    })
    return this.#underWay
  }

  async #turn(adapter: Adapter): Promise<void> {
    const receipts = expectBody(await adapter.get(`/v1/kkt/receipts?untold=true&limit=${MOST}`), 200, untold).receipts
    const tasks = expectBody(await adapter.get(`/v1/kkt/tasks?status=unclear&limit=${MOST}`), 200, unclear).tasks
    const told = await adapter.status()
    const { kkt } = health.parse(JSON.parse((await adapter.get('/v1/health')).text)).components
    if (receipts.length + tasks.length > 0) this.#assertShown(kkt, told, receipts.length, tasks.length)
    await this.#replaceFull(kkt)
    if (receipts.length + tasks.length + told.untraced === 0 || !(await this.deps.isIdle())) return
    const fn = registerFn(
      this.deps.statePath,
      receipts.map(({ receipt_id }) => receipt_id),
    )
    for (const one of receipts) await this.#settle(adapter, one.receipt_id, one.untold_fn, fn)
    for (const task of tasks) await this.#settleTask(adapter, task)
    if (told.untraced > 0) await this.#close(adapter, fn)
  }

  /** Buffer status and health show each of them, and health is not healthy. */
  #assertShown(kkt: KktHealth, told: Status, receipts: number, tasks: number): void {
    const isShown =
      told.untold >= receipts &&
      told.unclear_tasks >= tasks &&
      (kkt.untold ?? 0) >= receipts &&
      (kkt.unclear_tasks ?? 0) >= tasks &&
      kkt.status !== 'healthy'
    if (!isShown) this.troubles.push(`${receipts} untold receipts and ${tasks} unclear tasks, and not all are shown`)
  }

  async #replaceFull({ trouble, fn_number: fnNumber }: KktHealth): Promise<void> {
    if (trouble !== 'fn_full' || fnNumber === null || this.#fullFns.has(fnNumber)) return
    await this.deps.replaceFn()
    this.#fullFns.add(fnNumber)
    this.counts.fullFns += 1
  }

  async #settle(adapter: Adapter, id: string, fnNumber: string, fn: readonly RegisterDocument[]): Promise<void> {
    const made = fn.find((one) => one.receipt_id === id && one.fn_number === fnNumber)
    const elsewhere = fn.find((one) => one.receipt_id === id && one.fn_number !== fnNumber)
    if (!made && elsewhere) {
      this.troubles.push(`receipt ${id} is asked about for FN ${fnNumber}, and FN ${elsewhere.fn_number} has it`)
      return
    }
    const body = made
      ? {
          printed: true,
          fd: made.fiscal_doc_number,
          fpd: made.fiscal_sign,
          fiscal_datetime: made.fiscal_datetime,
          shift_number: made.shift_number,
          receipt_number: made.receipt_number,
        }
      : { printed: false }
    this.settled.set(id, made ? 'printed' : 'not_printed')
    expectBody(await adapter.post(`/v1/kkt/receipt/${id}/settle`, body), 200, settledAnswer)
    this.counts[made ? 'printed' : 'notPrinted'] += 1
  }

  /** Cash is known by its sum, which each request has to itself. */
  async #settleTask(adapter: Adapter, task: UnclearTask): Promise<void> {
    const isMoved = registerCash(this.deps.statePath).some(
      ({ kind, amount }) => kind === task.kind && amount === task.amount,
    )
    const body = { done: isMoved, reason: 'seen at the register' }
    expectBody(await adapter.post(`/v1/kkt/task/${task.task_id}/settle`, body), 200, settledAnswer)
    this.counts.tasks += 1
  }

  async #close(adapter: Adapter, fn: readonly RegisterDocument[]): Promise<void> {
    const inKkt = fn.find(({ isInKkt }) => isInKkt)?.fn_number
    const { receipts } = expectBody(await adapter.get(`/v1/kkt/receipts?status=pending&limit=${MOST}`), 200, untraced)
    const fns = new Set(receipts.flatMap(({ fiscal_doc: doc }) => doc?.fn_number ?? []))
    for (const fn_number of fns) {
      if (fn_number === inKkt) continue
      const answer = await adapter.post('/v1/kkt/buffer/untraced/close', { fn_number, reason: 'the FN was taken out' })
      // The look at the new FN may come first.
      if (answer.status !== 409) this.counts.untraced += expectBody(answer, 200, closed).closed
    }
  }
}
