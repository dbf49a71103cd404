import type { TaskKind } from '@kkt/adapter/src/domain/task.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import type { adapterClient } from '../harness/clients.ts'
import { type Answer, at, expectProblem } from '../harness/http.ts'
import { limits } from '../harness/limits.ts'
import type { Listening } from './tills.ts'

/** A task that the office asks for until it is answered, always with the same key. */
export type Asked = {
  key: string
  kind: TaskKind
  path: string
  body: object
  /** The tasks that it was answered with. There may be only one. */
  taskIds: Set<string>
  /** `refused`: the KKT did not do it. `not_taken`: the state of the shift or of the drawer forbade it. */
  end: 'done' | 'refused' | 'not_taken' | null
}

/** Pause before an adapter that does not answer, or is not done, is asked again. */
const PAUSE_MS = 20
const OBSTACLES = ['shift_open', 'shift_expired', 'shift_closed', 'drawer_too_low']

const named = z.looseObject({ task_id: z.string(), status: z.string() })
const receipts = z.looseObject({
  receipts: z.array(z.looseObject({ receipt_id: z.string(), fiscal_doc: z.unknown() })),
})

const other: Partial<Record<TaskKind, TaskKind>> = {
  open_shift: 'close_shift',
  close_shift: 'open_shift',
  cash_in: 'cash_out',
  cash_out: 'cash_in',
}

/** The shop's office. It asks for one task after another, each until it is answered, whichever adapter is alive. */
export class Office {
  readonly asked: Asked[] = []
  readonly troubles: string[] = []

  constructor(private readonly clock: Clock) {}

  /**
   * Asks for tasks of a kind, over and over, until the adapter ends. A shift is opened and closed in turn, and cash put in and out.
   * An answer that breaks the contract is trouble, and ends the work.
   */
  async work(kind: TaskKind, adapter: Listening): Promise<void> {
    await this.#work(kind, adapter).catch((error) => this.troubles.push(`the office: ${error}`))
  }

  async #work(kind: TaskKind, { url, ended }: Listening): Promise<void> {
    let isOver = false
    void ended.then(() => {
      isOver = true
    })
    for (let next = kind; !isOver; ) {
      const pending = this.asked.find(({ end }) => end === null) ?? (await this.#next(next, url))
      if (pending === null || !(await this.#send(pending, url))) {
        await Promise.race([ended, this.clock.wait(PAUSE_MS)])
      } else if (pending.kind === next) {
        next = other[next] ?? next
      }
    }
  }

  /** Asks until all is answered, or until `over` is aborted. */
  async finish(url: string, over: AbortSignal): Promise<void> {
    for (const request of this.asked.filter(({ end }) => end === null))
      while (!over.aborted && !(await this.#send(request, url))) await this.clock.wait(PAUSE_MS, over)
  }

  /** @returns null where there is nothing to ask for */
  async #next(kind: TaskKind, url: string): Promise<Asked | null> {
    const to = await this.#pathOf(kind, url)
    if (to === null) return null
    const request: Asked = { key: `office-${this.asked.length + 1}`, kind, ...to, taskIds: new Set(), end: null }
    this.asked.push(request)
    return request
  }

  async #pathOf(kind: TaskKind, url: string): Promise<Pick<Asked, 'path' | 'body'> | null> {
    switch (kind) {
      case 'open_shift':
        return { path: '/v1/kkt/shift/open', body: {} }
      case 'close_shift':
        return { path: '/v1/kkt/shift/close', body: {} }
      case 'x_report':
        return { path: '/v1/kkt/x_report', body: {} }
      case 'cash_in':
        return { path: '/v1/kkt/cash/in', body: { amount: this.#sum(10), reason: 'change' } }
      case 'cash_out':
        return { path: '/v1/kkt/cash/out', body: { amount: this.#sum(9) } }
      case 'copy': {
        const id = await someReceipt(url)
        return id === null ? null : { path: `/v1/kkt/receipt/${id}/copy`, body: {} }
      }
    }
  }

  /** A sum that no other request of its kind has. */
  #sum(roubles: number): number {
    return Math.round((roubles + this.asked.length / 100) * 100) / 100
  }

  /** Asks once. @returns whether the request has ended */
  async #send(request: Asked, url: string): Promise<boolean> {
    const headers = { 'idempotency-key': request.key }
    const answer = await at(url, limits.answerMs)
      .post(request.path, request.body, headers)
      .catch(() => null)
    if (answer === null || answer.status === 503) return false
    request.end = this.#read(request, answer)
    return request.end !== null
  }

  #read({ key, taskIds }: Asked, answer: Answer): Asked['end'] {
    if (answer.status === 200 || answer.status === 202) {
      const { task_id, status } = named.parse(JSON.parse(answer.text))
      taskIds.add(task_id)
      return status === 'done' ? 'done' : null
    }
    const { code } = expectProblem(answer, answer.status)
    if (code === 'task_refused') return 'refused'
    if (!OBSTACLES.includes(code)) this.troubles.push(`${key} of the office was answered ${answer.status} ${code}`)
    return 'not_taken'
  }
}

/** A life without tills prints what they have left at the most so long before its faults begin. */
const LEFT_OVER_MS = 3000

/** Has the KKT print the receipts of earlier lives, so that the faults to come strike tasks. @param calm ends the faults before */
export async function printLeftOver(
  { status }: Pick<ReturnType<typeof adapterClient>, 'status'>,
  clock: Clock,
  calm: () => Promise<void>,
): Promise<void> {
  await calm()
  const untilMs = clock.monotonicMs() + LEFT_OVER_MS
  while ((await status()).unprinted > 0 && clock.monotonicMs() < untilMs) await clock.wait(PAUSE_MS)
}

/** A receipt with a document; null where there is none, or no answer. */
async function someReceipt(url: string): Promise<string | null> {
  const answer = await at(url, limits.answerMs)
    .get('/v1/kkt/receipts?limit=20')
    .catch(() => null)
  if (answer?.status !== 200) return null
  const all = receipts.parse(JSON.parse(answer.text)).receipts
  return all.find(({ fiscal_doc: doc }) => doc !== null)?.receipt_id ?? null
}
