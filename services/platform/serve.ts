import { type Clock, systemClock } from './clock.ts'
import { IncomingRequest } from './listener/incoming.ts'
import { LIMITS, type Limits } from './listener/limits.ts'
import type { Handle } from './listener/line.ts'
import { Listener } from './listener/listener.ts'

export type { Handle } from './listener/line.ts'

/**
 * What an app's outermost Elysia is made with. Without it Elysia takes a Host of three letters or fewer and no port for a
 * path, and finds no route: `http://ofd/…` is a usual name in a Compose network.
 */
export const ANY_HOST = { handler: { standardHostname: false } }

export type ListenOptions = {
  hostname: string
  /** 0 picks a free one. */
  port: number
  /** Those that are not to be as in `LIMITS`. */
  limits?: Partial<Limits>
  /** By which clients' time is limited. @default systemClock */
  clock?: Clock
  /** Told of each connection that finds no room. */
  onFull?: () => void
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
  reopen(): Promise<void>
  /** The client's end of a request's connection, `address:port`; null for a request that came on none. */
  peerOf(request: Request): string | null
  /** The clients' ends of all connections that are open now. */
  openPeers(): readonly string[]
  /**
   * Sends these bytes as they are on a request's connection, and then FIN: nothing more reaches the client, whatever is
   * answered.
   * @returns false where the connection is gone; nothing is sent then
   */
  endWith(request: Request, bytes: Uint8Array): boolean
  /**
   * Sends these bytes as they are on a request's connection, ahead of its answer.
   * @returns false where the connection is gone
   */
  sendOn(request: Request, bytes: Uint8Array): boolean
}

/**
 * Listens for HTTP/1.1 on a TCP port. A handler that throws has its connection reset. A response whose body comes bit by bit
 * is marked by `streamed` (listener/answering.ts).
 * @throws CannotListen
 */
export const serve = (handle: Handle, options: ListenOptions): Promise<Listening> => openPort(handle, options)

/** The same, with a hold on the port and its connections. @throws CannotListen */
export async function openPort(handle: Handle, options: ListenOptions): Promise<Port> {
  const { hostname, limits, clock = systemClock, onFull = () => undefined } = options
  const open = async (port: number) => {
    const listener = new Listener({ handle, limits: { ...LIMITS, ...limits }, clock, onFull })
    try {
      return { listener, port: await listener.listen(port, hostname) }
    } catch (error) {
      throw new CannotListen({ hostname, port }, error)
    }
  }
  let { listener, port } = await open(options.port)
  let stopped: Promise<void> | undefined
  return {
    port,
    stop: (how) => {
      stopped ??= listener.stop(how ?? 'answered')
      return stopped
    },
    reopen: async () => {
      listener = (await open(port)).listener
      stopped = undefined
    },
    peerOf: (request) => lineOf(request)?.socket.peer ?? null,
    openPeers: () => listener.lines.peers,
    endWith: (request, bytes) => {
      const socket = openSocketOf(request)
      socket?.write(bytes)
      socket?.end()
      return socket !== null
    },
    sendOn: (request, bytes) => {
      const socket = openSocketOf(request)
      socket?.write(bytes)
      return socket !== null
    },
  }
}

const lineOf = (request: object) => (request instanceof IncomingRequest ? request.line : null)

function openSocketOf(request: object) {
  const socket = lineOf(request)?.socket
  return socket?.isWritable ? socket : null
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
