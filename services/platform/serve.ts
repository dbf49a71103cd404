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
 * @throws CannotListen
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
    throw new CannotListen(options, error)
  }
}

/** Its message is for the operator, and says which setting to change. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen'
  constructor({ hostname, port }: Pick<ListenOptions, 'hostname' | 'port'>, cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    super(whyNot(code, hostname, port), { cause })
  }
}

function whyNot(code: unknown, hostname: string, port: number): string {
  if (code === 'EADDRINUSE') return `Port ${port} is taken by another program: stop it, or set PORT to a free one.`
  if (code === 'EACCES') return `Port ${port} is not allowed to this user: set PORT to one above 1023.`
  return `HOST is "${hostname}": it takes an address of this machine, such as 0.0.0.0 or 127.0.0.1.`
}
