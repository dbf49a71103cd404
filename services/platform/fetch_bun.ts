/** Bun has no other way: it passes over `keepalive` of a Request, and over a `connection` header while the pool has one. */
export const fetchOnFresh = (request: Request): Promise<Response> => fetch(request, { keepalive: false })
