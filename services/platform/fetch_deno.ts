/// <reference lib="deno.ns" />
import type { Connection, Way } from './fetch.ts'

/** Deno's clients read these when they are made; no option turns that off. */
const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']
for (const name of PROXY_VARIABLES.flatMap((name) => [name, name.toLowerCase()])) Deno.env.delete(name)

/** Deno's `fetch` ignores `keepalive`, and a `connection` header while the pool has a connection. */
const NO_POOL = { poolMaxIdlePerHost: 0 }

/** Deno trusts the system's authorities beside those that it is given. */
export const authoritiesWith = (ca: string): string[] => [ca]

/** One client for each kind of connection and way, because the client owns the connections. */
const clients = new Map<string, Deno.HttpClient>()

const nameOf = (connection: 'pooled' | 'fresh', { proxy, ca }: Way) => JSON.stringify([connection, proxy, ca])

function clientOf(connection: 'pooled' | 'fresh', way: Way): Deno.HttpClient {
  const name = nameOf(connection, way)
  const { proxy, ca } = way
  const client =
    clients.get(name) ??
    Deno.createHttpClient({
      ...(connection === 'fresh' && NO_POOL),
      ...(proxy !== null && { proxy: { url: proxy } }),
      ...(ca !== null && { caCerts: authoritiesWith(ca) }),
    })
  clients.set(name, client)
  return client
}

function dropPool(way: Way): void {
  const name = nameOf('pooled', way)
  clients.get(name)?.close()
  clients.delete(name)
}

export function send(request: Request, connection: Connection, way: Way): Promise<Response> {
  if (connection === 'new_pool') dropPool(way)
  // Deno sends any request again, by itself, when a connection of its pool is cut off before the answer. A POST may have
  // taken effect by then.
  const isPooled = connection !== 'fresh' && request.method !== 'POST'
  const init: RequestInit & { client: Deno.HttpClient } = { client: clientOf(isPooled ? 'pooled' : 'fresh', way) }
  return fetch(request, init)
}

/** Deno unpacks an answer as it is read, but leaves the headers as they were. */
export function asReceived(response: Response): Response {
  if (!response.headers.has('content-encoding')) return response
  const { body, status, statusText } = response
  const headers = new Headers(response.headers)
  for (const name of ['content-encoding', 'content-length']) headers.delete(name)
  return new Response(body, { status, statusText, headers })
}
