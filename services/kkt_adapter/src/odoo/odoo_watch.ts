/** `off`: no Odoo is configured. `unknown`: no answer has come yet, nor failed to come often enough. */
export type OdooState = 'off' | 'unknown' | 'online' | 'offline'

export type OdooWatch = {
  readonly state: OdooState
  /** Takes into account whether a heartbeat was accepted. */
  heard(accepted: boolean): void
}

/** One lost heartbeat says nothing yet, and one answer does not end an outage: so many in a row do. */
const FAILURES_TO_OFFLINE = 3
const SUCCESSES_TO_ONLINE = 2

/** Tells from what becomes of heartbeats whether Odoo lives. */
export function createOdooWatch(deps: { onChange: (from: OdooState, to: OdooState) => void }): OdooWatch {
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
    heard(accepted) {
      inARow = { accepted, count: inARow.accepted === accepted ? inARow.count + 1 : 1 }
      // At the start there is no outage to end.
      if (accepted && (state === 'unknown' || inARow.count >= SUCCESSES_TO_ONLINE)) become('online')
      if (!accepted && inARow.count >= FAILURES_TO_OFFLINE) become('offline')
    },
  }
}
