/// <reference lib="deno.ns" />
import { peerName } from './connection_table.ts'
import type { Handle, ListenOptions, Port } from './serve.ts'

/** @throws an error with code EADDRINUSE when the port is taken */
export function listen(handle: Handle, { hostname, port: wanted }: ListenOptions): Port {
  const peers = new WeakMap<Request, string>()
  const open = (port: number) => {
    const cut = new AbortController()
    // By default it prints where it listens; the services log that themselves.
    const options = { hostname, port, signal: cut.signal, onListen: () => undefined }
    const server = Deno.serve(options, (request, { remoteAddr }) => {
      peers.set(request, peerName({ address: remoteAddr.hostname, port: remoteAddr.port }))
      return handle(request)
    })
    return { cut, server }
  }
  let current = open(wanted)
  const { port } = current.server.addr
  return {
    port,
    stop: async (how) => {
      if (how !== 'now') return await current.server.shutdown()
      current.cut.abort()
      await current.server.finished
    },
    reopen: () => {
      current = open(port)
    },
    peerOf: (request) => peers.get(request) ?? null,
    // Connections are out of reach here. To read the system's list of them takes every permission.
    openPeers: () => [],
    endWith: () => false,
    sendOn: () => false,
  }
}
