/** The only place that knows which runtime listens. */

/**
 * What an app's outermost Elysia is made with. Without it Elysia takes a Host of three letters or fewer and no port for a
 * path, and finds no route: `http://ofd/…` is a usual name in a Compose network.
 */
export const ANY_HOST = { handler: { standardHostname: false } }

export type ListenOptions = {
  hostname: string
  /** 0 picks a free one. */
  port: number
  /** A connection without traffic for this long is closed. 0 is never: for handlers that hang on purpose. */
  idleTimeoutSeconds: number
}

export type Listening = {
  port: number
  /** Takes no new connection and resolves when the answers under way are given; `now` cuts them off. */
  stop(how?: 'now'): Promise<void>
}

/**
 * Listens on a TCP port.
 * @throws PortTaken when somebody else listens there
 */
export function serve(
  handle: (request: Request) => Response | Promise<Response>,
  { hostname, port, idleTimeoutSeconds }: ListenOptions,
): Listening {
  try {
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
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw new PortTaken(port)
    throw error
  }
}

export class PortTaken extends Error {
  override readonly name = 'PortTaken'
  constructor(readonly port: number) {
    super(`Port ${port} is taken by another program: stop it, or set PORT to a free one.`)
  }
}
