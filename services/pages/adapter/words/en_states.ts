import type { KktFaults } from '../kkt_faults.ts'
import type { DlqReason, EventKind, HeldBy, HostState, LeaseState, Status } from '../wire.ts'
import type { KktTrouble } from '../wire_kkt.ts'

/** A text, and the action to take. */
export type AlertWords = { text: string; action: string }

export const statuses: Record<Status, string> = {
  accepted: 'accepted',
  printing: 'printing',
  unknown: 'unknown',
  refused: 'refused',
  pending: 'pending',
  syncing: 'syncing',
  synced: 'synced',
  failed: 'dead letter',
  closed: 'closed',
}

export const statusMeans: Record<Status, string> = {
  accepted: 'In the journal. The KKT has not been asked yet.',
  printing: 'Handed to the KKT. It has not answered yet.',
  unknown: 'The KKT was asked and its answer got lost. It is looked up there, and never printed twice.',
  refused: 'The KKT made no fiscal document. Nothing more happens to it.',
  pending: 'Fiscalised. It waits to be sent to the OFD.',
  syncing: 'Handed to the OFD. It has not answered yet.',
  synced: 'The OFD has it.',
  failed: 'The OFD refused this receipt. Only a person moves it on.',
  closed: 'A person settled it in another way. It is never sent again.',
}

export const troubles: Record<KktTrouble, AlertWords> = {
  busy: { text: 'The KKT is busy with other work.', action: 'Wait: it is asked again by itself.' },
  paper_out: {
    text: 'The KKT is out of paper.',
    action: 'Put paper in. The receipts that lack paper are printed by themselves.',
  },
  cover_open: {
    text: 'The cover of the KKT is open.',
    action: 'Close it. What waits is printed by itself.',
  },
  printer_fault: {
    text: 'The printer of the KKT has a fault.',
    action: 'Switch the KKT off and on. If that does not help, have it mended.',
  },
  shift_expired: {
    text: 'The KKT’s shift has been open for more than 24 hours.',
    action: 'Wait: it is closed by itself. If it stays so, set CASHIER_NAME, or close the shift at the KKT.',
  },
  clock_behind: {
    text: 'The KKT’s clock is behind its last document: it makes no receipt.',
    action: 'Set the KKT’s clock right, or wait: it goes on once its clock has passed that document.',
  },
  fn_full: {
    text: 'The FN is full: the KKT takes no receipt.',
    action: 'Replace the FN. Until then tills cannot sell. Receipts that wait are printed with the new one.',
  },
  fn_expired: {
    text: 'The FN’s time has ended: the KKT takes no receipt.',
    action: 'Replace the FN. Until then tills cannot sell. Receipts that wait are printed with the new one.',
  },
  fn_broken: {
    text: 'The FN does not work: the KKT takes no receipt.',
    action: 'Replace the FN. Until then tills cannot sell. Receipts that wait are printed with the new one.',
  },
  fn_unsent_too_long: {
    text: 'The OFD has confirmed no document for 30 days, so by law the FN signs nothing more.',
    action: 'Mend the way to the OFD. Once it has the documents, sales go on by themselves.',
  },
  not_registered: {
    text: 'The KKT is not registered with the tax service: it takes no receipt.',
    action: 'Register the KKT with its FN. Until then tills cannot sell.',
  },
}

export const kktSilent: AlertWords = {
  text: 'The KKT does not answer.',
  action: 'Look at its power and its cable. Receipts are kept meanwhile.',
}

export const diskFilling: AlertWords = {
  text: 'Less than 512 MiB are left on the buffer’s disk. A full disk ends all sales.',
  action: 'Make room on the disk of BUFFER_DB_PATH. Delete no file beside the buffer.',
}

export const odooAway: AlertWords = {
  text: 'Odoo does not take the heartbeat.',
  action: 'Look at Odoo and at ODOO_API_URL. Sales go on.',
}

export const heldBy: Record<HeldBy, string> = {
  this_process: 'this adapter sends',
  another_process: 'another process here sends',
  another_host: 'another host sends',
  nobody: 'nobody sends',
}

export const hosts: Record<HostState, string> = {
  off: 'no other host',
  not_asked: 'Redis was not asked yet',
  held: 'held in Redis',
  yielding: 'passing it on',
  elsewhere: 'held by another host',
  refused: 'Redis refuses',
  unreachable: 'Redis is not reached',
}

/** The states of leases in the audit log: of the buffer's own, and of that among hosts. */
export const leases: Record<HostState | LeaseState, string> = {
  off: hosts.off,
  not_asked: 'not asked',
  held: 'held',
  yielding: hosts.yielding,
  elsewhere: hosts.elsewhere,
  refused: hosts.refused,
  unreachable: hosts.unreachable,
  free: 'free',
  released: 'released',
  lost: 'lost',
}

export const reasons: Record<DlqReason, string> = {
  refused_by_ofd: 'refused by the OFD',
  retries_exhausted: 'failed too often',
}

export const kinds: Record<EventKind, string> = {
  receipt: 'receipt',
  task: 'task',
  breaker: 'breaker',
  lease: 'lease',
  odoo: 'Odoo',
  command: 'command',
  kkt: 'FN in the KKT',
}

/** The commands of people in the audit log. */
export const commands = {
  sync: 'everything sent',
  test_control: 'test control',
  correction_closed: 'correction closed',
}

export const kktFaults: Record<keyof KktFaults, string> = {
  gone: 'Does not answer',
  paper_out: 'Out of paper',
  paper_near_end: 'Paper near its end',
  cover_open: 'Cover open',
  printer_fault: 'Printer out of order',
  shift_expired: 'Shift is too old',
  fn_full: 'FN is full',
  fn_nearly_full: 'FN is 90 % full',
  fn_expired: 'FN has expired',
  fn_broken: 'FN is broken',
  fn_days_left: 'FN ends in 20 days',
  unsent_for_days: 'OFD silent for 20 more days',
  not_registered: 'Not registered',
  busy: 'Busy, 3 times',
  slow_print_seconds: 'Prints 5 s slower',
  clock_behind_seconds: 'Clock is a minute slow',
  clock_ahead_seconds: 'Clock is 5 minutes fast',
  receipt_refused: 'Refuses the next receipt for good',
  reply_lost: 'Loses its next reply',
  closing_reply_lost: 'Loses its reply to the closing of the shift',
  connection_lost: 'Breaks its next connection',
  lookup_lost: 'Loses its next look-up',
  task_lookup_untellable: 'Cannot tell what became of cash and reports',
  keeps_no_drawer_sum: 'Does not count its drawer',
}
