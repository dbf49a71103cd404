import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import { createLoop } from '@kkt/platform/loop.ts'
import { Signal } from '@kkt/platform/signal.ts'
import type { Journal } from '../journal/journal.ts'
import type { Lease } from '../lease/lease.ts'
import type { Breaker } from './breaker.ts'
import type { Deliverer, Delivery, Turn } from './deliver.ts'
import { type Lane, Lanes } from './lanes.ts'
import { Pass, type SyncReport } from './pass.ts'

export type Worker = {
  /** Says that there is something to deliver. */
  nudge(): void
  /** Takes up what a sender before us left half done. To be awaited before any new work; it never rejects. */
  recover(): Promise<void>
  /** Says that the lease is ours: what a sender before us left half done has to be taken up. */
  takeOver(): void
  /** Sends all that may be sent now, and resolves when that has ended. */
  runOnce(): Promise<void>
  /** Tries everything that is pending now, once, breaker or not. A call during another one joins it. */
  syncNow(): Promise<SyncReport>
  start(): void
  /** Whether there is something that could be sent now, by a process that may. @throws StorageFailure */
  wantsToSend(): boolean
  /** Whether something is under way. */
  isSending(): boolean
  /** Starts nothing more, and resolves when nothing is under way. */
  stop(): Promise<void>
}

/** While all places are taken, a till gives its own up after so many receipts: others may wait for one. */
const RECEIPTS_A_TURN = 20

/** How long to wait for a lane to move before looking again: a backstop, each move is signalled. */
const MOVE_POLL_MS = 1000

/** Delivers what is pending: each till's receipts one after another in FD order, different tills side by side. */
export function createWorker(deps: {
  journal: Journal
  deliverer: Deliverer
  breaker: Breaker
  lease: Lease
  clock: Clock
  logger: Logger
  random: () => number
  /** The backstop: nothing waits longer than this. */
  readonly intervalMs: number
  /** How many tills' receipts are under way at once. */
  maxInFlight: number
}): Worker {
  const { journal, deliverer, breaker, lease, clock, logger } = deps
  const moved = new Signal()
  const lanes = new Lanes(deps)
  let busyLanes = 0
  /** A receipt may stand in `syncing` with nobody sending it: after a change of sender, or a failing disk. */
  let needsReclaim = true
  /** The journal may lack what was committed to it last, that receipts were delivered among it: a copy, or its WAL is cut. */
  let mayLackEnd = !journal.isNew
  let pass = Pass.none()
  let syncUnderWay: Promise<SyncReport> | null = null
  const loop = createLoop({
    clock,
    turn: async () => {
      await pump()
      return { kind: 'rest', ms: restMs() }
    },
  })
  const maySend = () => lease.token() !== null

  /** The tills whose queue may move now: as they stand in line, and those that failed last, the longest ago first. */
  function readyLanes(): { posId: string; lane: Lane }[] {
    const admission = breaker.admission()
    if (loop.stopping.aborted || !maySend() || needsReclaim || admission.kind === 'closed_off') return []
    const probing = admission.kind === 'probe'
    if (probing && busyLanes > 0) return []
    // A probe is about the OFD, not about a receipt: it waits for no till's backoff.
    const ready = lanes.inLine(journal.queries.posIdsToDeliver(), { waitsOutBackoff: !probing })
    return ready.slice(0, probing ? 1 : deps.maxInFlight - busyLanes)
  }

  const mayGoOn = () => !loop.stopping.aborted && !needsReclaim && maySend() && breaker.admission().kind === 'free'

  function wantsToSend(): boolean {
    const admission = breaker.admission()
    if (loop.stopping.aborted || admission.kind === 'closed_off') return false
    if (needsReclaim && journal.queries.counts().syncing > 0) return true
    return journal.queries.posIdsToDeliver().some((posId) => admission.kind === 'probe' || !lanes.isHeldUp(posId))
  }

  /** What is next of one till, if anything may be sent. */
  function look(posId: string): Turn | null {
    if (loop.stopping.aborted || needsReclaim || breaker.admission().kind === 'closed_off') return null
    const receipt = journal.queries.nextToDeliver(posId)
    if (receipt) return { receipt, since: null }
    pass.isThroughWith(posId)
    lanes.forget(posId)
    return null
  }

  function endTry(posId: string, lane: Lane, delivery: Delivery): void {
    const isTriedAgain = pass.tried(posId, delivery)
    if (delivery === 'abandoned' || delivery === 'not_sent') return
    lane.lastTriedMs = clock.monotonicMs()
    if (delivery === 'failed') lanes.holdUp(lane)
    else lanes.movedOn(lane)
    if (isTriedAgain) lanes.endBackoff(lane)
    moved.notify()
  }

  /** Delivers one receipt. Resolves to the till's next, or to null when its queue may not move on. */
  async function moveLane(
    posId: string,
    { lane, turn, givesWay }: { lane: Lane; turn: Turn; givesWay: () => boolean },
  ): Promise<Turn | null> {
    pass.reached(posId, turn.receipt.place)
    const { delivery, next, wasProbe } = await deliverer.deliver(turn, {
      isOwnFailure: () => !loop.stopping.aborted && lanes.isAlone(lane),
      goesOn: () => mayGoOn() && !givesWay(),
      stopping: loop.stopping,
    })
    if (delivery === 'abandoned') needsReclaim = true
    endTry(posId, lane, delivery)
    if (delivery === 'abandoned' || delivery === 'not_sent') return null
    if (delivery !== 'failed' && wasProbe) endBackoffs()
    if (next || delivery === 'failed') return next
    return givesWay() ? null : look(posId)
  }

  /** The OFD is back, or an operator says so: nobody waits out what the outage brought. */
  function endBackoffs(): void {
    lanes.endBackoffs()
    loop.nudge()
  }

  async function startLane(posId: string, lane: Lane): Promise<void> {
    lane.busy = true
    busyLanes += 1
    try {
      let receipts = 0
      const givesWay = () => receipts >= RECEIPTS_A_TURN && busyLanes >= deps.maxInFlight
      for (let turn = look(posId); turn !== null; ) {
        receipts += 1
        turn = await moveLane(posId, { lane, turn, givesWay })
      }
    } catch (error) {
      logger.error('delivery_not_recorded', errorFields(error))
      needsReclaim = true
      endTry(posId, lane, 'failed')
    }
    lane.busy = false
    busyLanes -= 1
    moved.notify()
    loop.nudge()
  }

  async function reclaim(): Promise<void> {
    const token = lease.token()
    if (!needsReclaim || busyLanes > 0 || token === null) return
    const ids = await lease.write((tx) => {
      if (mayLackEnd) tx.doubtDeliveries()
      return tx.reclaimSyncing()
    }, token)
    needsReclaim = false
    mayLackEnd = false
    for (const id of ids) logger.warn('receipt_reclaimed', { receipt_id: id })
  }

  /** Starts all that may start. @returns whether anything is under way then: its end is signalled by `moved` */
  async function pump(): Promise<boolean> {
    try {
      await reclaim()
      for (const { posId, lane } of readyLanes()) void startLane(posId, lane)
    } catch (error) {
      logger.error('sync_failed', errorFields(error))
    }
    return busyLanes > 0
  }

  async function pumpWhile(goesOn: () => boolean): Promise<void> {
    while ((await pump()) && goesOn()) await moved.wait(MOVE_POLL_MS, clock)
  }

  const undelivered = () => {
    const { pending, syncing } = journal.queries.counts()
    return pending + syncing
  }

  async function sync(): Promise<SyncReport> {
    const startedMs = clock.monotonicMs()
    // A probe under way may end as a failure that began before the operator's word.
    while (busyLanes > 0 && breaker.snapshot.state !== 'CLOSED') await moved.wait(MOVE_POLL_MS, clock)
    const before = undelivered()
    const busy = lanes.busy()
    const posIds = new Set([...journal.queries.posIdsToDeliver(), ...busy])
    const current = new Pass(journal.queries.lastPlaceToDeliver(), posIds, new Set(busy))
    pass = current
    breaker.forgiveRefusals()
    breaker.probeNow()
    const heedWaits = breaker.ignoreWaits()
    endBackoffs()
    await pumpWhile(() => !current.isOver)
    heedWaits()
    pass = Pass.none()
    return {
      synced: current.synced,
      failed: current.failed,
      skipped: Math.max(0, before - current.synced - current.failed),
      remaining: undelivered(),
      durationMs: clock.monotonicMs() - startedMs,
      isSender: maySend(),
    }
  }

  /** Until the next moment at which something may be due that nobody will signal. */
  function restMs(): number {
    const admission = breaker.admission()
    const waits = admission.kind === 'closed_off' ? [admission.waitMs] : lanes.waitsMs()
    return Math.max(1, Math.min(deps.intervalMs, ...waits.filter((ms) => ms > 0)))
  }

  return {
    nudge: loop.nudge,
    recover: () => reclaim().catch((error) => logger.error('recovery_failed', errorFields(error))),
    takeOver() {
      needsReclaim = true
      deliverer.takeOver()
      // What failed here another sender may have delivered since.
      lanes.forgetIdle()
      loop.nudge()
    },
    runOnce: () => pumpWhile(() => true),
    syncNow() {
      syncUnderWay ??= sync().finally(() => {
        syncUnderWay = null
      })
      return syncUnderWay
    },
    wantsToSend,
    isSending: () => busyLanes > 0,
    start: loop.start,
    async stop() {
      await loop.stop()
      while (busyLanes > 0) await moved.wait(MOVE_POLL_MS, clock)
    },
  }
}
