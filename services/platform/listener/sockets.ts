/** A client's connection, as bytes. */
export type ClientSocket = {
  /** The client's end, `address:port`. */
  readonly peer: string
  /** False once this side has ended, or the connection is gone. */
  readonly isWritable: boolean
  /** @returns whether more may be written at once. When false, `drained` or `closed` follows */
  write(bytes: Uint8Array): boolean
  /** Ends this side after the written bytes. The client may still send. */
  end(): void
  /** Ends both sides now; unreceived bytes may be lost. `reset` shows the client that something broke. */
  destroy(how?: 'reset'): void
  /** Stops reading, so that the client has to wait. */
  pause(): void
  resume(): void
}

export type SocketEvents = {
  heard(bytes: Buffer): void
  drained(): void
  /** The client has ended its side. It can still be answered. */
  ended(): void
  /** Called once, as the last event. */
  closed(): void
}

/** A port that takes connections. */
export type Door = {
  readonly port: number
  /** Takes no new connection. Open ones stay. */
  close(): void
}

export type Meet = (socket: ClientSocket) => SocketEvents

/** One spelling for an address that systems spell in several ways: an IPv4 address may come in its IPv6 form. */
export const peerName = (address = '', port = 0) => `${address.replace(/^::ffff:(?=\d+\.)/i, '')}:${port}`
