import { isDeepStrictEqual } from 'node:util'
import type { TaskKind } from '@kkt/adapter/src/domain/task.ts'
import { doneAnswer, openAnswer } from '@kkt/adapter/src/http/task_answers.ts'
import { MOST_WAITING } from '@kkt/adapter/src/journal/tasks.ts'
import { z } from 'zod'
import type { Answer } from '../world/node.ts'
import type { Asked } from './answer_check.ts'
import type { KktCheck } from './kkt_check.ts'
import type { TaskCheck } from './task_check.ts'
import type { Receipts } from './tracked.ts'
import { TurnedAwayCheck, type TurnedAwayDeps } from './turned_away.ts'

const problem = z.object({ code: z.string(), detail: z.string() })
const ID = /[0-9a-f]{8}-[0-9a-f-]{27}/

/** A task as somebody asks for it. */
export type WantedTask = { hasKey: boolean; kind: TaskKind; kopecks: number; receiptId: string }
/** A request for a task. `key`: its name where it has none. */
type AskedTask = Asked & WantedTask & { atKktCommit: number; kktFailures: number }
/** The answers to one key. `outcome`: null while none of them told an end; `turn`: of the newest question before that. */
type Told = { id: string; body: number; turn: number; outcome: { what: object | 'refused'; turn: number } | null }

/** An answer that names a task. */
type Heard = { isReplay: boolean; outcome: object | 'refused' | null }

type Deps = TurnedAwayDeps & {
  receipts: Receipts
  tasks: TaskCheck
  kkt: KktCheck
  kktFailures: () => number
  turn: () => number
}

/** Checks that the answers to requests for tasks are true, and stay true. */
export class TaskAnswers {
  #told = new Map<string, Told>()
  #turned
  /** The last question while which the KKT was silent. */
  #silentUntilTurn = -1
  /** The commit that freed a key. */
  #freedAt = new Map<string, number>()

  constructor(private readonly deps: Deps) {
    this.#turned = new TurnedAwayCheck(deps)
  }

  /** The KKT stops answering, or answers again. */
  kktIs(silent: boolean): void {
    const wasSilent = this.#silentUntilTurn === Number.POSITIVE_INFINITY
    if (silent) this.#silentUntilTurn = Number.POSITIVE_INFINITY
    else if (wasSilent) this.#silentUntilTurn = this.deps.turn()
  }

  ask(asked: Asked, { hasKey, kind, kopecks, receiptId }: WantedTask): AskedTask {
    const { kkt, kktFailures } = this.deps
    return { ...asked, hasKey, kind, kopecks, receiptId, atKktCommit: kkt.commits, kktFailures: kktFailures() }
  }

  /** @param answer null where none came */
  answered(asked: AskedTask, answer: Answer | null): void {
    const { findings } = this.deps
    if (answer === null) return
    if (asked.hasKey && (this.#freedAt.get(asked.key) ?? -1) > asked.atCommit) {
      findings.count('answers to tasks', 'late')
      return
    }
    const isReplay = answer.headers.get('idempotency-replayed') === 'true'
    const json: unknown = JSON.parse(answer.text)
    const isTaken = answer.status === 200 || answer.status === 202
    const { code, detail } = isTaken ? { code: '', detail: '' } : problem.parse(json)
    const what = `${answer.status}${code && ` ${code}`}`
    const told = `${what}${isReplay ? ', replayed' : ''}`
    findings.count('answers to tasks', told)
    findings.tell(`who asked for ${asked.kind.replace('_', ' ')} ${asked.key} hears ${told}`)
    if (answer.status === 200) {
      const done = doneAnswer.parse(json)
      this.#taken(asked, done.task_id, { isReplay, outcome: done })
    } else if (answer.status === 202) this.#taken(asked, openAnswer.parse(json).task_id, { isReplay, outcome: null })
    else if (what === '502 task_refused') {
      this.#taken(asked, ID.exec(detail)?.[0] ?? '', { isReplay: true, outcome: 'refused' })
    } else if (this.#cameSecond(asked, what)) {
      this.#taken(asked, this.deps.tasks.ofKey(asked.key)?.id ?? '', { isReplay: true, outcome: 'refused' })
    } else this.#turnedAway(asked, what, answer)
  }

  /** Its task was taken, and then the shift had the wanted state already. */
  #cameSecond({ key, hasKey }: AskedTask, what: string): boolean {
    const isOfShift = what === '409 shift_open' || what === '409 shift_closed'
    return isOfShift && hasKey && this.deps.tasks.ofKey(key)?.status === 'refused'
  }

  /** The key is free again. */
  pruned(key: string, commit: number): void {
    this.#told.delete(key)
    this.#freedAt.set(key, commit)
  }

  #taken(asked: AskedTask, id: string, heard: Heard): void {
    const { findings, tasks } = this.deps
    const { hasKey, key, kind } = asked
    const task = tasks.all.get(id)
    if (!task) {
      findings.violated('invariant 1', `${key} is answered with task ${id}, which is not journaled`)
      return
    }
    const name = tasks.name(id)
    const status = heard.outcome === 'refused' ? 'refused' : 'done'
    if (task.kind !== kind) findings.violated('answers', `${key} is a ${kind}, and answered as ${name}`)
    if (heard.outcome !== null && task.status !== status)
      findings.violated('answers', `${name} is answered as ${status}, and is ${task.status}`)
    // An opening or a closing without a key may join another one.
    if (!hasKey) return
    if (task.key !== key) findings.violated('invariant 2', `${key} is answered with ${name}`)
    this.#compareWithBefore(asked, id, heard)
  }

  /** Invariant 2: the same key gets the same answer, apart from an outcome that has become known meanwhile. */
  #compareWithBefore({ key, body, turn }: AskedTask, id: string, { isReplay, outcome }: Heard): void {
    const { findings } = this.deps
    const before = this.#told.get(key)
    const now = outcome && { what: outcome, turn: this.deps.turn() }
    if (!before) {
      this.#told.set(key, { id, body, turn: this.deps.turn(), outcome: now })
      return
    }
    const known = before.outcome
    this.#told.set(key, { ...before, outcome: known ?? now })
    if (before.id !== id) findings.violated('invariant 2', `${key} is answered with another task`)
    if (before.body !== body) findings.violated('invariant 2', `${key} is taken with other work`)
    if (!isReplay && turn > before.turn)
      findings.violated('invariant 2', `${key} is answered again, and not as a replay`)
    if (known === null || isDeepStrictEqual(known.what, outcome) || (outcome === null && turn <= known.turn)) return
    findings.violated('invariant 2', `${key} is answered otherwise than before`)
  }

  /** Nothing was taken. The reason is true, and the key had not been taken before. */
  #turnedAway(asked: AskedTask, what: string, answer: Answer): void {
    const { findings, tasks, receipts } = this.deps
    const { key, hasKey, kind, body, turn } = asked
    const told = hasKey ? (this.#told.get(key) ?? null) : null
    if (what === '422 idempotency_key_reused') {
      const isReceipts = receipts.ofKey(key) !== undefined
      const isOther = tasks.ofKey(key) !== undefined && told?.body !== body
      if (!isReceipts && !isOther) findings.violated('invariant 2', `${key} is answered as used, and is not`)
      return
    }
    if (what === '503 journal_unavailable' || what === '503 shutting_down') {
      this.#turned.check(asked, what, answer, 1, told)
      return
    }
    if (this.#isTrue(what, asked) !== true)
      findings.violated('answers', `${kind} ${key} is answered ${what}, which is not so`)
    // A copy is refused where its receipt is not there any more, whatever its key.
    if (told && turn > told.turn && kind !== 'copy')
      findings.violated('invariant 2', `${key} was taken, and is answered ${what} when sent again`)
  }

  #isTrue(what: string, { kind, kopecks, receiptId, turn, atCommit, ...at }: AskedTask): boolean | undefined {
    const { kkt, receipts, tasks, kktFailures } = this.deps
    const wasShift = (isOpen: boolean) => kkt.books.wasSince(at.atKktCommit, (moment) => moment.isOpen === isOpen)
    const receipt = receipts.find(receiptId)
    const checks: Record<string, () => boolean> = {
      '409 shift_open': () => kind === 'open_shift' && wasShift(true),
      '409 shift_expired': () => kind === 'open_shift' && wasShift(true),
      '409 shift_closed': () => kind === 'close_shift' && wasShift(false),
      '409 drawer_too_low': () =>
        kind === 'cash_out' && kkt.books.wasSince(at.atKktCommit, ({ drawerKopecks }) => drawerKopecks < kopecks),
      '409 no_fiscal_document': () => kind === 'copy' && (receipt?.documentedAt ?? Infinity) > atCommit,
      '404 receipt_not_found': () => kind === 'copy' && (!receipt || receipt.prunedAt !== null),
      '503 too_many_tasks': () => tasks.all.size >= MOST_WAITING,
      '503 kkt_silent': () => turn <= this.#silentUntilTurn || kktFailures() > at.kktFailures,
    }
    return checks[what]?.()
  }

  /** The answers still hold at the end. */
  compare(): void {
    const { findings, tasks } = this.deps
    for (const [key, { id, outcome }] of this.#told) {
      const status = tasks.all.get(id)?.status
      const told = outcome && (outcome.what === 'refused' ? 'refused' : 'done')
      if (told !== null && status !== told)
        findings.violated('answers', `${key} was answered as ${told}, and is ${status}`)
    }
  }
}
