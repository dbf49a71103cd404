import type { Clock } from '@kkt/platform/clock.ts'
import { createLoop } from '@kkt/platform/loop.ts'
import type { OdooWatch } from './odoo_watch.ts'

export type HeartbeatBody = {
  kkt_id: string
  status: 'online' | 'degraded' | 'offline'
  /** From 0 to 1. */
  buffer_fullness: number
  pending: number
  version: string
}

export type Heartbeat = {
  /** Sends one heartbeat and counts its outcome. Never rejects. */
  runOnce(): Promise<void>
  start(): void
  /** Sends one now, because the interval has become shorter. */
  nudge(): void
  stop(): Promise<void>
}

type HeartbeatDeps = {
  send: (body: HeartbeatBody, signal: AbortSignal) => Promise<boolean>
  body: () => HeartbeatBody
  readonly intervalMs: number
  clock: Clock
  /** Called after each heartbeat with whether it was accepted. */
  odoo: Pick<OdooWatch, 'heard'>
}

/**
 * Sends Odoo the heartbeats of this KKT.
 * @param send resolves to whether Odoo accepted it; never rejects
 */
export function createHeartbeat(deps: HeartbeatDeps): Heartbeat {
  const { clock } = deps
  const loop = createLoop({
    clock,
    turn: async () => {
      await runOnce()
      return { kind: 'rest', ms: deps.intervalMs }
    },
  })

  /** Null when the journal cannot be read, which says nothing about Odoo. */
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
    if (!loop.stopping.aborted) deps.odoo.heard(accepted)
  }

  return {
    runOnce,
    start: loop.start,
    nudge: loop.nudge,
    stop: loop.stop,
  }
}
