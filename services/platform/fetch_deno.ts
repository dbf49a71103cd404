/// <reference lib="deno.ns" />

/** Deno has no other way: its `fetch` passes over `keepalive`, and over a `connection` header while the pool has one. */
const ofItsOwn: RequestInit & { client: Deno.HttpClient } = {
  client: Deno.createHttpClient({ poolMaxIdlePerHost: 0 }),
}

export const fetchOnFresh = (request: Request): Promise<Response> => fetch(request, ofItsOwn)
