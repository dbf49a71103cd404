import type { Taking } from '@kkt/fault-kit/fault.ts'
import { createNewest } from '@kkt/fault-kit/newest.ts'
import { checkNumbers, count, LEDGER_ROOM, moment, newestThatFit, recordOf } from '@kkt/fault-kit/saved.ts'
import { type Clock, isoOrNull } from '@kkt/platform/clock.ts'
import { createRing } from '@kkt/platform/ring.ts'
import { z } from 'zod'
import { MAX_TOKEN, type Receipt, receipt } from './schema.ts'

/** Documents take memory, so only the newest are kept. */
const MAX_KEPT_RECEIPTS = 20_000
/** This many receipts, the newest, are recognised when they are sent again. */
const MAX_KNOWN_RECEIPTS = 200_000
/** Far more tills and KKTs than a test has. The limit keeps the notes about each from filling the memory. */
const MAX_KNOWN_SENDERS = 10_000

export type Taken = {
  ofdId: string
  receivedAtMs: number
  /** The number of submissions that this entry stands for, the first included. */
  timesSent: number
  /** From this time on the OFD says that it has rejected the receipt. */
  rejectedAtMs: number | null
}
export type Known = { receiptId: string; taken: Taken }
type Entry = Known & {
  posId: string
  kktId: string
  fdNumber: number
  /** The document's text: one string instead of the dozens of objects it parses into. */
  text: string
}
type Book = ReturnType<typeof emptyBook>
export type ReceiptLedger = ReturnType<typeof createLedger>

const emptyBook = () => ({
  /** In the order of arrival. */
  entries: createRing<Entry>(MAX_KEPT_RECEIPTS),
  firstOf: createNewest<Taken>(MAX_KNOWN_RECEIPTS),
  highestFdByTill: createNewest<number>(MAX_KNOWN_SENDERS),
  highestFenceByKkt: createNewest<number>(MAX_KNOWN_SENDERS),
  calls: 0,
  duplicates: 0,
  outOfOrder: 0,
  staleFence: 0,
})

/** The receipts that the OFD accepted, and the faults it noticed in their order. */
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
    // Parsed again only when it is shown: a look-up of one receipt passes all kept ones.
    get document(): unknown {
      return JSON.parse(text)
    },
  })

  return {
    countCall(): void {
      book.calls += 1
    },

    /** @returns false for a token lower than the highest seen; a sender without a token is let through */
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
     * Takes a receipt once. A receipt that is sent again gets its first outcome.
     * @param text the document's source
     * @param how.again acts as an OFD that does not deduplicate: each submission gets an entry of its own
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
        ofdId: ofdIdOf(book.entries.total() + 1),
        receivedAtMs,
        timesSent: 1,
        rejectedAtMs: rejectedAfterMs === null ? null : receivedAtMs + rejectedAfterMs,
      }
      book.entries.add(entryOf(taken, document, text))
      if (!known) book.firstOf.set(document.receipt_id, taken)
      return { taken, isNew: true }
    },

    find: (receiptId: string): Taken | undefined => book.firstOf.get(receiptId),
    /** The newest kept receipt other than this one. */
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
    savedForm: savedBook.transform((given) => ({
      restore() {
        book = restored(given)
      },
    })),
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

const ofdIdOf = (ordinal: number) => `OFD-${String(ordinal).padStart(6, '0')}`

const savedEntry = z.strictObject({
  ofdId: z.string(),
  receivedAtMs: moment,
  timesSent: z.int().min(1),
  rejectedAtMs: moment.nullable(),
  document: receipt,
})
const savedBook = z
  .strictObject({
    total: count,
    entries: z.array(savedEntry).max(MAX_KEPT_RECEIPTS),
    highestFdByTill: recordOf(z.string().regex(/^\d{16} [A-Za-z0-9._-]{1,64}$/), count, MAX_KNOWN_SENDERS),
    highestFenceByKkt: recordOf(z.string().max(64), z.int().min(0).max(MAX_TOKEN), MAX_KNOWN_SENDERS),
    calls: count,
    duplicates: count,
    outOfOrder: count,
    staleFence: count,
  })
  .superRefine(({ total, entries, duplicates, outOfOrder }, ctx) => {
    checkNumbers(ctx, { list: entries, path: 'entries', total }, ({ ofdId }, ordinal) => ofdId === ofdIdOf(ordinal))
    const again = entries.reduce((sum, { timesSent }) => sum + timesSent - 1, 0)
    const message = 'must be at least what timesSent adds up to'
    if (duplicates < again) ctx.addIssue({ code: 'custom', path: ['duplicates'], message })
    if (outOfOrder > total) ctx.addIssue({ code: 'custom', path: ['outOfOrder'], message: 'must be at most total' })
  })

/** Of receipts whose documents are no longer kept, only the count is saved. */
const saved = ({ entries, firstOf: _, highestFdByTill, highestFenceByKkt, ...counts }: Book) => ({
  ...counts,
  total: entries.total(),
  entries: newestThatFit(entries.all(), LEDGER_ROOM, ({ taken, text }) => ({ ...taken, document: JSON.parse(text) })),
  highestFdByTill: Object.fromEntries(highestFdByTill.all()),
  highestFenceByKkt: Object.fromEntries(highestFenceByKkt.all()),
})

function restored({ total, entries, highestFdByTill, highestFenceByKkt, ...counts }: z.output<typeof savedBook>): Book {
  const book = { ...emptyBook(), ...counts }
  for (const [till, fd] of Object.entries(highestFdByTill)) book.highestFdByTill.set(till, fd)
  for (const [kkt, token] of Object.entries(highestFenceByKkt)) book.highestFenceByKkt.set(kkt, token)
  const kept = entries.map(({ document, ...taken }) => entryOf(taken, document, JSON.stringify(document)))
  book.entries.fill(kept, total)
  for (const { receiptId, taken } of kept) if (!book.firstOf.get(receiptId)) book.firstOf.set(receiptId, taken)
  return book
}
