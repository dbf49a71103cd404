import type { Cashier } from '@kkt/adapter/src/domain/customer.ts'
import { printable } from '@kkt/adapter/src/domain/printable.ts'
import type { FiscalDoc, Paper } from '@kkt/adapter/src/domain/receipt.ts'
import { receiptsIn, type ShiftDocument, type ShiftDocumentKind, takingsIn } from '@kkt/adapter/src/domain/shift.ts'
import { type Moment, printerTroubleOf } from './device.ts'
import type { DocumentTime } from './document_time.ts'
import type { Signed, ToFile } from './documents.ts'
import type { FiscalMemory, Shift } from './fiscal_memory.ts'
import { fnFlagsOf, lastDayOf, unsentOf } from './fn_life.ts'
import { sign, signReceipt } from './sign.ts'

type FilingDeps = { memory: FiscalMemory; kktNumber: string; timeOf: (nowMs: number) => DocumentTime }

/** A receipt's document, and the opening of its shift where there was none open. */
type FiledReceipt = { doc: FiscalDoc; shiftOpened?: ShiftDocument }

/** `cashier`: 1021, 1203. Absent: nobody was named. */
type OfdReport = Signed & { cashier?: Cashier }

type ShiftClosing = Extract<ShiftDocument, { kind: 'shift_closing' }>

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

  /**
   * The first document of a new FN.
   * @param isAtOfd the OFD gets it while the KKT is being registered; otherwise the KKT hands it over later
   */
  register(isAtOfd: boolean): void {
    const { memory } = this.deps
    const { registrationNumber, serialNumber, seller } = this.state.registration
    const signed = sign(this.#next(), 'registration', registrationNumber, serialNumber, seller.inn)
    memory.documents.append('registration', signed, this.#time.instantMs, this.#paper())
    memory.validThrough(lastDayOf(this.state.today))
    memory.confirmThrough(isAtOfd ? signed.fdNumber : 0)
  }

  /**
   * Signs a receipt. The first one of a shift has the shift's opening before it.
   * @param text its content as it is kept
   * @param opener opens the shift, if it is closed
   */
  receipt(receipt: ToFile, text: string, paper: Paper, opener: Cashier | null = null): FiledReceipt {
    const opened = this.#shift.kind === 'closed' ? this.openShift(opener, this.#paper()) : null
    this.#lastReceiptNumber += 1
    const doc = signReceipt(this.#next(), { ...receipt, receiptNumber: this.#lastReceiptNumber })
    this.deps.memory.documents.appendReceipt({ ...receipt, text }, doc, this.#time.instantMs, paper)
    this.deps.memory.counters.note(doc)
    return opened === null ? { doc } : { doc, shiftOpened: opened }
  }

  openShift(cashier: Cashier | null, paper: Paper): ShiftDocument {
    const shiftNumber = this.#shift.shiftNumber + 1
    const { nowMs } = this.state
    this.deps.memory.openShift(shiftNumber, nowMs)
    this.#shift = { kind: 'open', shiftNumber, openedAtMs: nowMs }
    this.#lastReceiptNumber = 0
    const doc: ShiftDocument = { ...this.#ofShift('shift_opening', cashier), kind: 'shift_opening' }
    this.deps.memory.documents.append(doc.kind, doc, this.#time.instantMs, paper)
    this.deps.memory.counters.note(doc)
    return doc
  }

  /** Closes the open shift. The cash of its receipts stays in the drawer. */
  closeShift(cashier: Cashier | null, paper: Paper): ShiftClosing {
    const { memory } = this.deps
    const { shiftNumber } = this.#shift
    const { totals, documents } = memory.counters.of(this.state.fn.fnNumber, shiftNumber)
    const takingsKopecks = takingsIn(totals, 'cash')
    const { keeps_no_drawer_sum } = this.state.faults
    const doc: ShiftClosing = {
      ...this.#ofShift('shift_closing', cashier),
      kind: 'shift_closing',
      receiptCount: receiptsIn(totals),
      documentCount: documents + 1,
      totals,
      drawerKopecks: keeps_no_drawer_sum ? null : this.state.drawerKopecks + takingsKopecks,
    }
    memory.moveCash(takingsKopecks)
    memory.closeShift()
    this.#shift = { kind: 'closed', shiftNumber }
    memory.documents.append(doc.kind, doc, this.#time.instantMs, paper)
    memory.counters.note(doc)
    return doc
  }

  /** The report of the exchange with the OFD. */
  ofdReport(cashier: Cashier | null, paper: Paper): OfdReport {
    const { memory } = this.deps
    const signed = sign(this.#next(), 'ofd_report')
    const doc = cashier === null ? signed : { ...signed, cashier: { ...cashier, name: printable(cashier.name) } }
    memory.documents.append('ofd_report', doc, this.#time.instantMs, paper)
    return doc
  }

  #ofShift(kind: ShiftDocumentKind, cashier: Cashier | null) {
    const { registrationNumber, serialNumber, seller, address, place, ffdVersion, fnsUrl } = this.state.registration
    // The documents that this filing has signed are unsent, too.
    const before = { ...this.state, lastFdNumber: this.#lastFdNumber }
    return {
      ...sign(this.#next(), kind),
      instantMs: this.#time.instantMs,
      registrationNumber,
      serialNumber,
      seller,
      address,
      place,
      cashier: cashier === null ? null : { ...cashier, name: printable(cashier.name) },
      ffdVersion,
      fnsUrl,
      fnFlags: fnFlagsOf(before),
      unsent: unsentOf(before),
    }
  }

  /** The paper of a document that comes before the one that is asked for. */
  #paper = (): Paper => (printerTroubleOf(this.state.faults) === null ? 'printed' : 'missing')

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
