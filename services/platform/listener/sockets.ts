/** A client's connection, as bytes. */
export type ClientSocket = {
  /** The client's end, `address:port`. */
  readonly peer: string
  /** False until a TLS handshake is done. Nothing can be written before. Always true on a connection without TLS. */
  readonly isSecured: boolean
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
  /** The TLS handshake is done. Never called on a connection without TLS. */
  secured(): void
  heard(bytes: Buffer): void
  drained(): void
  /** The client has ended its side. It can still be answered. */
  ended(): void
  /** Called once, as the last event. */
  closed(): void
}

/** A certificate, with those that vouch for it behind it, and its private key: both in PEM form. */
export type Identity = { cert: string; key: string }

/** `identity`: asked at each connection, which speaks TLS with it. Null: without TLS. */
export type Place = { port: number; hostname: string; identity: (() => Identity) | null }

/** A port that takes connections. */
export type Door = {
  readonly port: number
  /** Takes no new connection. Open ones stay. */
  close(): void
}

export type Meet = (socket: ClientSocket) => SocketEvents

/** One spelling for an address that systems spell in several ways: an IPv4 address may come in its IPv6 form. */
export const peerName = (address = '', port = 0) => `${address.replace(/^::ffff:(?=\d+\.)/i, '')}:${port}`
