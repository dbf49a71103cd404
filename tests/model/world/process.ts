import type { SimTime } from './time.ts'

/** A call of a process that was killed: what it wanted to do has not happened. */
export class Killed extends Error {
  override readonly name = 'Killed'
}

/** A process of a simulated machine. What comes to it from outside comes in by `enter`. */
export class SimProcess {
  #state: 'running' | 'paused' | 'dead' = 'running'
  #held: (() => void)[] = []
  #onKill: (() => void)[] = []

  /** @param name as it is called in the journal */
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

  /** Takes a step in the process: now; when it is resumed, where it is paused; never, where it is dead. */
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
