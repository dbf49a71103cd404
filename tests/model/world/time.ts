import { type Clock, waitBy } from '@kkt/platform/clock.ts'
import type { SimProcess } from './process.ts'

/** No chain of commits, retries and answers at one moment of simulated time is longer. */
const MOST_TURNS = 5000

/** Work goes on for ever without any time passing. */
export class Restless extends Error {
  override readonly name = 'Restless'
}

type Timer = { atMs: number; wake: () => void }

/** The time of a simulated world. It stands still until a history lets it pass. */
export class SimTime {
  nowMs = 0
  #wallOffsetMs = Date.UTC(2026, 0, 31, 12)
  /** Earlier offsets, and until when they held. */
  #formerOffsets: { untilMs: number; ms: number }[] = []
  #timers = new Set<Timer>()
  #tasks: (() => void)[] = []
  /** Called whenever everything waits for time to pass. */
  onRest: () => void = () => undefined

  wallMs = () => Math.floor(this.#wallOffsetMs + this.nowMs)

  /** Sets the wall clock forward or back. The monotonic clock goes on. */
  setWallBy(ms: number): void {
    this.#formerOffsets.push({ untilMs: this.nowMs, ms: this.#wallOffsetMs })
    this.#wallOffsetMs += ms
  }

  /** A reading of the wall clock that is earlier than all of the last `ms`, whatever it was set to since. */
  wallBeforeMs(ms: number): number {
    const sinceMs = this.nowMs - ms
    const former = this.#formerOffsets.filter(({ untilMs }) => untilMs >= sinceMs)
    return Math.floor(sinceMs + Math.min(this.#wallOffsetMs, ...former.map((offset) => offset.ms)))
  }

  /** Runs `task` once all work under way waits for something. */
  soon(task: () => void): void {
    this.#tasks.push(task)
  }

  /** @returns a function that cancels it */
  after(ms: number, wake: () => void): () => void {
    const timer = { atMs: this.nowMs + ms, wake }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** A process's clock. It wakes nothing while the process is paused, though time goes on, and never again once it is dead. */
  clockOf(process: SimProcess): Clock {
    const after: Clock['after'] = (ms, work) => this.after(ms, () => process.enter(work))
    return { wallMs: this.wallMs, monotonicMs: () => this.nowMs, after, wait: waitBy(after) }
  }

  /** Resolves when everything waits for time to pass. @throws Restless */
  async rest(): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      // Every promise that can go on has gone on by the next turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve))
      const task = this.#tasks.shift()
      if (!task) return this.onRest()
      task()
    }
    throw new Restless(`More than ${MOST_TURNS} commits and answers in one moment`)
  }

  /** Lets time pass, and wakes each timer in turn. @throws Restless */
  async pass(ms: number): Promise<void> {
    const endMs = this.nowMs + ms
    for (let moment = this.nowMs, turns = 0; ; turns++) {
      await this.rest()
      const next = this.#earliest()
      if (!next || next.atMs > endMs) break
      this.nowMs = Math.max(this.nowMs, next.atMs)
      if (this.nowMs > moment) turns = 0
      moment = this.nowMs
      if (turns > MOST_TURNS) throw new Restless(`More than ${MOST_TURNS} waits of no length in one moment`)
      this.#timers.delete(next)
      next.wake()
    }
    this.nowMs = endMs
  }

  #earliest(): Timer | undefined {
    let earliest: Timer | undefined
    for (const timer of this.#timers) if (!earliest || timer.atMs < earliest.atMs) earliest = timer
    return earliest
  }
}
