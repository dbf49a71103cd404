import type { Socket, SocketHandler } from 'bun'
import { type ClientSocket, type Door, type Meet, type Place, peerName, type SocketEvents } from './sockets.ts'

/** The code of a TLS failure: of bytes that are no TLS, or of a client that refuses the certificate. `close` follows. */
const TLS_FAILED = 'EPROTO'

/**
 * Bun's own sockets. With `node:net` each request takes 15 µs more of the processor.
 * @throws the system's error, with its code
 */
export async function openDoor({ port, hostname, identity }: Place, meet: Meet): Promise<Door> {
  const place = { port, hostname, allowHalfOpen: true }
  const door =
    identity === null
      ? Bun.listen<BunSocket>({ ...place, socket: handlers(meet, { isSecured: true }) })
      : Bun.listen({ ...place, socket: securing(identity, handlers(meet, { isSecured: false })) })
  return { port: door.port, close: () => door.stop() }
}

const handlers = (meet: Meet, made: { isSecured: boolean }): SocketHandler<BunSocket> => ({
  open: (socket) => {
    socket.data = new BunSocket(socket, meet, made)
  },
  handshake: ({ data }, isDone) => {
    if (isDone) data.secure()
  },
  data: ({ data }, bytes) => data.events.heard(bytes),
  drain: ({ data }) => data.drain(),
  end: ({ data }) => data.events.ended(),
  close: ({ data }) => data?.close(),
  error: fail,
})

/**
 * Begins TLS on each accepted connection, instead of Bun's listener, which keeps its first certificate for ever. That
 * takes 65 µs more for a connection, a tenth of its handshake.
 */
const securing = (identity: Exclude<Place['identity'], null>, inner: SocketHandler<BunSocket>): SocketHandler => ({
  open: (raw) => {
    raw.upgradeTLS({ tls: identity(), socket: inner })
  },
  // The encrypted bytes and their end come here, too.
  data: () => undefined,
  end: () => undefined,
  close: () => undefined,
  error: fail,
})

/** The system's errors come with `close`. This one is a bug in the listener, and no client waits for it. */
function fail(socket: { terminate(): void }, error: Error & { code?: unknown }): void {
  socket.terminate()
  if (error.code === TLS_FAILED) return
  queueMicrotask(() => {
    throw error
  })
}

class BunSocket implements ClientSocket {
  readonly peer: string
  readonly events: SocketEvents
  isSecured: boolean
  /** Written, but not yet taken by the system. */
  #unsent: Buffer[] = []
  #mode: 'open' | 'ending' | 'closed' = 'open'
  readonly #isTls: boolean

  constructor(
    readonly socket: Socket<BunSocket>,
    meet: Meet,
    { isSecured }: { isSecured: boolean },
  ) {
    this.isSecured = isSecured
    this.#isTls = !isSecured
    this.peer = peerName(socket.remoteAddress, socket.remotePort)
    socket.setNoDelay(true)
    this.events = meet(this)
  }

  secure(): void {
    this.isSecured = true
    this.events.secured()
  }

  get isWritable(): boolean {
    return this.#mode === 'open'
  }

  write(bytes: Uint8Array): boolean {
    if (this.#mode !== 'open') return true
    const taken = this.#unsent.length === 0 ? Math.max(this.socket.write(bytes), 0) : 0
    if (taken === bytes.length) return true
    this.#unsent.push(Buffer.from(bytes.buffer, bytes.byteOffset + taken, bytes.length - taken))
    return false
  }

  end(): void {
    if (this.#mode !== 'open') return
    this.#mode = 'ending'
    if (this.#unsent.length === 0) this.socket.shutdown()
  }

  destroy(how?: 'reset'): void {
    this.#mode = 'closed'
    // Over TLS, `close` would wait for a client that does not read.
    const wouldWait = this.#isTls && this.#unsent.length > 0
    if (how === 'reset' || wouldWait) this.socket.terminate()
    else this.socket.close()
  }

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  drain(): void {
    for (let first = this.#unsent[0]; first !== undefined; first = this.#unsent[0]) {
      const taken = Math.max(this.socket.write(first), 0)
      if (taken < first.length) {
        this.#unsent[0] = first.subarray(taken)
        return
      }
      this.#unsent.shift()
    }
    if (this.#mode === 'ending') this.socket.shutdown()
    this.events.drained()
  }

  close(): void {
    this.#mode = 'closed'
    this.#unsent = []
    this.events.closed()
  }
}
