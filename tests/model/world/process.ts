import type { SimTime } from './time.ts'

/** Thrown into a killed process. The call that it interrupts has not happened. */
export class Killed extends Error {
  override readonly name = 'Killed'
}

/** A process of a simulated machine. Everything from outside comes in through `enter`. */
export class SimProcess {
  #state: 'running' | 'paused' | 'dead' = 'running'
  #held: (() => void)[] = []
  #onKill: (() => void)[] = []

  /** @param name its name in the journal */
  constructor(
    readonly name: string,
    private readonly time: SimTime,
  ) {}

  get isDead(): boolean {
    return this.#state === 'dead'
  }

  get isPaused(): boolean {
    return this.#state === 'paused'
  }

  /** Takes a step in the process: now, after a resume where it is paused, or never where it is dead. */
  enter(step: () => void): void {
    if (this.#state === 'running') step()
    if (this.#state === 'paused') this.#held.push(step)
  }

  /** Resolves when the process may go on. */
  async mayGoOn(): Promise<void> {
    if (this.#state !== 'running') await new Promise<void>((resolve) => this.enter(resolve))
  }

  pause(): void {
    if (this.#state === 'running') this.#state = 'paused'
  }

  resume(): void {
    if (this.#state !== 'paused') return
    this.#state = 'running'
    for (const step of this.#held) this.time.soon(() => this.enter(step))
    this.#held = []
  }

  /** Ends it as `kill -9` does. */
  kill(): void {
    if (this.#state === 'dead') return
    this.#state = 'dead'
    this.#held = []
    for (const step of this.#onKill) step()
  }

  onKill(step: () => void): void {
    this.#onKill.push(step)
  }
}
