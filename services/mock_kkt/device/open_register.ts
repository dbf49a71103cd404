import { randomUUID } from 'node:crypto'
import type { Cashier } from '@kkt/adapter/src/domain/customer.ts'
import type { FiscalDoc, Paper, ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import type { ShiftDocument, ShiftTotals } from '@kkt/adapter/src/domain/shift.ts'
import { contentText } from '@kkt/adapter/src/domain/stored_content.ts'
import { TAXATION_SYSTEMS } from '@kkt/adapter/src/domain/taxation.ts'
import type { Database } from '@kkt/adapter/src/sqlite/database.ts'
import type { Clock } from '@kkt/platform/clock.ts'
import type {
  ArchivedDocument,
  Made,
  NotMade,
  PlainDocument,
  Register,
  RegisterState,
  RegisterTrouble,
} from '../register.ts'
import { type Moment, printerTroubleOf } from './device.ts'
import { minuteOf } from './document_time.ts'
import type { KktFaultsChange } from './faults.ts'
import { fnTroubleOf } from './fn_life.ts'
import { type DeviceOptions, type Faults, type OpenDevice, openDevice, type ReplacedFn } from './open_device.ts'
import { refusalOf } from './refusal.ts'
import { registerState } from './register_state.ts'
import type { Registration } from './registration.ts'
import { cashOf } from './report.ts'
import { countsIn } from './tasks_done.ts'

/**
 * Opens the register that a network reaches. It is registered with all taxation systems unless the options name some.
 * @param db its memory: it survives a restart in a file
 * @throws StorageFailure, SchemaTooNew, SchemaTooOld, OthersBuffer when its memory cannot be used; RangeError for a zone
 * that does not exist
 */
export function openRegister(
  db: Database,
  options: Omit<DeviceOptions, 'deliversItself'>,
  { clock }: { clock: Clock },
): CashRegister {
  const taxationSystems = options.taxationSystems ?? TAXATION_SYSTEMS
  return new CashRegister(openDevice(db, { ...options, taxationSystems, deliversItself: true }, clock))
}

/** Each of its acts is one transaction. */
export class CashRegister implements Register {
  readonly registration: Registration
  readonly faults: Faults

  constructor(private readonly parts: OpenDevice) {
    this.registration = parts.memory.device().registration
    this.faults = parts.faults
  }

  state(): RegisterState {
    return this.#at((now) => registerState(now, this.parts))
  }

  receipt(content: ReceiptContent, id: string, printing: Paper = 'printed'): Made<FiscalDoc> | NotMade {
    return this.#at((now) => {
      const trouble = this.parts.device.troubleOf(now)
      if (trouble !== null && trouble !== 'paper_out') return refused(trouble)
      const text = contentText(content)
      const refusal = refusalOf(content, text, now.registration)
      if (refusal !== null) return refused(refusal.kind)
      // An electronic receipt waits for no paper.
      const paper = content.electronic === true ? 'printed' : paperOf(now, printing)
      const { doc, shiftOpened } = this.parts
        .fileAt(now)
        .receipt({ id, key: id, content }, text, paper, content.cashier ?? null)
      return shiftOpened === undefined ? made(doc, paper) : { ...made(doc, paper), shiftOpened }
    })
  }

  openShift(cashier: Cashier | null, printing: Paper = 'printed'): Made<ShiftDocument> | NotMade {
    return this.#at((now) => {
      if (now.shift.kind === 'open') return refused('shift_open')
      return this.#report(now, printing, (paper) => this.parts.fileAt(now).openShift(cashier, paper))
    })
  }

  closeShift(cashier: Cashier | null, printing: Paper = 'printed'): Made<ShiftDocument> | NotMade {
    const { device, fileAt } = this.parts
    return this.#at((now) => {
      if (now.shift.kind === 'closed') return refused('shift_closed')
      const closed = this.#report(now, printing, (paper) => fileAt(now).closeShift(cashier, paper))
      if (closed.kind === 'made') device.setFaults(now, { ...now.faults, shift_expired: false })
      return closed
    })
  }

  ofdReport(cashier: Cashier | null, printing: Paper = 'printed'): Made<PlainDocument> | NotMade {
    return this.#at((now) => this.#report(now, printing, (paper) => this.parts.fileAt(now).ofdReport(cashier, paper)))
  }

  moveCash(kopecks: number): { kind: 'moved'; drawerKopecks: number } | NotMade {
    const { memory } = this.parts
    return this.#at((now) => {
      const trouble = this.#busyOr(now, () => printerFaultOf(now))
      if (trouble !== null) return refused(trouble)
      const drawerKopecks = cashOf(now, memory) + kopecks
      if (drawerKopecks < 0) return refused('drawer_too_low')
      memory.moveCash(kopecks)
      memory.tasks.append(
        {
          taskId: randomUUID(),
          kind: kopecks < 0 ? 'cash_out' : 'cash_in',
          shiftNumber: countsIn(now),
          amountKopecks: Math.abs(kopecks),
        },
        now.fn.fnNumber,
        { doc: null, totals: null, drawerKopecks },
      )
      return { kind: 'moved', drawerKopecks }
    })
  }

  shiftTotals(): ShiftTotals {
    const { counters } = this.parts.memory
    return this.#at(({ fn, shift }) => counters.of(fn.fnNumber, shift.shiftNumber).totals)
  }

  document(fdNumber: number): ArchivedDocument | null {
    const { memory } = this.parts
    return memory.archive.find(fdNumber, memory.device().confirmedThroughFd)
  }

  documentsAfter(fdNumber: number, limit: number): ArchivedDocument[] {
    const { memory } = this.parts
    return memory.archive.after(fdNumber, limit, memory.device().confirmedThroughFd)
  }

  finishPaper(): void {
    this.#at(() => this.parts.memory.documents.printRest())
  }

  setClock(toMs: number): { kind: 'set' } | NotMade {
    return this.#at((now) => {
      if (now.shift.kind === 'open') return refused('shift_open')
      if (minuteOf(toMs) < minuteOf(now.lastDocumentMs)) return refused('clock_behind')
      this.parts.device.setClock(now, toMs)
      return { kind: 'set' }
    })
  }

  confirmThrough(fnNumber: string, fdNumber: number): void {
    this.#at((now) => this.parts.device.confirmThrough(now, fnNumber, fdNumber))
  }

  setFaults(change: KktFaultsChange): void {
    this.faults.configure(change)
  }

  replaceFn(): ReplacedFn {
    return this.parts.replaceFn()
  }

  close(): void {
    this.parts.memory.close()
  }

  #at<T>(work: (now: Moment) => T): T {
    const { memory, device } = this.parts
    return memory.transaction(() => work(device.now()))
  }

  /** Makes a document that is no receipt, unless a trouble stops it. An expired shift does not. */
  #report<Doc>(now: Moment, printing: Paper, sign: (paper: Paper) => Doc): Made<Doc> | NotMade {
    const trouble = this.#busyOr(now, () => fnTroubleOf(now) ?? printerFaultOf(now))
    if (trouble !== null) return refused(trouble)
    const paper = paperOf(now, printing)
    return made(sign(paper), paper)
  }

  #busyOr<Trouble>(now: Moment, others: () => Trouble): 'busy' | Trouble {
    return this.parts.device.strikes(now, 'busy') ? 'busy' : others()
  }
}

const refused = (trouble: RegisterTrouble): NotMade => ({ kind: 'refused', trouble })

const made = <Doc>(doc: Doc, paper: Paper) => ({ kind: 'made' as const, doc, isOnPaper: paper === 'printed' })

/** @param printing of a printer that has paper */
const paperOf = ({ faults }: Moment, printing: Paper): Paper => (faults.paper_out ? 'missing' : printing)

/** Trouble of the printer in which no document is made. Without paper it is. */
function printerFaultOf({ faults }: Moment): 'cover_open' | 'printer_fault' | null {
  const trouble = printerTroubleOf(faults)
  return trouble === 'paper_out' ? null : trouble
}
