/** The faults of the mock KKT, as its test control takes and tells them. */
export type KktFaults = {
  reply_lost: number
  closing_reply_lost: number
  connection_lost: number
  lookup_lost: number
  busy: number
  receipt_refused: number
  gone: boolean
  paper_out: boolean
  paper_near_end: boolean
  cover_open: boolean
  printer_fault: boolean
  shift_expired: boolean
  not_registered: boolean
  fn_full: boolean
  fn_nearly_full: boolean
  fn_expired: boolean
  fn_broken: boolean
  fn_days_left: number | null
  unsent_for_days: number
  keeps_no_drawer_sum: boolean
  task_lookup_untellable: boolean
  slow_print_seconds: number
  clock_behind_seconds: number
  clock_ahead_seconds: number
}
