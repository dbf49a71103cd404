import { iso, isoOrNull } from '@kkt/platform/clock.ts'
import { whole } from '@kkt/platform/whole.ts'
import { z } from 'zod'
import type { BreakerSnapshot } from '../delivery/breaker.ts'
import type { Failure } from '../journal/failures.ts'
import type { Counts, Journal } from '../journal/journal.ts'
import { MAX_REFUSED } from '../journal/retention.ts'
import type { LeaseState } from '../lease/lease_state.ts'
import type { OdooState } from '../odoo/odoo_watch.ts'

export const breakerAnswer = z.object({
  state: z.enum(['CLOSED', 'OPEN', 'HALF_OPEN']),
  failure_count: whole,
  opened_at: z.iso.datetime().nullable(),
  next_probe_at: z.iso.datetime().nullable(),
})

export const wireBreaker = (breaker: BreakerSnapshot): z.input<typeof breakerAnswer> => ({
  state: breaker.state,
  failure_count: breaker.failureCount,
  opened_at: isoOrNull(breaker.openedAtMs),
  next_probe_at: isoOrNull(breaker.nextProbeAtMs),
})

export const heldBy = z.enum(['this_process', 'another_process', 'another_host', 'nobody'])
export const hostState = z.enum(['off', 'not_asked', 'held', 'yielding', 'elsewhere', 'refused', 'unreachable'])

/** The last failure to print or to deliver that is still open; null without one. */
export const lastFailure = z.object({ at: z.iso.datetime(), reason: z.string(), receipt_id: z.guid() }).nullable()

export type NetworkStatus = 'online' | 'degraded' | 'offline'

export const statusAnswer = z.object({
  total_capacity: whole,
  current_queued: whole,
  percent_full: z.number(),
  network_status: z.enum(['online', 'degraded', 'offline']),
  total_receipts: whole,
  unprinted: whole,
  printing: whole,
  unknown: whole,
  refused: whole,
  without_paper: whole,
  pending: whole,
  syncing: whole,
  synced: whole,
  failed: whole,
  closed: whole,
  dlq_size: whole,
  alert: z.boolean(),
  oldest_pending_age_seconds: z.number().nullable(),
  circuit_breaker: breakerAnswer,
  sender_lease: z.object({ held_by: heldBy, fencing_token: whole.nullable(), hosts: hostState }),
  last_sync_at: z.iso.datetime().nullable(),
  last_failure: lastFailure,
})

export type BufferStatus = z.input<typeof statusAnswer>

type BufferStatusDeps = {
  journal: Journal
  breaker: { readonly snapshot: BreakerSnapshot }
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
    const queued = unprinted + pending
    const fullness = queued / deps.maxSize
    const oldestMs = deps.journal.queries.oldestUndeliveredPrintedAtMs()
    return {
      total_capacity: deps.maxSize,
      current_queued: queued,
      // Capped: requeued receipts, or a lowered BUFFER_MAX_SIZE, can exceed the capacity.
      percent_full: Math.min(100, Math.round(fullness * 1000) / 10),
      network_status: networkStatus(deps.breaker.snapshot, deps.odooState(), pending > 0 && mustWaitToSend(lease)),
      total_receipts: total(counts),
      unprinted,
      printing: counts.printing,
      unknown: counts.unknown,
      refused: counts.refused,
      without_paper: deps.journal.queries.countWithoutPaper(),
      pending,
      syncing: counts.syncing,
      synced: counts.synced,
      failed: counts.failed,
      closed: counts.closed,
      dlq_size: counts.failed,
      // A dead letter needs a person: nothing sends it again by itself.
      alert: counts.failed > 0 || Math.max(fullness, counts.refused / MAX_REFUSED) >= deps.alertThreshold,
      oldest_pending_age_seconds: oldestMs === null ? null : Math.max(0, deps.wallMs() - oldestMs) / 1000,
      circuit_breaker: wireBreaker(deps.breaker.snapshot),
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

function networkStatus(breaker: BreakerSnapshot, odoo: OdooState, keepsBack: boolean): NetworkStatus {
  if (breaker.state === 'OPEN') return 'offline'
  const isTroubled = breaker.state === 'HALF_OPEN' || breaker.failureCount > 0 || odoo === 'offline'
  return isTroubled || keepsBack ? 'degraded' : 'online'
}

const total = (counts: Counts): number => Object.values(counts).reduce((sum, n) => sum + n, 0)
