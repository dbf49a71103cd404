import type { Handle, ListenOptions, Port } from './serve.ts'
import { endConnection } from './serve_bun_end.ts'

/** @throws an error with code EADDRINUSE when the port is taken */
export function listen(handle: Handle, { hostname, port: wanted, idleTimeoutSeconds }: ListenOptions): Port {
  const open = (port: number) =>
    Bun.serve({
      fetch: handle,
      hostname,
      port,
      idleTimeout: idleTimeoutSeconds,
      // Bodies are bounded where they are read, with an answer that explains; the runtime's own 413 is bare.
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    })
  let server = open(wanted)
  const port = server.port ?? wanted
  return {
    port,
    stop: async (how) => {
      await server.stop(how === 'now')
    },
    reopen: () => {
      server = open(port)
    },
    peerOf: (request) => {
      const peer = server.requestIP(request)
      return peer ? `${peer.address}:${peer.port}` : null
    },
    endWith: (request, bytes) => {
      const peer = server.requestIP(request)
      return peer !== null && endConnection({ localPort: port, peer }, bytes)
    },
  }
}
