import { getCACertificates } from 'node:tls'
import type { Connection, Way } from './fetch.ts'

/** A configured proxy is used even for hosts in NO_PROXY. */
const through = (url: string) => ({ url, respectNoProxy: false })

/** Requests under way when a new pool begins leave their connections in the old one, which nobody closes again. */
const KEEP_ALIVE = { idleTimeout: 4 }

let pool = new Bun.FetchSession({ keepAlive: KEEP_ALIVE })

/** Bun trusts only the authorities that it is given, if any. */
export const authoritiesWith = (ca: string): string[] => [...getCACertificates('default'), ca]

export function send(request: Request, connection: Connection, { proxy, ca }: Way): Promise<Response> {
  if (connection === 'new_pool') {
    pool.close()
    pool = new Bun.FetchSession({ keepAlive: KEEP_ALIVE })
  }
  return pool.fetch(request, {
    // Bun ignores the `keepalive` of a Request, and a `connection` header while the pool has a connection.
    keepalive: connection !== 'fresh',
    proxy: proxy === null ? false : through(proxy),
    // Bun unpacks ahead of the reader.
    decompress: false,
    ...(ca !== null && { tls: { ca: authoritiesWith(ca) } }),
  })
}

export const asReceived = (response: Response): Response => response
