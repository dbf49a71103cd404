import { asReceived, fetchInit } from '#fetch'

/**
 * Over which connection a request goes. `pooled`: one that an earlier request has left open, where there is one, which may
 * have died since; `fresh`: one of its own, closed after the answer.
 */
export type Connection = 'pooled' | 'fresh'

/**
 * Sends a request over a connection of this kind (`#fetch` in package.json, "imports"). A packed answer comes packed, or is
 * unpacked no further than it is read: 1 MiB of gzip may hold 1 GiB. `readAnswer` reads it.
 * @param proxy the URL of the HTTP proxy to go through; null: none, whatever HTTP_PROXY and its like say
 */
export async function fetchOver(
  request: Request,
  connection: Connection,
  proxy: string | null = null,
): Promise<Response> {
  request.headers.set('accept-encoding', 'identity')
  return asReceived(await fetch(request, fetchInit(connection, proxy)))
}
