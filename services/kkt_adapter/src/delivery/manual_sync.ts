import type { Clock } from '@kkt/platform/clock.ts'
import type { Loop } from '@kkt/platform/loop.ts'
import type { Journal } from '../journal/journal.ts'
import type { Breaker } from './breaker.ts'
import type { Gate } from './gate.ts'
import type { Lanes } from './lanes.ts'
import { Pass, type SyncReport } from './pass.ts'
import type { Pump } from './pump.ts'
import type { Passes } from './till_queues.ts'

type ManualSyncDeps = {
  journal: Journal
  breaker: Breaker
  gate: Gate
  lanes: Lanes
  passes: Passes
  pump: Pump
  clock: Clock
  loop: Loop
}

/** An operator's command: tries everything that is pending now, once, even with an open breaker. */
export class ManualSync {
  /** The current sync. A call during it joins it. */
  #underWay: Promise<SyncReport> | null = null

  constructor(private readonly deps: ManualSyncDeps) {}

  run(): Promise<SyncReport> {
    this.#underWay ??= this.#sync().finally(() => {
      this.#underWay = null
    })
    return this.#underWay
  }

  async #sync(): Promise<SyncReport> {
    const { breaker, clock, gate, pump } = this.deps
    const startedMs = clock.monotonicMs()
    // A current probe may fail for a reason older than the operator's command.
    await pump.waitWhile(() => breaker.snapshot.state !== 'CLOSED')
    const before = this.#undelivered()
    const pass = await this.#goThrough()
    return {
      synced: pass.synced,
      failed: pass.failed,
      skipped: Math.max(0, before - pass.synced - pass.failed),
      remaining: this.#undelivered(),
      durationMs: clock.monotonicMs() - startedMs,
      ended: gate.isSender ? 'tried' : 'not_sender',
    }
  }

  async #goThrough(): Promise<Pass> {
    const { journal, breaker, lanes, passes, pump, loop } = this.deps
    const busy = lanes.sending()
    const posIds = new Set([...journal.queries.posIdsToDeliver(), ...busy])
    const pass = new Pass(journal.queries.lastPlaceToDeliver(), posIds, new Set(busy))
    passes.current = pass
    breaker.forgiveRefusals()
    breaker.probeNow()
    const heedWaits = breaker.ignoreWaits()
    lanes.endBackoffs()
    loop.nudge()
    try {
      await pump.pumpWhile(() => !pass.isOver)
      return pass
    } finally {
      heedWaits()
      passes.current = Pass.none()
    }
  }

  #undelivered(): number {
    const { pending, syncing } = this.deps.journal.queries.counts()
    return pending + syncing
  }
}
