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

export const isStatus = (text: string): text is Status => STATUSES.some((status) => status === text)

export const TRANSITIONS = {
  /** Journaled; the KKT has not been asked. */
  accepted: ['printing'],
  /** Handed to the KKT; no outcome recorded. */
  printing: ['pending', 'refused', 'unknown', 'accepted'],
  /** The KKT's outcome is not known. Leave this state by a look-up at the KKT, never by printing again. */
  unknown: ['pending', 'accepted'],
  /** The KKT definitely made no fiscal document. */
  refused: [],
  /**
   * Fiscalised; to be delivered. With DELIVERY=kkt the KKT hands it over by itself. It is then synced when the KKT tells that the
   * OFD holds it, and closed by an operator where the KKT cannot tell that any more.
   */
  pending: ['syncing', 'synced', 'closed'],
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

/** The way of receipts to the OFD: over HTTP by the adapter, or by the KKT itself. */
export type DeliveryWay = 'http' | 'kkt'

/** The states that follow `pending` only in the other way. */
const OF_THE_OTHER: Readonly<Record<DeliveryWay, readonly Status[]>> = { http: ['synced', 'closed'], kkt: ['syncing'] }

/** The states that may follow a state where receipts are delivered in this way. */
export const nextBy = (way: DeliveryWay, from: Status): readonly Status[] =>
  from === 'pending' ? nextOf(from).filter((to) => !OF_THE_OTHER[way].includes(to)) : nextOf(from)

type Span = { from: Status; to: Status; avoiding: Status | null }

/** Whether a receipt in `from` can come to `to` by transitions, the ways around `avoiding` only. */
function leadsTo(way: DeliveryWay, { from, to, avoiding }: Span): boolean {
  const seen = new Set<Status>()
  const ahead = [from]
  for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
    const next = nextBy(way, at).filter((status) => status !== avoiding && !seen.has(status))
    for (const status of next) seen.add(status)
    ahead.push(...next)
  }
  return seen.has(to)
}

/**
 * A status as seen from another one.
 * - `been`: a receipt in `now` is or was in it, because no way leads around it;
 * - `ahead`: the receipt can still come to it;
 * - `out_of_reach`: the receipt never comes to it, and may never have been in it.
 */
export function standing(wanted: Status, now: Status, way: DeliveryWay = 'http'): 'been' | 'ahead' | 'out_of_reach' {
  const leadsAround = () => leadsTo(way, { from: FIRST, to: now, avoiding: wanted })
  if (wanted === now || wanted === FIRST || (now !== FIRST && !leadsAround())) return 'been'
  return leadsTo(way, { from: now, to: wanted, avoiding: null }) ? 'ahead' : 'out_of_reach'
}

/** The state of each new receipt. */
const FIRST: Status = 'accepted'

/** Not fiscalised yet, but still going to be. */
export const isUnprinted = (status: Status): boolean =>
  status === 'accepted' || status === 'printing' || status === 'unknown'
