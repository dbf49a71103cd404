import { asReceived, send } from '#fetch'

/** The value of the option `ca` by which a TLS client trusts these authorities beside the system's. */
export { authoritiesWith } from '#fetch'

/**
 * The kind of connection for a request.
 * - `pooled`: reuses one that an earlier request left open, if any, which may have died since. On Deno a POST has one of
 *   its own;
 * - `new_pool`: a new one, after which no earlier one is used again. It is left open for later requests;
 * - `fresh`: a new one, closed after the answer.
 */
export type Connection = 'pooled' | 'new_pool' | 'fresh'

/**
 * - `proxy`: the URL of the HTTP proxy. Null: no proxy, whatever HTTP_PROXY and similar variables say;
 * - `ca`: certificates of authorities in PEM form, trusted beside those that the runtime trusts. Null: no others.
 */
export type Way = { proxy: string | null; ca: string | null }

const STRAIGHT: Way = { proxy: null, ca: null }

/**
 * Sends a request, a POST once, over a connection of this kind (`#fetch` in package.json, "imports"). A packed answer is
 * not unpacked beyond the part that is read: 1 MiB of gzip may hold 1 GiB. Read it with `readAnswer`.
 */
export async function fetchOver(request: Request, connection: Connection, way: Way = STRAIGHT): Promise<Response> {
  request.headers.set('accept-encoding', 'identity')
  return asReceived(await send(request, connection, way))
}
