import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import type { Loop } from '@kkt/platform/loop.ts'
import type { Signal } from '@kkt/platform/signal.ts'
import type { Journal } from '../journal/journal.ts'
import type { Deliverer, Delivery } from './deliver.ts'
import type { Turn } from './delivery_records.ts'
import type { Gate } from './gate.ts'
import type { Lanes } from './lanes.ts'
import type { LeftBehind } from './left_behind.ts'
import type { Pass } from './pass.ts'

/** While all places are taken, a till gives its place up after this many receipts so that others get one. */
const RECEIPTS_A_TURN = 20

/** The next move of a till's queue. `stops`: the till may send nothing more now. */
type Move = { kind: 'next'; turn: Turn } | { kind: 'empty' | 'stops' }

/** `current`: the running manual sync, or `Pass.none()`. */
export type Passes = { current: Pass }

type TillQueuesDeps = {
  journal: Journal
  deliverer: Deliverer
  gate: Gate
  lanes: Lanes
  leftBehind: LeftBehind
  passes: Passes
  logger: Logger
  loop: Loop
  /** Notified after each tried receipt, and when a till has ended. */
  moved: Signal
  /** The number of tills that may have a receipt on the way at once. */
  maxInFlight: number
}

/** Sends a till's pending receipts one after another. */
export class TillQueues {
  constructor(private readonly deps: TillQueuesDeps) {}

  /** Sends until the queue is empty or must stop. Never rejects. */
  async send(posId: string): Promise<void> {
    const { lanes, leftBehind, logger, loop, moved, maxInFlight } = this.deps
    lanes.begin(posId)
    let receipts = 0
    const givesWay = () => receipts >= RECEIPTS_A_TURN && lanes.sendingCount >= maxInFlight
    let move: Move = { kind: 'stops' }
    try {
      move = this.#look(posId)
      while (move.kind === 'next') {
        receipts += 1
        move = await this.#deliver(posId, move.turn, givesWay)
      }
    } catch (error) {
      logger.error('delivery_not_recorded', errorFields(error))
      // Nothing is marked before the first receipt is read.
      if (move.kind === 'next') leftBehind.suspectHalfSent()
      this.#noteTry(posId, 'failed', { isRecorded: false })
    }
    lanes.end(posId, { isEmpty: move.kind === 'empty' })
    moved.notify()
    // Another till may take the place.
    loop.nudge()
  }

  #look(posId: string): Move {
    const { journal, gate, passes } = this.deps
    if (gate.opening === 'shut') return { kind: 'stops' }
    const receipt = journal.queries.nextToDeliver(posId)
    if (receipt) return { kind: 'next', turn: { receipt, since: null } }
    passes.current.isThroughWith(posId)
    return { kind: 'empty' }
  }

  async #deliver(posId: string, turn: Turn, givesWay: () => boolean): Promise<Move> {
    const { deliverer, gate, lanes, leftBehind, passes, loop } = this.deps
    const { stopping } = loop
    passes.current.reached(posId, turn.receipt.place)
    const { delivery, next, wasProbe } = await deliverer.deliver(turn, {
      isOwnFailure: () => !stopping.aborted && lanes.failsAlone(posId),
      goesOn: () => gate.openingForSender === 'all' && !givesWay(),
      stopping,
    })
    if (delivery === 'abandoned') leftBehind.suspectHalfSent()
    this.#noteTry(posId, delivery, { isRecorded: true })
    if (delivery === 'abandoned' || delivery === 'not_sent' || delivery === 'failed') return { kind: 'stops' }
    if (wasProbe) {
      // The OFD is back, so no till waits out the outage's backoff.
      lanes.endBackoffs()
      loop.nudge()
    }
    if (next) return { kind: 'next', turn: next }
    return givesWay() ? { kind: 'stops' } : this.#look(posId)
  }

  #noteTry(posId: string, delivery: Delivery, { isRecorded }: { isRecorded: boolean }): void {
    const { lanes, passes, moved } = this.deps
    // A try that failed here would fail again at once.
    const triedAgain = passes.current.tried(posId, delivery) && isRecorded
    if (delivery === 'abandoned' || delivery === 'not_sent') return
    if (delivery === 'failed') lanes.failed(posId, { triedAgain, isRecorded })
    else lanes.movedOn(posId)
    moved.notify()
  }
}
