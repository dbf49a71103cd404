/** A client's connection, as bytes. */
export type ClientSocket = {
  /** The client's end, `address:port`. */
  readonly peer: string
  /** Until its own end was said, or the connection is gone. */
  readonly isWritable: boolean
  /** @returns whether more may be written at once. Where not, `drained` follows, or `closed` */
  write(bytes: Uint8Array): boolean
  /** Ends this side after what was written. The client may still send. */
  end(): void
  /** Ends both sides now; what the client has not taken yet may be lost. `reset`: so that it sees that something broke. */
  destroy(how?: 'reset'): void
  /** Reads no further: the client has to wait. */
  pause(): void
  resume(): void
}

/** The events of one connection. */
export type SocketEvents = {
  heard(bytes: Buffer): void
  drained(): void
  /** The client has ended its side, and may still be answered. */
  ended(): void
  /** Once, as the last. */
  closed(): void
}

/** A port that takes connections. */
export type Door = {
  readonly port: number
  /** Takes no new connection. Those that are open stay. */
  close(): void
}

export type Meet = (socket: ClientSocket) => SocketEvents

/** One spelling for an end that systems spell in several: an IPv4 address may come as one of IPv6. */
export const peerName = (address = '', port = 0) => `${address.replace(/^::ffff:(?=\d+\.)/i, '')}:${port}`
