import type { FiscalDoc, Paper } from '../../domain/receipt.ts'
import type { ToFiscalize } from '../driver.ts'
import type { Moment } from './device.ts'
import type { DocumentTime } from './document_time.ts'
import type { ServiceKind } from './documents.ts'
import type { FiscalMemory, Shift } from './fiscal_memory.ts'
import { sign, signReceipt } from './sign.ts'

type FilingDeps = { memory: FiscalMemory; kktNumber: string; timeOf: (nowMs: number) => DocumentTime }

/** Signs documents into the FN, one behind the other, within one transaction and at one moment. */
export class Filing {
  readonly #time: DocumentTime
  #lastFdNumber: number
  #lastReceiptNumber: number
  #shift: Shift

  constructor(
    private readonly deps: FilingDeps,
    private readonly state: Moment,
  ) {
    this.#time = deps.timeOf(state.nowMs)
    this.#lastFdNumber = state.lastFdNumber
    this.#lastReceiptNumber = state.lastReceiptNumber
    this.#shift = state.shift
  }

  /** The first document of a new FN. */
  register(): void {
    const { registrationNumber, serialNumber, seller } = this.state.registration
    this.#append('registration', registrationNumber, serialNumber, seller.inn)
  }

  /** Closes the shift, if one is open, and opens the next. */
  renewShift(): void {
    if (this.#shift.kind === 'open') {
      this.#append('shift_closing')
      this.deps.memory.closeShift()
    }
    this.#openShift()
  }

  /**
   * Signs a receipt. The first one of a shift has the shift's opening before it.
   * @param text its content as it is kept
   */
  receipt(receipt: ToFiscalize, text: string, paper: Paper): FiscalDoc {
    if (this.#shift.kind === 'closed') this.#openShift()
    this.#lastReceiptNumber += 1
    const doc = signReceipt(this.#next(), { ...receipt, receiptNumber: this.#lastReceiptNumber })
    this.deps.memory.documents.appendReceipt({ ...receipt, text }, doc, this.#time.instantMs, paper)
    return doc
  }

  #openShift(): void {
    const shiftNumber = this.#shift.shiftNumber + 1
    const { nowMs } = this.state
    this.deps.memory.openShift(shiftNumber, nowMs)
    this.#shift = { kind: 'open', shiftNumber, openedAtMs: nowMs }
    this.#lastReceiptNumber = 0
    this.#append('shift_opening')
  }

  /** @param signed the parts that the signature covers beside the document's numbers and time */
  #append(kind: ServiceKind, ...signed: readonly string[]): void {
    const paper: Paper = this.state.faults.paper_out ? 'missing' : 'printed'
    this.deps.memory.documents.append(kind, sign(this.#next(), kind, ...signed), this.#time.instantMs, paper)
  }

  #next() {
    this.#lastFdNumber += 1
    return {
      fdNumber: this.#lastFdNumber,
      shiftNumber: this.#shift.shiftNumber,
      time: this.#time,
      fn: this.state.fn,
      registration: this.state.registration,
      kktNumber: this.deps.kktNumber,
    }
  }
}
