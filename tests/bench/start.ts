import type { Started } from './processes.ts'

/** @returns what a start takes until the process answers that it is well; it is left running */
export async function startTime(start: () => Promise<Started>): Promise<{ startMs: number; started: Started }> {
  const startedMs = performance.now()
  const started = await start()
  const response = await fetch(`${started.url}/v1/health`)
  if (!response.ok) throw new Error(`Health was ${response.status} after the start`)
  return { startMs: performance.now() - startedMs, started }
}
