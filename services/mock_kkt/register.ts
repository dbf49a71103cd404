import type { Cashier } from '@kkt/adapter/src/domain/customer.ts'
import type { FiscalDoc, Paper, ReceiptContent } from '@kkt/adapter/src/domain/receipt.ts'
import type { FnFlag, ShiftDocument, ShiftState, ShiftTotals, Unsent } from '@kkt/adapter/src/domain/shift.ts'
import type { KktFaultsChange } from './device/faults.ts'
import type { Registration } from './device/registration.ts'

/** The reasons why the register makes no document, or does not do what it is told. */
export type RegisterTrouble =
  | 'busy'
  | 'paper_out'
  | 'cover_open'
  | 'printer_fault'
  | 'shift_expired'
  | 'shift_closed'
  | 'shift_open'
  | 'clock_behind'
  | 'fn_full'
  | 'fn_expired'
  | 'fn_broken'
  | 'fn_unsent_too_long'
  | 'not_registered'
  | 'taxation_not_registered'
  | 'document_too_large'
  | 'drawer_too_low'

export type NotMade = { kind: 'refused'; trouble: RegisterTrouble }

/** `shiftOpened`: the shift was closed, so that the register opened one first. `isOnPaper`: an electronic receipt counts as printed. */
export type Made<Doc> = { kind: 'made'; doc: Doc; isOnPaper: boolean; shiftOpened?: ShiftDocument }

/** A document as the FN's archive tells it. `isOnPaper`: an electronic receipt counts as printed. */
export type ArchivedDocument = { isSent: boolean; isOnPaper: boolean } & (
  | { kind: 'receipt'; doc: FiscalDoc; content: ReceiptContent }
  | { kind: 'shift_opening' | 'shift_closing'; doc: ShiftDocument }
  | { kind: 'registration' | 'ofd_report'; doc: PlainDocument }
)

/** A document that is neither a receipt nor a shift's: the registration (FD 1), and the report of the exchange with the OFD. */
export type PlainDocument = {
  fdNumber: number
  fiscalSign: string
  /** ISO 8601 in the register's zone. */
  fiscalDatetime: string
  fnNumber: string
  shiftNumber: number
  /** Of a report. Absent: nobody was named. */
  cashier?: Cashier
}

export type RegisterState = {
  fnNumber: string
  /** 0: the FN holds none. */
  lastFdNumber: number
  /** Of the last receipt, within its shift. */
  lastReceiptNumber: number
  shift: ShiftState
  /** Documents of the open shift, its opening included. 0: it is closed. */
  shiftDocumentCount: number
  drawerKopecks: number
  /** The register's clock. */
  clockMs: number
  /** The same in its zone, ISO 8601 with the offset, to the second. */
  clockText: string
  paper: 'present' | 'near_end' | 'out'
  /** The last document is in the FN, and not on paper: `finishPaper` brings it out. */
  owesPaper: boolean
  isCoverOpen: boolean
  /** The day on which the FN's keys end, `yyyy-mm-dd`. */
  fnValidUntil: string
  fnFlags: FnFlag[]
  unsent: Unsent
  /** The trouble that would stop the next receipt, or null. `paper_out` stops none: it only keeps paper back. */
  trouble: RegisterTrouble | null
}

/**
 * The cash register behind the wire. It acts at once: the time that a task takes passes on the wire. Paper that is out stops
 * no document: it is made, and is not on paper. Nor does a printer that fails at one: its `paper` is then `missing`.
 * @throws StorageFailure when its memory cannot be written
 */
export type Register = {
  readonly registration: Registration
  state(): RegisterState
  /** @param id names the document for a later look: the request's uuid */
  receipt(content: ReceiptContent, id: string, paper?: Paper): Made<FiscalDoc> | NotMade
  openShift(cashier: Cashier | null, paper?: Paper): Made<ShiftDocument> | NotMade
  closeShift(cashier: Cashier | null, paper?: Paper): Made<ShiftDocument> | NotMade
  /** The report of the exchange with the OFD: a fiscal document of its own. */
  ofdReport(cashier: Cashier | null, paper?: Paper): Made<PlainDocument> | NotMade
  /** Puts cash into the drawer, or takes it out when it is negative. @returns the sum in the drawer */
  moveCash(kopecks: number): { kind: 'moved'; drawerKopecks: number } | NotMade
  /** Of the open shift, or of the last one. */
  shiftTotals(): ShiftTotals
  document(fdNumber: number): ArchivedDocument | null
  /** The documents after an FD number, in order. */
  documentsAfter(fdNumber: number, limit: number): ArchivedDocument[]
  /** Paper that was missing has come out: of the last document. */
  finishPaper(): void
  /** Sets the clock right, or to a time, by the register's own zone. Only while the shift is closed. */
  setClock(toMs: number): { kind: 'set' } | NotMade
  /** The OFD has all documents up to this FD of this FN. */
  confirmThrough(fnNumber: string, fdNumber: number): void
  /** Sets faults of the device on or off; the others stay as they are. */
  setFaults(change: KktFaultsChange): void
  /** Puts a new FN in and registers it. */
  replaceFn(): { oldFnNumber: string; newFnNumber: string }
  close(): void
}
