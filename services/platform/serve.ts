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

/** For who wants to misbehave on it. */
export type Port = Listening & {
  /**
   * Listens again after a stop.
   * @throws CannotListen
   */
  reopen(): void
  /** The client's end of a request's connection, `address:port`; null when it is gone. */
  peerOf(request: Request): string | null
  /** The clients' ends of all connections that are open now; none where the runtime or the system cannot tell. */
  openPeers(): readonly string[]
  /**
   * Sends these bytes as they are on a request's connection, and then FIN: nothing more reaches the client, whatever is
   * answered.
   * @returns false where the runtime or the system cannot do that; nothing is sent then
   */
  endWith(request: Request, bytes: Uint8Array): boolean
  /**
   * Sends these bytes as they are on a request's connection, ahead of its answer.
   * @returns false where the runtime or the system cannot do that
   */
  sendOn(request: Request, bytes: Uint8Array): boolean
}

/**
 * Listens on a TCP port, with the server of the runtime (`#serve` in package.json, "imports").
 * @throws CannotListen
 */
export const serve = (handle: Handle, options: ListenOptions): Listening => openPort(handle, options)

/** The same, with a hold on the port and its connections. @throws CannotListen */
export function openPort(handle: Handle, options: ListenOptions): Port {
  const opened = orTell(options, () => listen(handle, options))
  let stopped: Promise<void> | undefined
  return {
    ...opened,
    stop: (how) => {
      stopped ??= opened.stop(how)
      return stopped
    },
    reopen: () => {
      orTell({ ...options, port: opened.port }, opened.reopen)
      stopped = undefined
    },
  }
}

function orTell<T>(options: ListenOptions, open: () => T): T {
  try {
    return open()
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
