import type { TaskKind } from '@kkt/adapter/src/domain/task.ts'
import type { WantedTask } from '../checks/task_answers.ts'
import type { SimNode } from '../world/node.ts'
import type { World } from '../world/world.ts'
import type { Command } from './command.ts'
import { UNKNOWN_ID } from './refund.ts'
import type { Tills } from './tills.ts'

type TaskCommand = Extract<Command, { do: 'task' }>

/** A request for a task. `name`: its key, or its name in the story where it has none. */
type Errand = WantedTask & { name: string }

const PATHS: Record<Exclude<TaskKind, 'copy'>, string> = {
  open_shift: '/v1/kkt/shift/open',
  close_shift: '/v1/kkt/shift/close',
  x_report: '/v1/kkt/x_report',
  cash_in: '/v1/kkt/cash/in',
  cash_out: '/v1/kkt/cash/out',
}
const isCash = (kind: TaskKind) => kind === 'cash_in' || kind === 'cash_out'

/** The requests of one history for other work of the KKT than receipts. */
export class Errands {
  #sent: Errand[] = []
  #works: string[] = []

  constructor(
    private readonly world: World,
    private readonly tills: Tills,
  ) {}

  send(node: SimNode, { kind, kopecks, back, key, twice }: TaskCommand): void {
    const { nodes, receipts, findings } = this.world
    const sold = this.tills.sold(back)
    const isOfReceipt = key === 'of_receipt' && sold !== undefined
    const errand = {
      name: isOfReceipt ? sold.key : `task-${this.#sent.length + 1}`,
      hasKey: key !== 'none' || isCash(kind),
      kind,
      kopecks,
      receiptId: (sold && receipts.ofKey(sold.key)?.id) ?? UNKNOWN_ID,
    }
    this.#sent.push(errand)
    findings.count('tasks', `asked for: ${kind}`)
    this.#post(node, errand)
    if (twice) this.#post(nodes.find((other) => other !== node) ?? node, errand)
  }

  /** @param other asks for other work under its key */
  sendAgain(node: SimNode, back: number, other: boolean): void {
    const errand = this.#sent.at(-1 - back)
    if (!errand) return
    if (!other) this.#post(node, errand)
    else if (errand.hasKey) this.#post(node, { ...errand, kind: 'cash_in', kopecks: errand.kopecks + 1 })
  }

  /** The same number for the same work, because the key of a receipt may come with several works. */
  #numberOf({ kind, kopecks, receiptId }: Errand): number {
    const work = JSON.stringify([kind, isCash(kind) && kopecks, kind === 'copy' && receiptId])
    if (!this.#works.includes(work)) this.#works.push(work)
    return this.#works.indexOf(work)
  }

  #post(node: SimNode, errand: Errand): void {
    const { answers, taskAnswers } = this.world
    const { name, hasKey, kind, kopecks, receiptId } = errand
    const asked = taskAnswers.ask(answers.ask(name, this.#numberOf(errand)), errand)
    const path = kind === 'copy' ? `/v1/kkt/receipt/${receiptId}/copy` : PATHS[kind]
    const sent = isCash(kind) ? { amount: kopecks / 100, reason: name } : {}
    void this.tills.ask(node, hasKey ? name : null, sent, path).then((answer) => taskAnswers.answered(asked, answer))
  }
}
