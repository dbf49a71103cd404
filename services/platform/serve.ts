import { type Clock, systemClock } from './clock.ts'
import { IncomingRequest } from './listener/incoming.ts'
import { LIMITS, type Limits } from './listener/limits.ts'
import type { Handle } from './listener/line.ts'
import { Listener } from './listener/listener.ts'
import type { Identity } from './listener/sockets.ts'

export type { Handle } from './listener/line.ts'

/**
 * The options of an app's outermost Elysia. Without them Elysia takes a Host of three letters or fewer without a port
 * for a path, and finds no route: `http://ofd/…` is a usual name in a Compose network.
 */
export const ANY_HOST = { handler: { standardHostname: false } }

export type ListenOptions = {
  hostname: string
  /** 0 picks a free port. */
  port: number
  /** Speaks TLS, with the certificate that this gives at each connection. Null: without TLS. @default null */
  identity?: (() => Identity) | null
  /** Overrides of `LIMITS`. */
  limits?: Partial<Limits>
  /** The clock for the clients' time limits. @default systemClock */
  clock?: Clock
  /** Called for each connection that finds no place. */
  onFull?: () => void
}

export type Listening = {
  port: number
  /** The number of connections that are open now. */
  openConnections(): number
  /** Takes no new connection. Resolves when current answers are sent; `now` cuts them off. The first call decides. */
  stop(how?: 'now'): Promise<void>
}

/** For mocks that misbehave on the port. */
export type Port = Listening & {
  /**
   * Listens again after a stop.
   * @throws CannotListen
   */
  reopen(): Promise<void>
  peerOf: typeof peerOf
  /** The clients' ends of all connections that are open now. */
  openPeers(): readonly string[]
  /**
   * Sends these raw bytes on a request's connection, and then FIN. Nothing more reaches the client, whatever the
   * handler answers.
   * @returns false when the connection is gone; nothing is sent then
   */
  endWith(request: Request, bytes: Uint8Array): boolean
  /**
   * Sends these raw bytes on a request's connection, ahead of its answer.
   * @returns false when the connection is gone
   */
  sendOn(request: Request, bytes: Uint8Array): boolean
}

/**
 * Listens for HTTP/1.1 on a TCP port, over TLS where there is an `identity`. A handler that throws gets its connection
 * reset. Mark a response whose body comes bit by bit with `streamed` (listener/answering.ts).
 * @throws CannotListen
 */
export const serve = (handle: Handle, options: ListenOptions): Promise<Listening> => openPort(handle, options)

/** Listens as `serve` does, and gives access to the port and its connections. @throws CannotListen */
export async function openPort(handle: Handle, options: ListenOptions): Promise<Port> {
  const { hostname, identity = null, limits, clock = systemClock, onFull = () => undefined } = options
  const open = async (port: number) => {
    const listener = new Listener({ handle, identity, limits: { ...LIMITS, ...limits }, clock, onFull })
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
    peerOf,
    openConnections: () => listener.lines.count,
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

/** The client's end of a request's connection, `address:port`; null for a request without a connection. */
export const peerOf = (request: Request): string | null => lineOf(request)?.socket.peer ?? null

const lineOf = (request: object) => (request instanceof IncomingRequest ? request.line : null)

function openSocketOf(request: object) {
  const socket = lineOf(request)?.socket
  return socket?.isWritable ? socket : null
}

/** The message is for the operator and says which setting to change. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen'
  constructor({ hostname, port }: Pick<ListenOptions, 'hostname' | 'port'>, cause: unknown) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    super(whyNot(code, hostname, port), { cause })
  }
}

function whyNot(code: unknown, hostname: string, port: number): string {
  if (code === 'EADDRINUSE') return `Another program uses port ${port}: stop that program, or set PORT to a free port.`
  if (code === 'EACCES') return `This user may not use port ${port}: set PORT to a port above 1023.`
  return `HOST is "${hostname}": set it to an address of this machine, such as 0.0.0.0 or 127.0.0.1.`
}
