import type { Finding } from '@kkt/fault-kit/finding.ts'
import { createNewest } from '@kkt/fault-kit/newest.ts'
import { createRing } from '@kkt/platform/ring.ts'
import { createDocumentsSeen } from './judge/documents_seen.ts'
import type { RegisterDocument } from './register_document.ts'
import type { Submission } from './submission.ts'

/** Documents take memory, so only the newest are kept. */
export const MAX_KEPT_RECEIPTS = 20_000
/** Far more KKTs than a test has. The limit keeps the notes about each from filling the memory. */
export const MAX_KNOWN_SENDERS = 10_000
/** This many receipts, the newest, are recognised when they are sent again. */
const MAX_KNOWN_RECEIPTS = 200_000

export type Taken = {
  ofdId: string
  /** Null for a receipt that did not come from a cash register itself. */
  register: RegisterDocument | null
  receivedAtMs: number
  /** The number of submissions that this entry stands for, the first included. */
  timesSent: number
  /** From this time on the OFD says that it has rejected the receipt. */
  rejectedAtMs: number | null
}
export type Known = { receiptId: string; taken: Taken }
export type Entry = Pick<Submission, 'receiptId' | 'posId' | 'kktId' | 'fnNumber' | 'fdNumber' | 'findings'> & {
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
  /** Taken from cash registers, and no receipts: of shifts, registrations, reports. */
  otherDocuments: 0,
  calls: 0,
  duplicates: 0,
  outOfOrder: 0,
  staleFence: 0,
  judgedWrong: 0,
})

export const entryOf = (
  taken: Taken,
  { receiptId, posId, kktId, fnNumber, fdNumber, text }: Submission,
  findings: readonly Finding[],
): Entry => ({ taken, receiptId, posId, kktId, fnNumber, fdNumber, findings, text })

/** Shift documents and the like are kept, and do not count. */
export const isReceipt = ({ register }: Taken) => register === null || register.kind === 'receipt'

export const ofdIdOf = (ordinal: number) => `OFD-${String(ordinal).padStart(6, '0')}`
