import { type Clock, isoOrNull } from '@kkt/platform/clock.ts'
import type { Receipt } from './schema.ts'

/** `timesSent` is how often it came instead of a further entry, itself included. */
type Entry = { ofdId: string; receivedAtMs: number; timesSent: number; document: Receipt }
export type Taken = Pick<Entry, 'ofdId' | 'receivedAtMs'>
export type ReceiptLedger = ReturnType<typeof createLedger>

const emptyBook = () => ({
  /** In the order of arrival. */
  entries: [] as Entry[],
  firstEntryOf: new Map<string, Entry>(),
  highestFdByTill: new Map<string, number>(),
  highestFenceByKkt: new Map<string, number>(),
  calls: 0,
  duplicates: 0,
  outOfOrder: 0,
  staleFence: 0,
})

/**
 * What the OFD has accepted, and what it noticed.
 * @param onTaken called after each new entry
 */
export function createLedger({ clock, onTaken }: { clock: Clock; onTaken: () => void }) {
  let book = emptyBook()

  function noteOrder({ pos_id, fiscal_doc }: Receipt): void {
    const till = `${fiscal_doc.fn_number} ${pos_id}`
    const highest = book.highestFdByTill.get(till) ?? 0
    if (fiscal_doc.fiscal_doc_number < highest) book.outOfOrder += 1
    book.highestFdByTill.set(till, Math.max(highest, fiscal_doc.fiscal_doc_number))
  }

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
     * @param options.again as an OFD that does not deduplicate: it gets an entry of its own each time
     */
    take(document: Receipt, { again }: { again: boolean }): Taken {
      const known = book.firstEntryOf.get(document.receipt_id)
      if (known) book.duplicates += 1
      else noteOrder(document)
      if (known && !again) {
        known.timesSent += 1
        return known
      }
      const ofdId = `OFD-${String(book.entries.length + 1).padStart(6, '0')}`
      const entry: Entry = { ofdId, receivedAtMs: clock.wallMs(), timesSent: 1, document }
      book.entries.push(entry)
      if (!known) book.firstEntryOf.set(document.receipt_id, entry)
      onTaken()
      return entry
    },

    find: (receiptId: string): Taken | undefined => book.firstEntryOf.get(receiptId),

    count: () => book.entries.length,

    list: (posId: string | undefined) =>
      book.entries
        .filter(({ document }) => posId === undefined || document.pos_id === posId)
        .map(({ ofdId, receivedAtMs, timesSent, document }) => ({
          ofd_id: ofdId,
          receipt_id: document.receipt_id,
          pos_id: document.pos_id,
          fiscal_doc_number: document.fiscal_doc.fiscal_doc_number,
          received_at: isoOrNull(receivedAtMs),
          times_sent: timesSent,
          document,
        })),

    counters: () => ({
      call_count: book.calls,
      receipts_received: book.entries.length,
      duplicates: book.duplicates,
      out_of_order: book.outOfOrder,
      stale_fence: book.staleFence,
    }),

    reset(): void {
      book = emptyBook()
    },
  }
}
