import { iso, isoOrNull } from '@kkt/platform/clock.ts'
import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import type { Delivery, NetworkStatus, ShownBreaker } from '../delivery/delivery.ts'
import type { Failure } from '../journal/failures.ts'
import type { Counts, Journal } from '../journal/journal.ts'
import { MAX_REFUSED } from '../journal/retention.ts'
import { placesTaken } from '../journal/totals.ts'
import type { LeaseState } from '../lease/lease_state.ts'
import type { OdooState } from '../odoo/odoo_watch.ts'

export const breakerAnswer = z.object({
  state: z.enum(['CLOSED', 'OPEN', 'HALF_OPEN', 'ABSENT']).meta({
    description:
      '`CLOSED`: receipts are sent. `OPEN`: none is. `HALF_OPEN`: one probe is on its way. `ABSENT`: the KKT delivers by itself (DELIVERY=kkt)',
  }),
  failure_count: whole.meta({ description: 'Failures in a row' }),
  opened_at: z.iso.datetime().nullable().meta({ description: 'Null while it is closed' }),
  next_probe_at: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'The time of the next attempt. Null where nothing has to wait' }),
})

export const wireBreaker = (breaker: ShownBreaker): z.input<typeof breakerAnswer> => ({
  state: breaker.state,
  failure_count: breaker.failureCount,
  opened_at: isoOrNull(breaker.openedAtMs),
  next_probe_at: isoOrNull(breaker.nextProbeAtMs),
})

export const heldBy = z
  .enum(['this_process', 'another_process', 'another_host', 'nobody'])
  .meta({ description: 'The holder of the right to send' })
export const hostState = z
  .enum(['off', 'not_asked', 'held', 'yielding', 'elsewhere', 'refused', 'unreachable'])
  .meta({ description: 'The standing of this host among those with the same KKT_ID, by Redis' })

/** The last failure to print or to deliver that is still open; null without one. */
export const lastFailure = z
  .object({
    at: z.iso.datetime().meta({ description: 'The time of the failure' }),
    reason: z.string().meta({ description: 'The reason, without anything of the receipt' }),
    receipt_id: z.guid().meta({ description: 'The receipt that failed' }),
  })
  .nullable()

export const statusAnswer = z.object({
  total_capacity: whole.meta({ description: 'BUFFER_MAX_SIZE: from so many undelivered receipts on, tills get 503' }),
  current_queued: whole.meta({ description: 'Undelivered receipts, those that are not printed included' }),
  percent_full: z.number().meta({ description: 'The share of the capacity that is in use, in percent, 100 at most' }),
  network_status: z.enum(['online', 'degraded', 'offline']).meta({ description: 'The way to the OFD and to Odoo' }),
  total_receipts: whole.meta({ description: 'All receipts in the buffer' }),
  unprinted: whole.meta({ description: 'Receipts without a document: accepted, printing and unknown' }),
  printing: whole.meta({ description: 'Receipts that are handed to the KKT' }),
  unknown: whole.meta({ description: 'Receipts whose outcome at the KKT is not known yet' }),
  untold: whole.meta({
    description:
      'Of the unknown ones, those whose FN was replaced before it told their outcome, or holds several documents that may be it. An operator has to settle them',
  }),
  untraced: whole.meta({
    description:
      'Of the pending ones, those whose FN was replaced before the KKT told that the OFD holds them. An operator has to settle them. 0 where the adapter delivers',
  }),
  unclear_tasks: whole.meta({
    description: 'Tasks of which nothing tells whether the KKT did them. An operator has to settle them',
  }),
  refused: whole.meta({ description: 'Receipts that the KKT refused' }),
  without_paper: whole.meta({ description: 'Documents that did not come out on paper' }),
  corrections_half_done: whole.meta({
    description: 'Corrections of which the KKT has refused one receipt, and that no operator has settled',
  }),
  twins: whole.meta({ description: 'Receipts with the content of one that the same till sold a moment before' }),
  pending: whole.meta({
    description: 'Printed receipts that the OFD is not known to hold, those that are being sent included',
  }),
  syncing: whole.meta({ description: 'Receipts that are being sent' }),
  synced: whole.meta({ description: 'Receipts that the OFD holds' }),
  failed: whole.meta({ description: 'Dead letters' }),
  closed: whole.meta({ description: 'Dead letters that an operator has closed' }),
  dlq_size: whole.meta({ description: 'Dead letters' }),
  alert: z
    .boolean()
    .meta({ description: 'Whether a person has to look: the buffer fills up, or there is a dead letter' }),
  oldest_pending_age_seconds: z.number().nullable().meta({
    description:
      'The age of the oldest printed receipt that the OFD is not known to hold, in seconds. Null without one',
  }),
  circuit_breaker: breakerAnswer.meta({ description: 'The guard of the way to the OFD' }),
  sender_lease: z
    .object({
      held_by: heldBy,
      fencing_token: whole
        .nullable()
        .meta({ description: 'Grows with each holder. Null where this process holds none' }),
      hosts: hostState,
    })
    .meta({ description: 'The right to send for this KKT' }),
  last_sync_at: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'The time of the last delivery. Null before the first' }),
  last_failure: lastFailure.meta({
    description: 'The last failure to print or to deliver that is still open. Null without one',
  }),
})

export type BufferStatus = z.input<typeof statusAnswer>

/** Whether the KKT hands its documents to the OFD by itself. */
export const deliveredByKkt = ({ circuit_breaker: breaker }: BufferStatus): boolean => breaker.state === 'ABSENT'

type BufferStatusDeps = {
  journal: Journal
  delivery: Pick<Delivery, 'way' | 'breaker' | 'network' | 'untraced'>
  odooState: () => OdooState
  leaseState: () => LeaseState
  wallMs: () => number
  maxSize: number
  alertThreshold: number
}

/** Reads the buffer's fill level and the states of its receipts, at a cost that does not grow with them. */
export function createBufferStatus(deps: BufferStatusDeps) {
  return (): BufferStatus => {
    const counts = deps.journal.queries.counts()
    const lease = deps.leaseState()
    const unprinted = counts.accepted + counts.printing + counts.unknown
    const pending = counts.pending + counts.syncing
    const queued = placesTaken(counts, deps.delivery.way)
    const fullness = queued / deps.maxSize
    const oldestMs = deps.journal.queries.oldestUndeliveredPrintedAtMs()
    return {
      total_capacity: deps.maxSize,
      current_queued: queued,
      // Capped: requeued receipts, or a lowered BUFFER_MAX_SIZE, can exceed the capacity.
      percent_full: Math.min(100, Math.round(fullness * 1000) / 10),
      network_status: networkStatus(deps.delivery.network(), deps.odooState(), pending > 0 && mustWaitToSend(lease)),
      total_receipts: total(counts),
      unprinted,
      printing: counts.printing,
      unknown: counts.unknown,
      untold: deps.journal.queries.countUntold(),
      untraced: deps.delivery.untraced(),
      unclear_tasks: deps.journal.tasks.countUnclear(),
      refused: counts.refused,
      without_paper: deps.journal.queries.countWithoutPaper(),
      corrections_half_done: deps.journal.corrections.countHalfDone(),
      twins: deps.journal.twins.count(),
      pending,
      syncing: counts.syncing,
      synced: counts.synced,
      failed: counts.failed,
      closed: counts.closed,
      dlq_size: counts.failed,
      // A dead letter needs a person: nothing sends it again by itself.
      alert: counts.failed > 0 || Math.max(fullness, counts.refused / MAX_REFUSED) >= deps.alertThreshold,
      oldest_pending_age_seconds: oldestMs === null ? null : Math.max(0, deps.wallMs() - oldestMs) / 1000,
      circuit_breaker: wireBreaker(deps.delivery.breaker.snapshot),
      sender_lease: wireLease(lease),
      last_sync_at: isoOrNull(deps.journal.totals.lastSyncAtMs()),
      last_failure: wireFailure(deps.journal.lastFailure()),
    }
  }
}

const wireLease = ({ heldBy, fencingToken, hosts }: LeaseState) => ({
  held_by: heldBy,
  fencing_token: fencingToken,
  hosts,
})

const wireFailure = (failure: Failure | null): z.input<typeof lastFailure> =>
  failure && { at: iso(failure.atMs), reason: failure.reason, receipt_id: failure.receiptId }

export type ReadBufferStatus = ReturnType<typeof createBufferStatus>

/** No process on this buffer may send now: its receipts wait for another host, or for Redis. */
const mustWaitToSend = ({ heldBy }: LeaseState): boolean => heldBy === 'another_host' || heldBy === 'nobody'

const networkStatus = (toOfd: NetworkStatus, odoo: OdooState, keepsBack: boolean): NetworkStatus =>
  toOfd === 'online' && (odoo === 'offline' || keepsBack) ? 'degraded' : toOfd

const total = (counts: Counts): number => Object.values(counts).reduce((sum, n) => sum + n, 0)
