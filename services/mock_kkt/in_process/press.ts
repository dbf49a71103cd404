import type { KktOutcome, ToFiscalize } from '@kkt/adapter/src/domain/kkt_outcome.ts'
import type { FiscalDoc, Paper } from '@kkt/adapter/src/domain/receipt.ts'
import type { ShiftDocument } from '@kkt/adapter/src/domain/shift.ts'
import { contentText } from '@kkt/adapter/src/domain/stored_content.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import type { MockDevice, Moment } from '../device/device.ts'
import type { KktFaults } from '../device/faults.ts'
import type { Filing } from '../device/filing.ts'
import type { FiscalMemory } from '../device/fiscal_memory.ts'
import type { DeviceOptions, FileAt } from '../device/open_device.ts'
import { type Refusal, refusalOf } from '../device/refusal.ts'
import type { Registration } from '../device/registration.ts'
import {
  NO_CONNECTION,
  NO_MEMORY,
  NO_REPLY,
  notRegisteredWith,
  RECEIPT_REFUSED,
  REFUSALS,
  tooLarge,
} from './answers.ts'

export type MockKktOptions = DeviceOptions & {
  /** The printing time is read for each document, because it may change. */
  readonly printDelayMinMs: number
  readonly printDelayMaxMs: number
}

/** A document in the FN. `takesMs`: the time until its paper is out. */
type Made = {
  kind: 'made'
  doc: FiscalDoc
  shiftOpened?: ShiftDocument
  paper: Paper
  takesMs: number
  isReplyLost: boolean
}
type NotMade = Exclude<KktOutcome, { kind: 'done' }>

type PressDeps = {
  memory: FiscalMemory
  device: MockDevice
  options: MockKktOptions
  clock: Clock
  random: () => number
  fileAt: FileAt
}

function refused(refusal: Refusal, { taxationSystems }: Registration): NotMade {
  return refusal.kind === 'document_too_large'
    ? tooLarge(refusal.bytes)
    : notRegisteredWith(refusal.system, taxationSystems)
}

export class Press {
  constructor(private readonly deps: PressDeps) {}

  /** Signs documents into the FN, inside an exchange, up to the first one that is not done at once. */
  makeAll(receipts: readonly ToFiscalize[], state: Moment): (Made | NotMade)[] {
    const all: (Made | NotMade)[] = []
    const filing = this.deps.fileAt(state)
    for (const receipt of receipts) {
      const one = this.#make(receipt, state, filing)
      all.push(one)
      if (one.kind !== 'made' || one.paper === 'missing' || one.isReplyLost) break
    }
    return all
  }

  /** The outcome to tell, once the paper is out. */
  async outcomeOf(one: Made | NotMade): Promise<KktOutcome> {
    if (one.kind !== 'made') return one
    const { doc, shiftOpened, takesMs, isReplyLost } = one
    if (takesMs > 0 && !(await this.print(doc, takesMs))) return NO_MEMORY
    if (isReplyLost) return NO_REPLY
    const paper: Paper = takesMs > 0 ? 'printed' : one.paper
    return shiftOpened === undefined ? { kind: 'done', doc, paper } : { kind: 'done', doc, paper, shiftOpened }
  }

  /** Signs a document into the FN. If printing takes time, `outcomeOf` brings out the paper. */
  #make(receipt: ToFiscalize, state: Moment, filing: Filing): Made | NotMade {
    const { device } = this.deps
    if (device.strikes(state, 'connection_lost')) return NO_CONNECTION
    const trouble = device.troubleOf(state)
    if (trouble !== null && trouble !== 'paper_out') return REFUSALS[trouble]
    if (device.strikes(state, 'receipt_refused')) return RECEIPT_REFUSED
    const text = contentText(receipt.content)
    const refusal = refusalOf(receipt.content, text, state.registration)
    if (refusal !== null) return refused(refusal, state.registration)
    const isElectronic = receipt.content.electronic === true
    const takesMs = trouble === null && !isElectronic ? this.printMs(state.faults) : 0
    // An electronic receipt waits for no paper. Printing that takes no time is done in the same transaction.
    const paper: Paper = isElectronic || (trouble === null && takesMs === 0) ? 'printed' : 'missing'
    const filed = filing.receipt(receipt, text, paper)
    return { kind: 'made', ...filed, paper, takesMs, isReplyLost: device.strikes(state, 'reply_lost') }
  }

  /** The printing time of the next document. */
  printMs({ slow_print_seconds }: KktFaults): number {
    const { options, random } = this.deps
    const { printDelayMinMs, printDelayMaxMs } = options
    return printDelayMinMs + random() * (printDelayMaxMs - printDelayMinMs) + slow_print_seconds * 1000
  }

  /** Resolves when the paper is out, to whether that is known. */
  async print(doc: Pick<FiscalDoc, 'fnNumber' | 'fdNumber'>, takesMs: number): Promise<boolean> {
    await this.deps.clock.wait(takesMs)
    try {
      this.deps.memory.documents.markPrinted(doc)
      return true
    } catch {
      return false
    }
  }
}
