import { openPeers, peerName } from './connection_table.ts'
import type { Handle, ListenOptions, Port } from './serve.ts'
import { endConnection, sendBytes } from './serve_bun_bytes.ts'

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
  const peerOf = (request: Request) => {
    const peer = server.requestIP(request)
    return peer && peerName(peer)
  }
  const withPeer = (request: Request, act: (peer: string) => boolean) => {
    const peer = peerOf(request)
    return peer !== null && act(peer)
  }
  return {
    port,
    stop: async (how) => {
      await server.stop(how === 'now')
    },
    reopen: () => {
      server = open(port)
    },
    peerOf,
    openPeers: () => openPeers(port),
    endWith: (request, bytes) => withPeer(request, (peer) => endConnection({ localPort: port, peer }, bytes)),
    sendOn: (request, bytes) => withPeer(request, (peer) => sendBytes({ localPort: port, peer }, bytes)),
  }
}
