import { fetchInit } from '#fetch_init'

export type Way = {
  /** The URL of the HTTP proxy that the request goes through; null: none, whatever HTTP_PROXY and its like say. */
  proxy: string | null
}

/**
 * Sends a request, and gives its answer as it came: a packed one stays packed on Bun, which would unpack it faster than it
 * is read, and 1 MiB of gzip may hold 1 GiB. `readAnswer` refuses those.
 */
export function send(request: Request, way: Way): Promise<Response> {
  request.headers.set('accept-encoding', 'identity')
  return fetch(request, fetchInit(way))
}
