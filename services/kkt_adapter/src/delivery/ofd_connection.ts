import type { Clock } from '@kkt/platform/clock.ts'
import type { Connection } from '@kkt/platform/fetch.ts'
import { certificateFault } from '@kkt/platform/peer_certificate.ts'
import { retryAfterMs } from './retry_after.ts'

/** No machine answers again this soon after a power cut. */
const PROVEN_MS = 1000

/** The connection was never made. Any other failure may have cut off an OFD at work. */
const NEVER_MADE = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']

export const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

/** The connection was never made, or the OFD's certificate not trusted, so nothing was sent. */
export const neverArrived = (error: unknown): boolean =>
  NEVER_MADE.includes(String(codeOf(error))) || certificateFault(error) !== null

/** A pooled connection failed before an answer. It may have died earlier, which says nothing about the OFD. */
export class PooledConnectionLost extends Error {
  override readonly name = 'PooledConnectionLost'
}

/**
 * The connections that are reused. `answeredAtMs`: the last answer over one of them, by the monotonic clock, or null.
 * `isDoubted`: one failed, or the OFD is in trouble, so the others may be dead, too.
 */
type Pool = { answeredAtMs: number | null; isDoubted: boolean }
const newPool = (): Pool => ({ answeredAtMs: null, isDoubted: false })

type Send = (request: Request, connection: Connection) => Promise<Response>

/**
 * Chooses the connection for each request to the OFD, and passes on the pauses that the OFD asks for.
 * A pooled connection saves two thirds of the processor time of a new one, and a TLS handshake. But the client learns
 * only at the next use that a connection died with the OFD's machine. So the pool is used while good answers come
 * without a pause. After a failure or a pause a new pool begins.
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
  let pool = newPool()

  function choose(): { connection: Connection; mayBeDead: boolean } {
    const idleMs = pool.answeredAtMs === null ? 0 : clock.monotonicMs() - pool.answeredAtMs
    if (!pool.isDoubted && idleMs <= PROVEN_MS) return { connection: 'pooled', mayBeDead: pool.answeredAtMs !== null }
    pool = newPool()
    return { connection: 'new_pool', mayBeDead: false }
  }

  async function sendOnce(request: Request): Promise<Response> {
    const { connection, mayBeDead } = choose()
    // A request that ends after a new pool has begun says nothing about that one.
    const used = pool
    try {
      const response = await send(request, connection)
      used.answeredAtMs = clock.monotonicMs()
      if (response.status === 429 || response.status >= 500) used.isDoubted = true
      return response
    } catch (error) {
      used.isDoubted = true
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
