/** The parts of a test's app that the test changes while it runs, and what is told of them. */
import type { TestClock } from '@kkt/platform/testing.ts'
import type { Delivery } from '../delivery/delivery.ts'
import type { TillDefaults } from '../domain/filled_in.ts'
import { createBufferStatus } from '../http/buffer_status.ts'
import type { Journal } from '../journal/journal.ts'
import type { LeaseState } from '../lease/lease_state.ts'
import type { Machine } from '../metrics/gauges.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { OdooState } from '../odoo/odoo_watch.ts'
import { HELD_HERE } from './kit.ts'
import type { TestKkt } from './test_kkt.ts'

export type AppState = {
  /** The settings of each till. */
  tillDefaults: TillDefaults
  isStopping: boolean
  lease: LeaseState
  odoo: OdooState
  redisFailure: string | null
  freeBytes: number | null
}

type Shown = { clock: TestClock; delivery: Delivery; kkt: TestKkt; maxSize: number; state: AppState }

export const shown = (metrics: Metrics, { clock, delivery, kkt, maxSize, state }: Shown) =>
  metrics.showing({
    version: '0.0.0',
    delivery,
    maxSize,
    kktState: () => kkt.state(),
    leaseState: () => state.lease,
    redis: { failure: async () => state.redisFailure },
    odooState: () => state.odoo,
    odooSilenceMs: clock.monotonicMs,
    machine: machineOf(state),
  })

export const machineOf = (state: AppState): Machine => ({
  openConnections: () => 3,
  freeBytes: async () => state.freeBytes,
})

export const freshState = (): AppState => ({
  isStopping: false,
  redisFailure: null,
  freeBytes: 1e9,
  lease: HELD_HERE,
  odoo: 'off',
  tillDefaults: { ofReceipt: { cashier: { name: 'Иванова А. А.' } }, ofItems: {} },
})

type StatusParts = {
  journal: Journal
  delivery: Delivery
  clock: TestClock
  maxSize: number
  leaseState: () => LeaseState
}

export const statusOf = ({ journal, delivery, clock, maxSize, leaseState }: StatusParts) =>
  createBufferStatus({
    journal,
    delivery,
    maxSize,
    alertThreshold: 0.8,
    odooState: () => 'off',
    leaseState,
    wallMs: clock.wallMs,
  })

export const cashierOf = ({ tillDefaults }: AppState) => tillDefaults.ofReceipt.cashier ?? null
