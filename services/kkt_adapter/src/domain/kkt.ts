import type { FnFlag, ShiftState, ShiftTotals, Unsent } from './shift.ts'
import type { TaxationSystem } from './taxation.ts'

/** The reasons why a KKT that answers fiscalises nothing. */
export const KKT_TROUBLES = [
  'busy',
  'paper_out',
  'cover_open',
  'printer_fault',
  'shift_expired',
  'clock_behind',
  'fn_full',
  'fn_expired',
  'fn_broken',
  /** The OFD has confirmed nothing for `UNSENT_LIMIT_DAYS`. It ends when the OFD has confirmed the documents. */
  'fn_unsent_too_long',
  'not_registered',
] as const
export type KktTrouble = (typeof KKT_TROUBLES)[number]

/** An FN whose first document that the OFD has not confirmed is so old signs nothing more (54-FZ, article 4.1). */
export const UNSENT_LIMIT_DAYS = 30

/** Troubles that no waiting ends, so intake stops. Receipts that are journaled wait for a person to end them. */
const LASTING_TROUBLES: readonly KktTrouble[] = [
  'fn_full',
  'fn_expired',
  'fn_broken',
  'fn_unsent_too_long',
  'not_registered',
]
export const isLasting = (trouble: KktTrouble | null): trouble is KktTrouble =>
  trouble !== null && LASTING_TROUBLES.includes(trouble)

/** The supply of paper. */
export const PAPER_SUPPLIES = ['present', 'near_end', 'out'] as const
export type PaperSupply = (typeof PAPER_SUPPLIES)[number]

export type KktState = {
  kktNumber: string
  fnNumber: string
  /** Of the open shift, or of the last one; 0 before the first. */
  shiftNumber: number
  lastFdNumber: number
  trouble: KktTrouble | null
  shift: ShiftState
  /** The cash in the drawer by the KKT's own count. Null: it keeps none. */
  drawerKopecks: number | null
  /** The day on which the FN's keys end, `yyyy-mm-dd`. */
  fnValidUntil: string
  /** Whole days until then by the KKT's clock, never below 0. */
  fnDaysLeft: number
  fnFlags: FnFlag[]
  unsent: Unsent
  /** The KKT's clock, in Unix milliseconds. */
  clockMs: number
  paperSupply: PaperSupply
  ffdVersion: string
  registrationNumber: string
  serialNumber: string
  /** With which it is registered. */
  taxationSystems: readonly TaxationSystem[]
}

/** The counters of the open shift, or of the last one. `clockMs`: the KKT's clock, in Unix milliseconds. */
export type ShiftReport = { shift: ShiftState; totals: ShiftTotals; drawerKopecks: number | null; clockMs: number }
