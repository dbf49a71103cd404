import { throwIfInterrupted } from './interruption.ts'

const PAUSE_MS = 25

type Bounds = { withinMs: number; pauseMs?: number; evenWhenInterrupted?: boolean }

/**
 * Waits for a condition. The tests' `eventually` says more when it fails, but needs installed packages.
 * @returns whether it came true in time
 * @throws Interrupted
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { withinMs, pauseMs = PAUSE_MS, evenWhenInterrupted = false }: Bounds,
): Promise<boolean> {
  const startedMs = performance.now()
  for (;;) {
    if (!evenWhenInterrupted) throwIfInterrupted()
    if (await condition()) return true
    if (performance.now() - startedMs > withinMs) return false
    await Bun.sleep(pauseMs)
  }
}
