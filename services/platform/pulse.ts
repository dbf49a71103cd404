import type { Clock } from './clock.ts'

export type Pulse = {
  /** Starts the beats; the first comes after one interval. */
  begin(): void
  /** Ends them at once. `begin` starts them again. */
  end(): void
}

/** Calls `beat` again and again between `begin` and `end`. @param deps.beat never rejects */
export function createPulse(deps: { clock: Clock; everyMs: number; beat: () => void | Promise<void> }): Pulse {
  let over = new AbortController()

  async function run({ signal }: AbortController): Promise<void> {
    await deps.clock.wait(deps.everyMs, signal)
    while (!signal.aborted) {
      await deps.beat()
      await deps.clock.wait(deps.everyMs, signal)
    }
  }

  return {
    begin() {
      over = new AbortController()
      void run(over)
    },
    end: () => over.abort(),
  }
}
