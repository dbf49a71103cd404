import type { Taking } from '@kkt/fault-kit/fault.ts'
import { createNewest } from '@kkt/fault-kit/newest.ts'
import { createRing } from '@kkt/fault-kit/ring.ts'
import { type Clock, isoOrNull } from '@kkt/platform/clock.ts'
import { z } from 'zod'
import { type Receipt, receipt } from './schema.ts'

/** Documents take memory: the latest are kept. */
const MAX_KEPT_RECEIPTS = 20_000
/** So many receipts, the latest, are known again when they come again. */
const MAX_KNOWN_RECEIPTS = 200_000

export type Taken = {
  ofdId: string
  receivedAtMs: number
  /** How often it came instead of a further entry, itself included. */
  timesSent: number
  /** From then on the OFD says that it has rejected it. */
  rejectedAtMs: number | null
}
/** A receipt that was taken. */
export type Known = { receiptId: string; taken: Taken }
type Entry = Known & {
  posId: string
  kktId: string
  fdNumber: number
  /** The document as it came: one thing to keep instead of the dozens that it is made of. */
  text: string
}
type Book = ReturnType<typeof emptyBook>
export type ReceiptLedger = ReturnType<typeof createLedger>

const emptyBook = () => ({
  /** In the order of arrival. */
  entries: createRing<Entry>(MAX_KEPT_RECEIPTS),
  firstOf: createNewest<Taken>(MAX_KNOWN_RECEIPTS),
  highestFdByTill: new Map<string, number>(),
  highestFenceByKkt: new Map<string, number>(),
  calls: 0,
  duplicates: 0,
  outOfOrder: 0,
  staleFence: 0,
})

/** What the OFD has accepted, and what it noticed. */
export function createLedger(clock: Clock) {
  let book: Book = emptyBook()

  function noteOrder({ pos_id, fiscal_doc }: Receipt): void {
    const till = `${fiscal_doc.fn_number} ${pos_id}`
    const highest = book.highestFdByTill.get(till) ?? 0
    if (fiscal_doc.fiscal_doc_number < highest) book.outOfOrder += 1
    else if (fiscal_doc.fiscal_doc_number > highest) book.highestFdByTill.set(till, fiscal_doc.fiscal_doc_number)
  }

  const isRejected = ({ rejectedAtMs }: Taken) => rejectedAtMs !== null && clock.wallMs() >= rejectedAtMs

  const shown = ({ taken, receiptId, posId, kktId, fdNumber, text }: Entry) => ({
    ofd_id: taken.ofdId,
    receipt_id: receiptId,
    pos_id: posId,
    kkt_id: kktId,
    fiscal_doc_number: fdNumber,
    status: isRejected(taken) ? 'rejected' : 'accepted',
    received_at: isoOrNull(taken.receivedAtMs),
    times_sent: taken.timesSent,
    // Read again only where it is told: whoever asks for one receipt goes through all that are kept.
    get document(): unknown {
      return JSON.parse(text)
    },
  })

  return {
    countCall(): void {
      book.calls += 1
    },

    /** @returns false for a token that a newer one has outdated; a sender without a token is let through */
    admits(kktId: string, token: number | undefined): boolean {
      if (token === undefined) return true
      const highest = book.highestFenceByKkt.get(kktId) ?? 0
      if (token < highest) {
        book.staleFence += 1
        return false
      }
      book.highestFenceByKkt.set(kktId, token)
      return true
    },

    /**
     * Takes a receipt once; sent again it gets what it got the first time.
     * @param text what the document was read from
     * @param how.again as an OFD that does not deduplicate: it gets an entry of its own each time
     */
    take(document: Receipt, text: string, { again, rejectedAfterMs }: Taking): { taken: Taken; isNew: boolean } {
      const known = book.firstOf.get(document.receipt_id)
      if (known) book.duplicates += 1
      else noteOrder(document)
      if (known && !again) {
        known.timesSent += 1
        return { taken: known, isNew: false }
      }
      const receivedAtMs = clock.wallMs()
      const taken: Taken = {
        ofdId: `OFD-${String(book.entries.total() + 1).padStart(6, '0')}`,
        receivedAtMs,
        timesSent: 1,
        rejectedAtMs: rejectedAfterMs === null ? null : receivedAtMs + rejectedAfterMs,
      }
      book.entries.add(entryOf(taken, document, text))
      if (!known) book.firstOf.set(document.receipt_id, taken)
      return { taken, isNew: true }
    },

    find: (receiptId: string): Taken | undefined => book.firstOf.get(receiptId),
    /** The latest that is kept of all others. */
    otherThan: (receiptId: string): Known | undefined =>
      book.entries.all().findLast((entry) => entry.receiptId !== receiptId),
    isRejected,

    keptAtMost: MAX_KEPT_RECEIPTS,
    count: () => book.entries.total(),
    list: () => book.entries.all().map(shown),

    counters: () => ({
      call_count: book.calls,
      receipts_received: book.entries.total(),
      duplicates: book.duplicates,
      out_of_order: book.outOfOrder,
      stale_fence: book.staleFence,
    }),

    reset(): void {
      book = emptyBook()
    },

    saved: () => saved(book),
    savedSchema: savedBook,
    restore(given: unknown): void {
      book = restored(savedBook.parse(given))
    },
  }
}

const entryOf = (taken: Taken, document: Receipt, text: string): Entry => ({
  taken,
  receiptId: document.receipt_id,
  posId: document.pos_id,
  kktId: document.kkt_id,
  fdNumber: document.fiscal_doc.fiscal_doc_number,
  text,
})

const numbers = z.record(z.string(), z.int())
const savedBook = z.strictObject({
  total: z.int(),
  entries: z
    .array(
      z.strictObject({
        ofdId: z.string(),
        receivedAtMs: z.number(),
        timesSent: z.int(),
        rejectedAtMs: z.number().nullable(),
        document: receipt,
      }),
    )
    .max(MAX_KEPT_RECEIPTS),
  highestFdByTill: numbers,
  highestFenceByKkt: numbers,
  calls: z.int(),
  duplicates: z.int(),
  outOfOrder: z.int(),
  staleFence: z.int(),
})

/** Of receipts whose documents are no longer kept, only how many there were. */
const saved = ({ entries, firstOf: _, highestFdByTill, highestFenceByKkt, ...counts }: Book) => ({
  ...counts,
  total: entries.total(),
  entries: entries.all().map(({ taken, text }) => ({ ...taken, document: JSON.parse(text) })),
  highestFdByTill: Object.fromEntries(highestFdByTill),
  highestFenceByKkt: Object.fromEntries(highestFenceByKkt),
})

function restored({ total, entries, highestFdByTill, highestFenceByKkt, ...counts }: z.output<typeof savedBook>): Book {
  const book = {
    ...emptyBook(),
    ...counts,
    highestFdByTill: new Map(Object.entries(highestFdByTill)),
    highestFenceByKkt: new Map(Object.entries(highestFenceByKkt)),
  }
  const kept = entries.map(({ document, ...taken }) => entryOf(taken, document, JSON.stringify(document)))
  book.entries.fill(kept, total)
  for (const { receiptId, taken } of kept) if (!book.firstOf.get(receiptId)) book.firstOf.set(receiptId, taken)
  return book
}
