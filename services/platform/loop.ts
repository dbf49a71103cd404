import type { Clock } from './clock.ts'
import { Signal } from './signal.ts'

/**
 * When the next turn follows.
 * - `again`: at once;
 * - `rest`: at a nudge, or after `ms` without one;
 * - `backoff`: after `ms`. No nudge makes it sooner: what has failed is left alone.
 */
export type NextTurn = { kind: 'again' } | { kind: 'rest' | 'backoff'; ms: number }

export type Loop = {
  /** Takes one turn after another until `stop`, the first at once. */
  start(): void
  /** Says that there is something to do. One that comes outside of a rest is kept, and ends the next rest at once. */
  nudge(): void
  /** Aborted by `stop`. A turn that waits for something heeds it. */
  readonly stopping: AbortSignal
  /** Begins no more turns, and resolves when the one under way has ended. */
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
      if (next.kind === 'rest') await nudged.wait(next.ms, clock, end.signal)
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
      await running
    },
  }
}
