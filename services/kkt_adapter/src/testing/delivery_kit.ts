/** A delivery that delivers nothing, for tests of what is told of it. */

import type { BreakerSnapshot } from '../delivery/breaker.ts'
import { type Delivery, overHttp } from '../delivery/delivery.ts'

const REPORT = { synced: 0, failed: 0, skipped: 0, remaining: 0, durationMs: 0, ended: 'tried' } as const

const IDLE = {
  nudge: () => undefined,
  recover: async () => undefined,
  takeOver: () => undefined,
  syncNow: async () => REPORT,
  isSending: () => false,
  start: () => undefined,
  stop: async () => undefined,
}

/** Over HTTP, with a breaker of the test's own. */
export const deliveryWith = (breaker: { readonly snapshot: BreakerSnapshot }): Delivery =>
  overHttp({ worker: IDLE, breaker, ofd: { abort: () => undefined } })
