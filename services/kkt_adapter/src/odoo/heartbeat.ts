import type { Clock } from '@kkt/platform/clock.ts'
import { createLoop } from '@kkt/platform/loop.ts'

/** `off`: no Odoo is configured. `unknown`: no answer has come yet, nor failed to come often enough. */
export type OdooState = 'off' | 'unknown' | 'online' | 'offline'
export type HeartbeatBody = {
  kkt_id: string
  status: 'online' | 'degraded' | 'offline'
  /** From 0 to 1. */
  buffer_fullness: number
  pending: number
  version: string
}

export type Heartbeat = {
  readonly state: OdooState
  /** Sends one heartbeat and takes its outcome into account. Never rejects. */
  runOnce(): Promise<void>
  start(): void
  /** Sends one now: the interval has become shorter. */
  nudge(): void
  stop(): Promise<void>
}

/** One lost heartbeat says nothing yet, and one answer does not end an outage: so many in a row do. */
const FAILURES_TO_OFFLINE = 3
const SUCCESSES_TO_ONLINE = 2

/**
 * Tells Odoo that this KKT lives, and from the answers whether Odoo does.
 * @param send resolves to whether Odoo accepted it; never rejects
 */
export function createHeartbeat(deps: {
  send: (body: HeartbeatBody, signal: AbortSignal) => Promise<boolean>
  body: () => HeartbeatBody
  readonly intervalMs: number
  clock: Clock
  onChange: (from: OdooState, to: OdooState) => void
}): Heartbeat {
  const { clock } = deps
  let state: OdooState = 'unknown'
  let inARow = { accepted: true, count: 0 }
  const loop = createLoop({
    clock,
    turn: async () => {
      await runOnce()
      return { kind: 'rest', ms: deps.intervalMs }
    },
  })

  function become(next: OdooState): void {
    if (next === state) return
    const from = state
    state = next
    deps.onChange(from, next)
  }

  /** Null when the journal cannot be read, which says nothing of Odoo. */
  function currentBody(): HeartbeatBody | null {
    try {
      return deps.body()
    } catch {
      return null
    }
  }

  async function runOnce(): Promise<void> {
    const body = currentBody()
    if (!body) return
    const accepted = await deps.send(body, loop.stopping)
    if (loop.stopping.aborted) return
    inARow = { accepted, count: inARow.accepted === accepted ? inARow.count + 1 : 1 }
    // At the start there is no outage to end.
    if (accepted && (state === 'unknown' || inARow.count >= SUCCESSES_TO_ONLINE)) become('online')
    if (!accepted && inARow.count >= FAILURES_TO_OFFLINE) become('offline')
  }

  return {
    get state() {
      return state
    },
    runOnce,
    start: loop.start,
    nudge: loop.nudge,
    stop: loop.stop,
  }
}
