import { fetchOnFresh } from '#fetch'

/**
 * Over which connection a request goes. `pooled`: one that an earlier request has left open, where there is one, which may
 * have died since; `fresh`: one of its own, closed after the answer.
 */
export type Connection = 'pooled' | 'fresh'

/** `fetch`, over a connection of this kind (`#fetch` in package.json, "imports"). */
export const fetchOver = (request: Request, connection: Connection): Promise<Response> =>
  connection === 'fresh' ? fetchOnFresh(request) : fetch(request)
