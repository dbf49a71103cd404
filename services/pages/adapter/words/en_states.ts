import type { DlqReason, EventKind, HeldBy, HostState, KktFaults, KktTrouble, LeaseState, Status } from '../wire.ts'

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
  shift_expired: {
    text: 'The KKT’s shift has been open for more than 24 hours.',
    action: 'Wait: the next shift is opened by itself. If it stays so, close the shift at the KKT.',
  },
  clock_behind: {
    text: 'The KKT’s clock is behind its last document: it makes no receipt.',
    action: 'Set the KKT’s clock right, or wait: it goes on once its clock has passed that document.',
  },
  fn_full: {
    text: 'The FN is full: the KKT takes no receipt.',
    action: 'Replace the FN. Until then tills cannot sell.',
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
  breaker: 'breaker',
  lease: 'lease',
  odoo: 'Odoo',
  command: 'command',
}

/** The commands of people in the audit log. */
export const commands = { sync: 'everything sent', test_control: 'test control' }

export const kktFaults: Record<keyof KktFaults, string> = {
  gone: 'Does not answer',
  paper_out: 'Out of paper',
  fn_full: 'FN is full',
  shift_expired: 'Shift is too old',
  slow_print_seconds: 'Prints 5 s slower',
  clock_behind_seconds: 'Clock is a minute slow',
  busy: 'Busy, 3 times',
  reply_lost: 'Loses its next reply',
  connection_lost: 'Breaks its next connection',
  lookup_lost: 'Loses its next look-up',
}
