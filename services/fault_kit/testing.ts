/** What the unit tests of the kit and of both mocks share. */
import type { Clock } from '@kkt/platform/clock.ts'
import { createLogger } from '@kkt/platform/logger.ts'

/** A clock that stands still until a test moves it. */
export function createHandClock(startMs: number) {
  let nowMs = startMs
  const sleepers = new Set<{ untilMs: number; wake: () => void }>()
  const clock: Clock = {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs,
    wait: (ms, signal) => {
      if (signal?.aborted) return Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      const sleeper = { untilMs: nowMs + ms, wake: resolve }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', resolve.bind(undefined, undefined))
      return promise.finally(() => sleepers.delete(sleeper))
    },
  }
  return {
    clock,
    advance: (ms: number) => {
      nowMs += ms
      for (const sleeper of sleepers) if (sleeper.untilMs <= nowMs) sleeper.wake()
    },
    sleepers: () => sleepers.size,
  }
}

/** A debug logger that keeps its lines. */
export function createKeptLog() {
  const lines: string[] = []
  return { logger: createLogger('test', 'debug', (line) => lines.push(line)), text: () => lines.join('') }
}

type App = { handle(request: Request): Promise<Response> }

/** Asks an app in this process. A body that is no string is sent as JSON, without a content type. */
export const asking =
  (app: App) =>
  async (
    method: string,
    path: string,
    body?: unknown,
    init: { headers?: Record<string, string>; signal?: AbortSignal } = {},
  ) => {
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const response = await app.handle(new Request(`http://localhost${path}`, { method, ...sent, ...init }))
    return { status: response.status, headers: response.headers, body: await response.json() }
  }

/** Lets everything that is ready to run do so. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
