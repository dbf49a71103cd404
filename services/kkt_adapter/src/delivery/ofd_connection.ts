import type { Clock } from '@kkt/platform/clock.ts'
import type { Connection } from '@kkt/platform/fetch.ts'
import { retryAfterMs } from './retry_after.ts'

/** The longest that a runtime keeps an idle connection: Bun 5 minutes, Deno 90 seconds. */
const POOL_KEEPS_MS = 300_000

/** No machine answers again this soon after a power cut. */
const PROVEN_MS = 1000

/** The connection was never made. Any other failure may have cut off an OFD at work. */
const NEVER_MADE = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']

export const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** The connection was never made, so nothing was sent. */
export const neverArrived = (error: unknown): boolean => NEVER_MADE.includes(String(codeOf(error)))

/** A pooled connection failed before an answer. It may have died earlier, which says nothing about the OFD. */
export class PooledConnectionLost extends Error {
  override readonly name = 'PooledConnectionLost'
}

type Send = (request: Request, connection: Connection) => Promise<Response>

/**
 * Chooses the connection for each request to the OFD, and passes on the pauses that the OFD asks for.
 * A pooled connection saves two thirds of the processor time of a fresh one, and a TLS handshake. But the client learns
 * only at the next use that a connection died with the OFD's machine. So the pool is used while good answers come
 * without a pause. After a failure or a pause all connections are fresh until the runtime has dropped the pooled ones.
 * @param deps.onRetryAfter called with the pause in milliseconds that the OFD asks for
 * @returns a function that rejects as `deps.send` does, and with PooledConnectionLost for a POST; other methods are
 * sent again at once
 */
export function createOfdSend(deps: {
  send: Send
  clock: Clock
  onRetryAfter: (ms: number) => void
}): (request: Request) => Promise<Response> {
  const { send, clock } = deps
  /** When a connection last went back to the pool, by the monotonic clock. */
  let lastPooledMs = Number.NEGATIVE_INFINITY
  let isDoubted = false

  function choose(): { connection: Connection; mayBeDead: boolean } {
    const idleMs = clock.monotonicMs() - lastPooledMs
    const isEmpty = idleMs > POOL_KEEPS_MS
    if (isEmpty) isDoubted = false
    else if (idleMs > PROVEN_MS) isDoubted = true
    return { connection: isDoubted ? 'fresh' : 'pooled', mayBeDead: !isDoubted && !isEmpty }
  }

  async function sendOnce(request: Request): Promise<Response> {
    const { connection, mayBeDead } = choose()
    try {
      const response = await send(request, connection)
      if (connection === 'pooled') lastPooledMs = clock.monotonicMs()
      if (response.status === 429 || response.status >= 500) isDoubted = true
      return response
    } catch (error) {
      isDoubted = true
      const isLost = mayBeDead && !request.signal.aborted && !neverArrived(error)
      throw isLost ? new PooledConnectionLost('', { cause: error }) : error
    }
  }

  return async (request) => {
    const response = await sendOnce(request).catch((error) => {
      if (request.method === 'POST' || !(error instanceof PooledConnectionLost)) throw error
      return sendOnce(request)
    })
    const waitMs = retryAfterMs(response, clock.wallMs())
    if (waitMs !== null) deps.onRetryAfter(waitMs)
    return response
  }
}
