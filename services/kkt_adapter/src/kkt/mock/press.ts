import type { Clock } from '@kkt/platform/clock.ts'
import type { FiscalDoc, Paper } from '../../domain/receipt.ts'
import type { KktOutcome, ToFiscalize } from '../driver.ts'
import { NO_CONNECTION, NO_MEMORY, NO_REPLY, REFUSALS } from './answers.ts'
import type { MockDevice } from './device.ts'
import type { KktFaults } from './faults.ts'
import type { Device, FiscalMemory } from './fiscal_memory.ts'
import { sign } from './sign.ts'

/** The printing time is read for each document, because it may change. */
export type MockKktOptions = { kktNumber: string; readonly printDelayMinMs: number; readonly printDelayMaxMs: number }

/** A document in the FN. `takesMs`: the time until its paper is out. */
type Made = { kind: 'made'; doc: FiscalDoc; paper: Paper; takesMs: number; isReplyLost: boolean }
type NotMade = Exclude<KktOutcome, { kind: 'done' }>

export class Press {
  constructor(
    private readonly memory: FiscalMemory,
    private readonly device: MockDevice,
    private readonly deps: { options: MockKktOptions; clock: Clock; random: () => number },
  ) {}

  /** Signs documents into the FN, inside an exchange, up to the first one that is not done at once. */
  makeAll(receipts: readonly ToFiscalize[], state: Device): (Made | NotMade)[] {
    const all: (Made | NotMade)[] = []
    let { lastFdNumber, lastReceiptNumber } = state
    for (const receipt of receipts) {
      const one = this.#make(receipt, { ...state, lastFdNumber, lastReceiptNumber })
      all.push(one)
      // A fault that struck has changed the device's state.
      if (one.kind !== 'made' || one.paper === 'missing' || one.isReplyLost) break
      lastFdNumber = one.doc.fdNumber
      lastReceiptNumber = one.doc.receiptNumber
    }
    return all
  }

  /** The outcome to tell, once the paper is out. */
  async outcomeOf(one: Made | NotMade): Promise<KktOutcome> {
    if (one.kind !== 'made') return one
    const { doc, takesMs, paper, isReplyLost } = one
    if (takesMs > 0 && !(await this.print(doc.fdNumber, takesMs))) return NO_MEMORY
    return isReplyLost ? NO_REPLY : { kind: 'done', doc, paper: takesMs > 0 ? 'printed' : paper }
  }

  /** Signs a document into the FN. If printing takes time, `outcomeOf` brings out the paper. */
  #make(receipt: ToFiscalize, state: Device): Made | NotMade {
    const { memory, device } = this
    const { options, clock } = this.deps
    const { id, content } = receipt
    const { fn, faults } = state
    if (device.strikes(faults, 'connection_lost')) return NO_CONNECTION
    const trouble = device.troubleOf(state)
    if (trouble !== null && trouble !== 'paper_out') return REFUSALS[trouble]
    const numbers = { fdNumber: state.lastFdNumber + 1, receiptNumber: state.lastReceiptNumber + 1 }
    const doc = sign({ ...numbers, id, content, fn, kktNumber: options.kktNumber, wallMs: clock.wallMs() })
    const takesMs = trouble === null ? this.printMs(faults) : 0
    // Printing that takes no time is done in the same transaction.
    const paper: Paper = trouble === null && takesMs === 0 ? 'printed' : 'missing'
    memory.documents.append(receipt, doc, paper)
    return { kind: 'made', doc, paper, takesMs, isReplyLost: device.strikes(faults, 'reply_lost') }
  }

  /** The printing time of the next document. */
  printMs({ slow_print_seconds }: KktFaults): number {
    const { options, random } = this.deps
    const { printDelayMinMs, printDelayMaxMs } = options
    return printDelayMinMs + random() * (printDelayMaxMs - printDelayMinMs) + slow_print_seconds * 1000
  }

  /** Resolves when the paper is out, to whether that is known. */
  async print(fdNumber: number, takesMs: number): Promise<boolean> {
    await this.deps.clock.wait(takesMs)
    try {
      this.memory.documents.markPrinted(fdNumber)
      return true
    } catch {
      return false
    }
  }
}
