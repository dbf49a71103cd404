import type { Clock } from '@kkt/platform/clock.ts'

/** `off`: no Odoo is configured. `unknown`: neither an accepted heartbeat yet, nor enough failed ones. */
export type OdooState = 'off' | 'unknown' | 'online' | 'offline'

export type OdooWatch = {
  readonly state: OdooState
  /** Milliseconds since Odoo last accepted a heartbeat, or since the start. */
  readonly silenceMs: number
  /** Counts a heartbeat's outcome. */
  heard(accepted: boolean): void
}

/** One lost heartbeat may be chance, and one answer does not end an outage, so several in a row decide. */
const FAILURES_TO_OFFLINE = 3
const SUCCESSES_TO_ONLINE = 2

/** Derives from the outcomes of heartbeats whether Odoo is available. */
export function createOdooWatch(deps: {
  clock: Pick<Clock, 'monotonicMs'>
  onChange: (from: OdooState, to: OdooState) => void
}): OdooWatch {
  const { monotonicMs } = deps.clock
  let acceptedMs = monotonicMs()
  let state: OdooState = 'unknown'
  let inARow = { accepted: true, count: 0 }

  function become(next: OdooState): void {
    if (next === state) return
    const from = state
    state = next
    deps.onChange(from, next)
  }

  return {
    get state() {
      return state
    },
    get silenceMs() {
      return monotonicMs() - acceptedMs
    },
    heard(accepted) {
      if (accepted) acceptedMs = monotonicMs()
      inARow = { accepted, count: inARow.accepted === accepted ? inARow.count + 1 : 1 }
      // At the start there is no outage to end, so one answer is enough.
      if (accepted && (state === 'unknown' || inARow.count >= SUCCESSES_TO_ONLINE)) become('online')
      if (!accepted && inARow.count >= FAILURES_TO_OFFLINE) become('offline')
    },
  }
}
