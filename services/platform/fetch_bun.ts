import type { Connection } from './fetch.ts'

/** A proxy that is asked for is used, whatever NO_PROXY exempts. */
const through = (url: string) => ({ url, respectNoProxy: false })

export const fetchInit = (connection: Connection, proxy: string | null) => ({
  // Bun passes over `keepalive` of a Request, and over a `connection` header while the pool has one.
  keepalive: connection === 'pooled',
  proxy: proxy === null ? (false as const) : through(proxy),
  // Bun unpacks faster than is read.
  decompress: false,
})

export const asReceived = (response: Response): Response => response
