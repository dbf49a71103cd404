import type { Connection } from './fetch.ts'

/** A configured proxy is used even for hosts in NO_PROXY. */
const through = (url: string) => ({ url, respectNoProxy: false })

export const fetchInit = (connection: Connection, proxy: string | null) => ({
  // Bun ignores the `keepalive` of a Request, and a `connection` header while the pool has a connection.
  keepalive: connection === 'pooled',
  proxy: proxy === null ? (false as const) : through(proxy),
  // Bun unpacks ahead of the reader.
  decompress: false,
})

export const asReceived = (response: Response): Response => response
