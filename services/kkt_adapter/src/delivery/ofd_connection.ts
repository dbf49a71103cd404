import type { Clock } from '@kkt/platform/clock.ts'
import type { Connection } from '@kkt/platform/fetch.ts'
import { retryAfterMs } from './retry_after.ts'

/** The longest that a runtime keeps a connection that nothing goes over: Bun 5 minutes, Deno 90 seconds. */
const POOL_KEEPS_MS = 300_000

/** No machine that loses its power answers again within so short a time. */
const PROVEN_MS = 1000

/** Connections that were never made. Anything else that fails may have cut off an OFD at work. */
const NEVER_MADE = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']

export const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** No connection came about, so nothing has left. */
export const neverArrived = (error: unknown): boolean => NEVER_MADE.includes(String(codeOf(error)))

/** A connection of the pool failed before an answer: it may have been dead all along, which says nothing of the OFD. */
export class PooledConnectionLost extends Error {
  override readonly name = 'PooledConnectionLost'
}

type Send = (request: Request, connection: Connection) => Promise<Response>

/**
 * Chooses the connection of each request to the OFD, and hears when the OFD asks to be left alone.
 *
 * A connection of the pool spares two thirds of the processor's time of a fresh one, and a TLS handshake. But one that died
 * with the OFD's machine is told only by its next use. So the pool is used while it brings good answers without a pause;
 * after a failure or a pause all connections are fresh until the runtime has dropped what the pool holds.
 * @param deps.onRetryAfter called with the milliseconds for which the OFD asks to be left alone
 * @returns rejects as `deps.send` does, and with PooledConnectionLost for a POST. Any other request is sent again at once.
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
