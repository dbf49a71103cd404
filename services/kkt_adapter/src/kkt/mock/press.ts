import type { Clock } from '@kkt/platform/clock.ts'
import type { FiscalDoc, Paper, ReceiptContent } from '../../domain/receipt.ts'
import { contentText } from '../../domain/stored_content.ts'
import type { KktOutcome, ToFiscalize } from '../driver.ts'
import { NO_CONNECTION, NO_MEMORY, NO_REPLY, notRegisteredWith, REFUSALS, tooLarge } from './answers.ts'
import { taxationSystemOf } from './details.ts'
import type { MockDevice, Moment } from './device.ts'
import { documentBytes, MAX_DOCUMENT_BYTES, SURELY_SMALL_CHARACTERS } from './document_size.ts'
import type { KktFaults } from './faults.ts'
import type { Filing } from './filing.ts'
import type { FiscalMemory } from './fiscal_memory.ts'
import type { Registration } from './registration.ts'

export type MockKktOptions = {
  kktNumber: string
  /** The printing time is read for each document, because it may change. */
  readonly printDelayMinMs: number
  readonly printDelayMaxMs: number
  /** The zone of the KKT's clock, by its IANA name. @default 'Europe/Moscow' */
  timeZone?: string
}

/** A document in the FN. `takesMs`: the time until its paper is out. */
type Made = { kind: 'made'; doc: FiscalDoc; paper: Paper; takesMs: number; isReplyLost: boolean }
type NotMade = Exclude<KktOutcome, { kind: 'done' }>

type PressDeps = {
  memory: FiscalMemory
  device: MockDevice
  options: MockKktOptions
  clock: Clock
  random: () => number
  /** Begins to sign documents into the FN. */
  fileAt: (state: Moment) => Filing
}

/**
 * The reason for which this KKT makes no document of such a receipt; null without one.
 * @param text the content as it is kept
 */
function refusalOf(content: ReceiptContent, text: string, registration: Registration): NotMade | null {
  const { taxationSystems } = registration
  const system = taxationSystemOf(content, registration)
  if (!taxationSystems.includes(system)) return notRegisteredWith(system, taxationSystems)
  if (text.length <= SURELY_SMALL_CHARACTERS) return null
  const bytes = documentBytes(content, registration)
  return bytes > MAX_DOCUMENT_BYTES ? tooLarge(bytes) : null
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
      // A fault that struck has changed the device's state.
      if (one.kind !== 'made' || one.paper === 'missing' || one.isReplyLost) break
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
  #make(receipt: ToFiscalize, state: Moment, filing: Filing): Made | NotMade {
    const { device } = this.deps
    const { faults } = state
    if (device.strikes(faults, 'connection_lost')) return NO_CONNECTION
    const trouble = device.troubleOf(state)
    if (trouble !== null && trouble !== 'paper_out') return REFUSALS[trouble]
    const text = contentText(receipt.content)
    const refusal = refusalOf(receipt.content, text, state.registration)
    if (refusal !== null) return refusal
    const isElectronic = receipt.content.electronic === true
    const takesMs = trouble === null && !isElectronic ? this.printMs(faults) : 0
    // An electronic receipt waits for no paper. Printing that takes no time is done in the same transaction.
    const paper: Paper = isElectronic || (trouble === null && takesMs === 0) ? 'printed' : 'missing'
    const doc = filing.receipt(receipt, text, paper)
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
      this.deps.memory.documents.markPrinted(fdNumber)
      return true
    } catch {
      return false
    }
  }
}
