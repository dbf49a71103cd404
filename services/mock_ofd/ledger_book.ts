import type { Finding } from '@kkt/fault-kit/finding.ts'
import { createNewest } from '@kkt/fault-kit/newest.ts'
import { createRing } from '@kkt/platform/ring.ts'
import { createDocumentsSeen } from './judge/documents_seen.ts'
import type { Submission } from './submission.ts'

/** Documents take memory, so only the newest are kept. */
export const MAX_KEPT_RECEIPTS = 20_000
/** Far more KKTs than a test has. The limit keeps the notes about each from filling the memory. */
export const MAX_KNOWN_SENDERS = 10_000
/** This many receipts, the newest, are recognised when they are sent again. */
const MAX_KNOWN_RECEIPTS = 200_000

export type Taken = {
  ofdId: string
  receivedAtMs: number
  /** The number of submissions that this entry stands for, the first included. */
  timesSent: number
  /** From this time on the OFD says that it has rejected the receipt. */
  rejectedAtMs: number | null
}
export type Known = { receiptId: string; taken: Taken }
export type Entry = Pick<Submission, 'receiptId' | 'posId' | 'kktId' | 'fdNumber' | 'findings'> & {
  taken: Taken
  /** The document's text: one string instead of the dozens of objects it parses into. */
  text: string
}
export type Book = ReturnType<typeof emptyBook>

export const emptyBook = () => ({
  /** In the order of arrival. */
  entries: createRing<Entry>(MAX_KEPT_RECEIPTS),
  firstOf: createNewest<Taken>(MAX_KNOWN_RECEIPTS),
  seen: createDocumentsSeen(),
  highestFenceByKkt: createNewest<number>(MAX_KNOWN_SENDERS),
  calls: 0,
  duplicates: 0,
  outOfOrder: 0,
  staleFence: 0,
  judgedWrong: 0,
})

export const entryOf = (
  taken: Taken,
  { receiptId, posId, kktId, fdNumber, text }: Submission,
  findings: readonly Finding[],
): Entry => ({ taken, receiptId, posId, kktId, fdNumber, findings, text })

export const ofdIdOf = (ordinal: number) => `OFD-${String(ordinal).padStart(6, '0')}`
