import type { Handle, Listening, ListenOptions } from './serve.ts'

/** @throws an error with code EADDRINUSE when the port is taken */
export function listen(handle: Handle, { hostname, port, idleTimeoutSeconds }: ListenOptions): Listening {
  const server = Bun.serve({
    fetch: handle,
    hostname,
    port,
    idleTimeout: idleTimeoutSeconds,
    // Bodies are bounded where they are read, with an answer that explains; the runtime's own 413 is bare.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  })
  return {
    port: server.port ?? port,
    stop: async (how) => {
      await server.stop(how === 'now')
    },
  }
}
