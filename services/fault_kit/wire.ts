/** Requests and answers of calls, kept so that people can look at them. */

/** More calls than a person looks through, and at most 20 MB when each is full. */
export const MAX_CALLS_WITH_WIRE = 1000
/** The length of a receipt of twenty items. The rest costs memory and is rarely looked for. */
export const MAX_PIECE_LENGTH = 4096

/** The beginning of a text, and the length of the whole. Lengths are in UTF-16 units. */
type Piece = { text: string; length: number }
export type Answer = Readonly<Record<string, unknown>> | string
export type Wire = {
  /** Null when there was no body, or none that is text. */
  sent: Piece | null
  /** Kept unserialised, so that only a reader pays for the serialising. Null when nothing was answered. */
  answered: Answer | null
  /** Each fault that struck, in order. */
  struck: string[]
}

export const emptyWire = (): Wire => ({ sent: null, answered: null, struck: [] })

export function pieceOf(text: string): Piece {
  if (text.length <= MAX_PIECE_LENGTH) return { text, length: text.length }
  // Copied through bytes: a slice would keep the whole text in memory.
  const copied = Buffer.from(text.slice(0, MAX_PIECE_LENGTH)).toString()
  return { text: copied, length: text.length }
}

/** The wire in the form in which the control side shows it. @param summaryOf a fault's summary, by its name */
export const shownWire = ({ sent, answered, struck }: Wire, summaryOf: (fault: string) => string) => ({
  sent,
  answered: answered === null ? null : pieceOf(typeof answered === 'string' ? answered : JSON.stringify(answered)),
  struck: struck.map((fault) => ({ fault, summary: summaryOf(fault) })),
})
