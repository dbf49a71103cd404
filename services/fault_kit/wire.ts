/** Requests and answers of calls, kept for whoever looks into one. */

/** More than one looks back through by hand, and no more than 20 MB where each is full. */
export const MAX_CALLS_WITH_WIRE = 1000
/** A receipt of some twenty items. What is beyond that would cost memory, and is seldom what one looks for. */
const MAX_PIECE_LENGTH = 4096

/** A piece of a text, and how long the whole is. Lengths are in UTF-16 units. */
type Piece = { text: string; length: number }
export type Answer = Readonly<Record<string, unknown>> | string
export type Wire = {
  /** Null where there was no body, or none that is text. */
  sent: Piece | null
  /** As it was handed over, so that it is written out for those only who look at it. Null where nothing was answered. */
  answered: Answer | null
  /** Each fault that struck, in order. */
  struck: string[]
}

export const emptyWire = (): Wire => ({ sent: null, answered: null, struck: [] })

export function pieceOf(text: string): Piece {
  if (text.length <= MAX_PIECE_LENGTH) return { text, length: text.length }
  // Through bytes: a slice would keep the whole text in memory.
  const copied = Buffer.from(text.slice(0, MAX_PIECE_LENGTH)).toString()
  return { text: copied, length: text.length }
}

/** As the control side tells it. @param summaryOf what a fault does, by its name */
export const shownWire = ({ sent, answered, struck }: Wire, summaryOf: (fault: string) => string) => ({
  sent,
  answered: answered === null ? null : pieceOf(typeof answered === 'string' ? answered : JSON.stringify(answered)),
  struck: struck.map((fault) => ({ fault, summary: summaryOf(fault) })),
})
