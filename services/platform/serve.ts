import { listen } from '#serve'

/**
 * What an app's outermost Elysia is made with. Without it Elysia takes a Host of three letters or fewer and no port for a
 * path, and finds no route: `http://ofd/…` is a usual name in a Compose network.
 */
export const ANY_HOST = { handler: { standardHostname: false } }

export type Handle = (request: Request) => Response | Promise<Response>

export type ListenOptions = {
  hostname: string
  /** 0 picks a free one. */
  port: number
  /**
   * A connection without traffic for this long is closed. 0 is never: for handlers that hang on purpose. Deno knows no
   * such limit, and closes none.
   */
  idleTimeoutSeconds: number
}

export type Listening = {
  port: number
  /**
   * Takes no new connection and resolves when the answers under way are given; `now` cuts them off. The first call
   * decides.
   */
  stop(how?: 'now'): Promise<void>
}

/**
 * Listens on a TCP port, with the server of the runtime (`#serve` in package.json, "imports").
 * @throws PortTaken when somebody else listens there
 */
export function serve(handle: Handle, options: ListenOptions): Listening {
  const { port, stop } = listenOrTell(handle, options)
  let stopped: Promise<void> | undefined
  return {
    port,
    stop: (how) => {
      stopped ??= stop(how)
      return stopped
    },
  }
}

function listenOrTell(handle: Handle, options: ListenOptions): Listening {
  try {
    return listen(handle, options)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw new PortTaken(options.port)
    throw error
  }
}

export class PortTaken extends Error {
  override readonly name = 'PortTaken'
  constructor(readonly port: number) {
    super(`Port ${port} is taken by another program: stop it, or set PORT to a free one.`)
  }
}
