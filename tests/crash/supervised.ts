import type { Clock } from '@kkt/platform/clock.ts'
import type { Service } from './lives.ts'
import { ENDED_MS } from './recoveries.ts'
import { inTime } from './within.ts'

export type SupervisedOptions = {
  /** Completes the sentence "waited for the end of …". */
  name: string
  clock: Clock
  /** Told when a process ends by itself. @default nobody */
  onTrouble?: ((what: string) => void) | undefined
}

/** A process that a run starts again and again: the one that is running, if any. */
export class Supervised {
  #life: Service | null = null

  constructor(private readonly options: SupervisedOptions) {}

  get life(): Service | null {
    return this.#life
  }

  begin(life: Service): void {
    this.#life = life
  }

  /** From now on it is trouble when the process ends by itself. */
  watch(life: Service): void {
    void life.ended.then((how) => {
      if (this.#life === life) this.options.onTrouble?.(`${this.options.name} ended by itself with ${how}`)
    })
  }

  signal(name: NodeJS.Signals): void {
    this.#life?.child.kill(name)
  }

  /** @returns the signal that ended the process, or else its exit code; null where none was running */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<NodeJS.Signals | number | null> {
    const life = this.#life
    this.#life = null
    if (!life) return null
    life.child.kill(signal)
    return await inTime(`the end of ${this.options.name}`, ENDED_MS, this.options.clock, life.ended)
  }
}
