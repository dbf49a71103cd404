import type { Clock } from '@kkt/platform/clock.ts'

/** A start waits so long for the receipts that a crash left unclear. A register may be silent for longer, and tills wait meanwhile. */
const RECOVERY_MS = 3000

/** The settling of all that a crash left unclear. A start does not wait for it for ever. */
export class Recovery {
  #underWay: Promise<void> = Promise.resolve()

  constructor(private readonly clock: Clock) {}

  /** Resolves when none is under way, because the KKT is asked for one thing at a time. */
  get ended(): Promise<void> {
    return this.#underWay
  }

  /** @param settle never rejects. It begins nothing more once the signal is aborted, and the rest is left to later turns */
  async begin(settle: (late: AbortSignal) => Promise<void>): Promise<void> {
    const [late, settled] = [new AbortController(), new AbortController()]
    this.#underWay = settle(late.signal).finally(() => settled.abort())
    await this.clock.wait(RECOVERY_MS, settled.signal)
    late.abort()
  }
}
