import type { Clock } from '@kkt/platform/clock.ts'
import { Interrupted, throwIfInterrupted } from '../harness/stack/interruption.ts'
import { inTime, type Work } from './within.ts'

/** A step that takes longer is told of, again and again. */
export const TOLD_EVERY_MS = 30_000

type StepsDeps = {
  clock: Clock
  /** Told how far a long step is. @default nobody */
  onProgress?: ((line: string) => void) | undefined
}

/** The steps to the end of a run. One that fails or is late is a trouble, and the next one is still taken. */
export class Steps {
  readonly troubles: string[] = []

  constructor(private readonly deps: StepsDeps) {}

  /**
   * @param what completes the sentence "waiting for …"
   * @param howFar completes it further
   * @returns null where the step failed
   * @throws Interrupted
   */
  async take<T>(what: string, work: () => Promise<T>, howFar: () => string = () => ''): Promise<T | null> {
    throwIfInterrupted()
    const over = new AbortController()
    const told = this.#tellOf(() => `waiting for ${what}${howFar()}`, over.signal)
    try {
      return await work()
    } catch (error) {
      if (error instanceof Interrupted) throw error
      this.troubles.push(String(error))
      return null
    } finally {
      over.abort()
      await told
    }
  }

  /** The same for work that may take no longer than `ms`. */
  async inTime<T>(what: string, ms: number, work: Work<T>, howFar?: () => string): Promise<T | null> {
    return await this.take(what, () => inTime(what, ms, this.deps.clock, work), howFar)
  }

  async #tellOf(line: () => string, over: AbortSignal): Promise<void> {
    const { clock, onProgress } = this.deps
    while (!over.aborted) {
      await clock.wait(TOLD_EVERY_MS, over)
      if (!over.aborted) onProgress?.(line())
    }
  }
}
