import type { Clock } from '@kkt/platform/clock.ts'
import { errorFields, type Logger } from '@kkt/platform/logger.ts'
import type { Signal } from '@kkt/platform/signal.ts'
import type { Journal } from '../journal/journal.ts'
import type { Gate } from './gate.ts'
import type { Lanes } from './lanes.ts'
import type { LeftBehind } from './left_behind.ts'
import type { TillQueues } from './till_queues.ts'

/** The longest wait for a lane to move: a fallback, because each move is signalled. */
const MOVE_POLL_MS = 1000

type PumpDeps = {
  journal: Journal
  gate: Gate
  lanes: Lanes
  leftBehind: LeftBehind
  queues: TillQueues
  clock: Clock
  logger: Logger
  /** Notified after each tried receipt, and when a till has ended. */
  moved: Signal
  /** The number of tills that may have a receipt on the way at once. */
  maxInFlight: number
}

/** Starts the tills that may send, side by side. */
export class Pump {
  constructor(private readonly deps: PumpDeps) {}

  get isSending(): boolean {
    return this.deps.lanes.sendingCount > 0
  }

  /** Takes up unfinished work once no receipt is on the way. @throws LeaseLost, StorageFailure */
  async takeUp(): Promise<void> {
    if (!this.isSending) await this.deps.leftBehind.takeUp()
  }

  /** Starts every till that may start. @returns whether a receipt is on the way, whose end will be signalled */
  async pump(): Promise<boolean> {
    const { queues, logger } = this.deps
    try {
      await this.takeUp()
      for (const posId of this.#ready()) void queues.send(posId)
    } catch (error) {
      logger.error('sync_failed', errorFields(error))
    }
    return this.isSending
  }

  async pumpWhile(goesOn: () => boolean): Promise<void> {
    while ((await this.pump()) && goesOn()) await this.#change(goesOn)
  }

  /** Resolves when no receipt is on the way, or the condition no longer holds. */
  async waitWhile(goesOn: () => boolean): Promise<void> {
    while (this.isSending && goesOn()) await this.#move()
  }

  /** The tills whose queue may move now, in the order of `Lanes.inLine`. */
  #ready(): string[] {
    const { journal, gate, lanes, maxInFlight } = this.deps
    const opening = gate.openingForSender
    const busy = lanes.sendingCount
    if (opening === 'shut' || (opening === 'one' && busy > 0)) return []
    const isProbe = opening === 'one'
    const ready = lanes.inLine(journal.queries.posIdsToDeliver(), { isProbe })
    return ready.slice(0, isProbe ? 1 : maxInFlight - busy)
  }

  /**
   * Resolves when another till may have to be started. A till that goes on by itself moves for each receipt, and asking
   * the journal for tills reads one row for each till.
   */
  async #change(goesOn: () => boolean): Promise<void> {
    const { gate, lanes } = this.deps
    const now = () => `${gate.openingForSender} ${lanes.sendingCount}`
    const before = now()
    do await this.#move()
    while (goesOn() && now() === before)
  }

  #move(): Promise<void> {
    return this.deps.moved.wait(MOVE_POLL_MS, this.deps.clock)
  }
}
