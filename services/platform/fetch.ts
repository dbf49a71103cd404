import { fetchInit } from '#fetch'

/**
 * Over which connection a request goes. `pooled`: one that an earlier request has left open, where there is one, which may
 * have died since; `fresh`: one of its own, closed after the answer.
 */
export type Connection = 'pooled' | 'fresh'

/**
 * Sends a request over a connection of this kind (`#fetch` in package.json, "imports"). The answer comes as it was sent: Bun
 * would unpack a packed one faster than it is read, and 1 MiB of gzip may hold 1 GiB. `readAnswer` refuses those.
 * @param proxy the URL of the HTTP proxy to go through; null: none, whatever HTTP_PROXY and its like say
 */
export function fetchOver(request: Request, connection: Connection, proxy: string | null = null): Promise<Response> {
  request.headers.set('accept-encoding', 'identity')
  return fetch(request, fetchInit(connection, proxy))
}
