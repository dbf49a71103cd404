/** The limits that a listener sets its clients. Times are checked every `checkMs`, so an end is late by that much at most. */
export type Limits = {
  /** From a request's first byte to the end of its head. */
  headMs: number
  /** From the end of the head to the end of the body. */
  bodyMs: number
  /** For a connection without a request, and for a client that does not take its answer. */
  idleMs: number
  checkMs: number
  /** Open at once, those that wait for an answer included. */
  connections: number
  /** Beyond those, open until they ask for something, or for `checkMs`. Of a crowd that comes at once, so many are heard. */
  turnedAway: number
  headBytes: number
  bodyBytes: number
  /** Of all bodies together that are being received. The first `FREE_BODY_BYTES` of each are not counted. */
  bodiesBytes: number
}

export const LIMITS: Limits = {
  // A till sends both in one packet; over the slowest mobile network that takes a second.
  headMs: 10_000,
  bodyMs: 10_000,
  // Longer than clients keep a connection for the next sale.
  idleMs: 70_000,
  checkMs: 1000,
  // `roomForConnections` leaves these of the fewest descriptors that a system gives.
  connections: 128,
  turnedAway: 32,
  // As Node's.
  headBytes: 16 * 1024,
  bodyBytes: 256 * 1024,
  // 128 of the largest receipts.
  bodiesBytes: 32 * 1024 * 1024,
}

/** A receipt of twenty items fits: however many large bodies are on their way, a till that sells is heard. */
export const FREE_BODY_BYTES = 16 * 1024

/** A connection may send so much ahead while its request is answered. After that it is not read. */
export const AHEAD_BYTES = 64 * 1024

/**
 * A connection this young is not ended to make room for another, unless that one asks for something: its own request may be
 * on the way. When a crowd comes at once, those that are too many are told so instead.
 */
export const FRESH_MS = 100

/** From this share of all connections on, a new one ends the one that has been idle longest. */
export const NEARLY_FULL = 0.9
