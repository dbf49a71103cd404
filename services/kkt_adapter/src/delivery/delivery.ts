import type { DeliveryWay } from '../domain/state.ts'
import type { Breaker, BreakerSnapshot } from './breaker.ts'
import type { SyncReport } from './pass.ts'
import type { Worker } from './worker.ts'

/** How the way to the OFD is, by its last use. */
export type NetworkStatus = 'online' | 'degraded' | 'offline'

/** Stands for the breaker where the KKT delivers by itself. */
export const NO_BREAKER = { state: 'ABSENT', failureCount: 0, openedAtMs: null, nextProbeAtMs: null } as const
export type ShownBreaker = BreakerSnapshot | typeof NO_BREAKER

/** The way of printed receipts to the OFD. */
export type Delivery = {
  readonly way: DeliveryWay
  readonly breaker: { readonly snapshot: ShownBreaker }
  network(): NetworkStatus
  /** The number of receipts of which nobody can tell any more whether the OFD holds them. @throws StorageFailure */
  untraced(): number
  /** Says that there may be a receipt to deliver. */
  nudge(): void
  /** Takes up the work that an earlier process left unfinished. Await it before any new work. It never rejects. */
  recover(): Promise<void>
  /** Says that this process has got the lease, so that it takes up the earlier holder's unfinished work. */
  takeOver(): void
  /** Does now all that can be done for what is pending. A call during another one joins it. @throws StorageFailure */
  syncNow(): Promise<SyncReport>
  /** Whether a receipt is on the way from this process. */
  isSending(): boolean
  start(): void
  /** Starts no more work, and resolves when none is under way. */
  stop(): Promise<void>
  /** Cuts off what is under way after a stop. */
  abort(): void
}

type Sending = Pick<Worker, 'nudge' | 'recover' | 'takeOver' | 'syncNow' | 'isSending' | 'start' | 'stop'>
type OverHttp = { worker: Sending; breaker: Pick<Breaker, 'snapshot'>; ofd: { abort(): void } }

/** The adapter sends the receipts itself. */
export const overHttp = ({ worker, breaker, ofd }: OverHttp): Delivery => ({
  way: 'http',
  breaker,
  network() {
    const { state, failureCount } = breaker.snapshot
    if (state === 'OPEN') return 'offline'
    return state === 'HALF_OPEN' || failureCount > 0 ? 'degraded' : 'online'
  },
  // The adapter delivers documents of any FN.
  untraced: () => 0,
  nudge: worker.nudge,
  recover: worker.recover,
  takeOver: worker.takeOver,
  syncNow: worker.syncNow,
  isSending: worker.isSending,
  start: worker.start,
  stop: worker.stop,
  abort: () => ofd.abort(),
})
