import type { Clock } from './clock.ts'
import { Signal } from './signal.ts'

/**
 * When the next turn follows.
 * - `again`: at once;
 * - `rest`: at a nudge, or after `ms` without one;
 * - `backoff`: after `ms`. A nudge does not shorten it, so that a failed service gets its rest.
 */
export type NextTurn = { kind: 'again' } | { kind: 'rest' | 'backoff'; ms: number }

export type Loop = {
  /** Takes one turn after another until `stop`. The first begins at once. */
  start(): void
  /** Says that there is work. A nudge outside of a rest is kept, and ends the next rest at once. */
  nudge(): void
  /** Aborted by `stop`. A turn that waits must stop waiting then. */
  readonly stopping: AbortSignal
  /** Begins no more turns. Resolves when the current one has ended. */
  stop(): Promise<void>
}

/** @param deps.turn never rejects */
export function createLoop({ clock, turn }: { clock: Clock; turn: () => Promise<NextTurn> }): Loop {
  const end = new AbortController()
  const nudged = new Signal()
  let running: Promise<void> = Promise.resolve()

  async function run(): Promise<void> {
    while (!end.signal.aborted) {
      const next = await turn()
      if (next.kind === 'rest') await nudged.wait(next.ms, clock)
      if (next.kind === 'backoff') await clock.wait(next.ms, end.signal)
    }
  }

  return {
    start() {
      running = run()
    },
    nudge: () => nudged.notify(),
    stopping: end.signal,
    async stop() {
      end.abort()
      nudged.notify()
      await running
    },
  }
}
