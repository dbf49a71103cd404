/// <reference lib="deno.ns" />
import type { Way } from './send.ts'

/** Deno's clients take these up when they are made, and cannot be told otherwise. */
const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY']
for (const name of PROXY_VARIABLES.flatMap((name) => [name, name.toLowerCase()])) Deno.env.delete(name)

/** One for each proxy, for it keeps the connections. */
const clients = new Map<string, Deno.HttpClient>()

function clientThrough(url: string): Deno.HttpClient {
  const client = clients.get(url) ?? Deno.createHttpClient({ proxy: { url } })
  clients.set(url, client)
  return client
}

/** Deno unpacks no more of an answer than is read of it. */
export const fetchInit = ({ proxy }: Way): RequestInit & { client?: Deno.HttpClient } =>
  proxy === null ? {} : { client: clientThrough(proxy) }
