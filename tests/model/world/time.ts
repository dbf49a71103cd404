import type { Clock } from '@kkt/platform/clock.ts'
import type { SimProcess } from './process.ts'

/** What runs in one moment of simulated time ends: no chain of commits, retries and answers is longer. */
const MOST_TURNS = 5000

/** Something goes on for ever without any time passing. */
export class Restless extends Error {
  override readonly name = 'Restless'
}

type Timer = { atMs: number; wake: () => void }

/** The time of a simulated world. It stands still unless a history lets it pass. */
export class SimTime {
  nowMs = 0
  #wallOffsetMs = Date.UTC(2026, 0, 31, 12)
  #timers = new Set<Timer>()
  #tasks: (() => void)[] = []
  /** Called whenever everything waits for time to pass. */
  onRest: () => void = () => undefined

  wallMs = () => Math.floor(this.#wallOffsetMs + this.nowMs)

  /** Sets the wall clock forward or back. What is measured goes on as before. */
  setWallBy(ms: number): void {
    this.#wallOffsetMs += ms
  }

  /** Runs `task` once all that is under way waits for something. */
  soon(task: () => void): void {
    this.#tasks.push(task)
  }

  /** @returns what calls it off */
  after(ms: number, wake: () => void): () => void {
    const timer = { atMs: this.nowMs + ms, wake }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** The clock of a process: while that is paused nothing wakes, though time goes on; and never again once it is dead. */
  clockOf(process: SimProcess): Clock {
    return {
      wallMs: this.wallMs,
      monotonicMs: () => this.nowMs,
      wait: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted) return resolve()
          const done = () => {
            signal?.removeEventListener('abort', done)
            callOff()
            resolve()
          }
          const callOff = this.after(ms, () => process.enter(done))
          signal?.addEventListener('abort', done)
        }),
    }
  }

  /** Resolves when everything waits for time to pass. @throws Restless */
  async rest(): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      // All promises that can go on have gone on by the next turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve))
      const task = this.#tasks.shift()
      if (!task) return this.onRest()
      task()
    }
    throw new Restless(`More than ${MOST_TURNS} commits and answers in one moment`)
  }

  /** Lets time pass, one thing that is due after the other. @throws Restless */
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
