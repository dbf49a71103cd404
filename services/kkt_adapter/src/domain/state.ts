/** The states of a receipt, and the only table of transitions. The journal's CHECKs mirror the states. */
export const STATUSES = [
  'accepted',
  'printing',
  'unknown',
  'refused',
  'pending',
  'syncing',
  'synced',
  'failed',
  'closed',
] as const
export type Status = (typeof STATUSES)[number]

export const TRANSITIONS = {
  /** Journaled; the KKT has not been asked. */
  accepted: ['printing'],
  /** Handed to the KKT; no outcome recorded. */
  printing: ['pending', 'refused', 'unknown', 'accepted'],
  /** The KKT's outcome is not known. Leave this state by a look-up at the KKT, never by printing again. */
  unknown: ['pending', 'accepted'],
  /** The KKT definitely made no fiscal document. */
  refused: [],
  /** Fiscalised; to be delivered. */
  pending: ['syncing'],
  /** Handed to the OFD; no outcome recorded. */
  syncing: ['synced', 'pending', 'failed'],
  /** The OFD holds it. */
  synced: [],
  /** The OFD refused this receipt. Only an operator ends this state: by a requeue, or by closing it with a reason. */
  failed: ['pending', 'closed'],
  /** An operator settled the receipt in another way: it is never sent again, though its document is in the FN. */
  closed: [],
} as const satisfies Record<Status, readonly Status[]>

/** The states that may follow a state. */
export type Next<From extends Status> = (typeof TRANSITIONS)[From][number]

/** Whether a receipt may go from one state to another. Null stands for a new receipt. */
export const mayFollow = (from: Status | null, to: Status): boolean =>
  from === null ? to === 'accepted' : nextOf(from).includes(to)

const nextOf = (from: Status): readonly Status[] => TRANSITIONS[from]

/** Not fiscalised yet, but still going to be. */
export const isUnprinted = (status: Status): boolean =>
  status === 'accepted' || status === 'printing' || status === 'unknown'
