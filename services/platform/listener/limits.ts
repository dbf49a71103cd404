/** A listener's limits for its clients, checked every `checkMs`: a connection may last that much longer. */
export type Limits = {
  /** From a request's first byte to the end of its head. */
  headMs: number
  /** From the end of the head to the end of the body. */
  bodyMs: number
  /** For a connection without a request, and for a client that does not read its answer. */
  idleMs: number
  checkMs: number
  /** Open at once, including those that wait for an answer. */
  connections: number
  /** Surplus connections, open until a request or for `checkMs`. In a rush, this many get an answer. */
  turnedAway: number
  headBytes: number
  bodyBytes: number
  /** All bodies that are being received together. The first `FREE_BODY_BYTES` of each do not count. */
  bodiesBytes: number
}

export const LIMITS: Limits = {
  // A till sends head and body in one packet, which takes a second over the slowest mobile network.
  headMs: 10_000,
  bodyMs: 10_000,
  // Longer than clients keep a connection for the next sale.
  idleMs: 70_000,
  checkMs: 1000,
  // `roomForConnections` leaves this many when the system has its lowest descriptor limit.
  connections: 128,
  turnedAway: 32,
  // Node's default.
  headBytes: 16 * 1024,
  bodyBytes: 256 * 1024,
  // 128 of the largest receipts.
  bodiesBytes: 32 * 1024 * 1024,
}

/** Enough for a receipt of twenty items, so that a till can sell however many large bodies are being received. */
export const FREE_BODY_BYTES = 16 * 1024

/** The bytes that a client may send ahead while its request is answered. Beyond them the connection is not read. */
export const AHEAD_BYTES = 64 * 1024

export type Fresh = { idleMs: number; securingMs: number }

/**
 * A connection younger than this is not ended to make room for another that has sent no request: its own request may be
 * on the way, or its TLS handshake, which goes to and fro twice. In a rush, the surplus clients get an answer instead.
 */
export const FRESH: Fresh = { idleMs: 100, securingMs: 500 }

/** For a connection that has sent a request: it takes any place where none has been sent. */
export const NONE_FRESH: Fresh = { idleMs: 0, securingMs: 0 }

/** From this share of all connections on, a new connection ends the one that has been idle longest. */
export const NEARLY_FULL = 0.9
