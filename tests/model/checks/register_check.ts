import type { RegistersDocument } from '../world/register_ofd.ts'
import type { TaskWatch } from '../world/register_service.ts'
import type { ContentCheck, SignOf } from './content_check.ts'
import type { Findings } from './findings.ts'
import type { KktCheck } from './kkt_check.ts'
import type { OfdCheck } from './ofd_check.ts'
import type { Subjects } from './subjects.ts'
import type { TaskCheck } from './task_check.ts'
import type { Receipts } from './tracked.ts'

type Deps = {
  findings: Findings
  receipts: Receipts
  contents: ContentCheck
  tasks: TaskCheck
  kkt: KktCheck
  subjects: Subjects | null
  delivery: OfdCheck
}

/** Checks the tasks of a register behind its service, and the documents that it hands to the OFD by itself. */
export class RegisterCheck implements TaskWatch {
  /** The last document that the OFD has, by FN. A request of an FN that was taken out may still arrive. */
  #lastFds = new Map<string, number>()

  constructor(private readonly deps: Deps) {}

  begins(uuid: string): void {
    const { subjects } = this.deps
    if (subjects) subjects.atWork = subjects.of(uuid)
  }

  ended(uuid: string, type: string, isDone: boolean): void {
    const { subjects, tasks, findings } = this.deps
    const subject = subjects?.of(uuid) ?? null
    findings.count('tasks of the register', `${type}${isDone ? '' : ', not done'}`)
    if (isDone) tasks.printed(subject)
    if (subjects) subjects.atWork = null
  }

  /** The OFD takes a document: each of an FN once, and in its order. */
  taken({ fnNumber, fdNumber, kind, text }: RegistersDocument): void {
    const { findings, receipts, kkt, contents, delivery } = this.deps
    findings.count('documents of the register at the OFD', kind)
    findings.tell(`OFD: takes document ${fdNumber}, ${kind}`)
    const lastFd = this.#lastFds.get(fnNumber) ?? 0
    if (fdNumber !== lastFd + 1)
      findings.violated('invariant 5', `the OFD gets document ${fdNumber} behind document ${lastFd}`)
    this.#lastFds.set(fnNumber, fdNumber)
    const id = kkt.receiptAt(fnNumber, fdNumber)
    const receipt = id === null ? undefined : receipts.find(id)
    if (!receipt) return
    receipt.atOfd = 'there'
    delivery.ofRegister.push(receipt.id)
    contents.takenFromRegister(receipt, text, [this.#signInFn, this.#signInJournal])
  }

  #signInFn: SignOf = (id) => this.deps.kkt.signedOf(id)?.fpd ?? null

  /** The adapter may have had a receipt printed before it was told of its original's document, or after it had pruned that. */
  #signInJournal: SignOf = (id) => {
    const original = this.deps.receipts.find(id)
    const isKnown = original !== undefined && !original.wasUntold && original.prunedAt === null
    return isKnown ? this.#signInFn(id) : null
  }
}
