import type { Codes, Warning } from './wire.ts'

/** The adapter's answers about the KKT, its shift and its tasks, as far as the pages read them. */

export type KktTrouble =
  | 'busy'
  | 'paper_out'
  | 'cover_open'
  | 'printer_fault'
  | 'shift_expired'
  | 'clock_behind'
  | 'fn_full'
  | 'fn_expired'
  | 'fn_broken'
  | 'fn_unsent_too_long'
  | 'not_registered'

/** The KKT's part of the health, beside its status. */
export type KktStanding = {
  kkt_number: string | null
  fn_number: string | null
  shift_number: number | null
  last_fiscal_doc_number: number | null
  trouble: KktTrouble | null
  shift_state: 'closed' | 'opened' | 'expired' | null
  shift_closes_at: string | null
  paper: 'present' | 'near_end' | 'out' | null
  fn_valid_until: string | null
  unsent_count: number | null
  unsent_since: string | null
  days_left: number | null
  replaced_fn: string | null
  unknown_outcomes: number | null
  without_paper: number | null
}

type OperationTotals = { count: number; sum: number; payments: Record<keyof Codes['payments'], number> }
type Movements = { count: number; sum: number }
export type ShiftTotals = {
  sale: OperationTotals
  refund: OperationTotals
  corrections: { count: number }
  cash_in: Movements
  cash_out: Movements
}

/** The shift as it is. */
export type ShiftNow = {
  state: 'closed' | 'opened' | 'expired'
  number: number
  opened_at: string | null
  expires_at: string | null
  closes_at: string | null
  totals: ShiftTotals
  drawer: number | null
  drawer_counted_by: 'kkt' | 'adapter' | null
}

export type ShiftSales = {
  by_hour: { hour: string; count: number; sum: number }[]
  top_items: { name: string; quantity: number; sum: number }[]
}

export type KeptShift = {
  fn_number: string
  number: number
  opened_at: string | null
  closed_at: string | null
  totals: { sale: { count: number; sum: number } } | null
}
export type ShiftPage = { shifts: KeptShift[]; next_cursor: string | null }

export type TaskKind = 'open_shift' | 'close_shift' | 'x_report' | 'cash_in' | 'cash_out' | 'copy'
export type Task = {
  task_id: string
  kind: TaskKind
  status: TaskAnswer['status'] | 'refused'
  created_at: string
  amount?: number | undefined
  last_error: string | null
}
export type TaskPage = { tasks: Task[]; next_cursor: string | null }

/** The answer to a request for a task. Warnings are there once it is done. */
export type TaskAnswer = {
  task_id: string
  status: 'done' | 'accepted' | 'asked' | 'unknown' | 'unclear'
  message: string
  warnings?: Warning[] | undefined
}
