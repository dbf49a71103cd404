import type { RegisterTrouble } from '../register.ts'
import type { ErrorCode } from './errors.ts'

/** The driver's number of each trouble of the register. */
export const TROUBLE_CODES = {
  busy: 55,
  paper_out: 44,
  cover_open: 45,
  printer_fault: 46,
  shift_expired: 68,
  shift_closed: 73,
  shift_open: 83,
  clock_behind: 36,
  fn_full: 121,
  fn_expired: 120,
  fn_broken: 118,
  fn_unsent_too_long: 140,
  not_registered: 89,
  taxation_not_registered: 143,
  document_too_large: 134,
  drawer_too_low: 80,
} as const satisfies Record<RegisterTrouble, ErrorCode>
