/// <reference lib="deno.ns" />
import type { Handle, Listening, ListenOptions } from './serve.ts'

/** @throws an error with code EADDRINUSE when the port is taken */
export function listen(handle: Handle, { hostname, port }: ListenOptions): Listening {
  const cut = new AbortController()
  // By default it prints where it listens; the services log that themselves.
  const server = Deno.serve({ hostname, port, signal: cut.signal, onListen: () => undefined }, handle)
  return {
    port: server.addr.port,
    stop: async (how) => {
      if (how !== 'now') return await server.shutdown()
      cut.abort()
      await server.finished
    },
  }
}
