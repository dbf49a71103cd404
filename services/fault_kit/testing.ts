import { createLogger } from '@kkt/platform/logger.ts'
import type { Port } from '@kkt/platform/serve.ts'

/** A debug logger that keeps its lines. */
export function createKeptLog() {
  const lines: string[] = []
  return { logger: createLogger('test', 'debug', (line) => lines.push(line)), text: () => lines.join('') }
}

type App = { handle(request: Request): Promise<Response> }

/** Sends requests to an app in this process. A body that is not a string is sent as JSON, without a content type. */
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

/** A port that nobody connects to. */
export const noPort: Port = {
  port: 1,
  stop: async () => undefined,
  reopen: async () => undefined,
  peerOf: () => null,
  openConnections: () => 0,
  openPeers: () => [],
  endWith: () => false,
  sendOn: () => false,
}

/** The whole configuration of a mock before anything is configured. */
export const nothingSet = { permanent_failure: false, failure_count: 0 }
